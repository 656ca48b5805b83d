"""Who may do what: asked about one person, and told in public when a post is given."""
