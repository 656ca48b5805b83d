"""The office's inbox: what waits for a person, and the decision."""
