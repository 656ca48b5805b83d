"""The base map: its source, its archive read by ranges."""
