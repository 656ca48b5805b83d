"""How a problem enters and changes: registration, transitions, edits, merging, seals."""
