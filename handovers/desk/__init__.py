"""The managers' desk: its pages and files."""
