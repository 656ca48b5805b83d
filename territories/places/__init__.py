"""Places people name: read from files, checked, stored."""
