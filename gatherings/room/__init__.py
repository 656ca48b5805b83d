"""The open room: attendance, mapping, the ballot, the count and its result."""
