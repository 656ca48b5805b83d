"""The tablet app: its shell, its texts, what it keeps for working without network."""
