"""Dated sets of boundaries: loaded, reported, put in force, taken back, exported."""
