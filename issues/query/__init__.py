"""Which problems: filters, pages by key, rows as files."""
