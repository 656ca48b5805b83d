"""The weights of the public index and their versions."""
