"""Which items: filters, facets, options, columns, saved filters, the shortlist, export jobs."""
