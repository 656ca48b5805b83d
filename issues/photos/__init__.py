"""Pictures of problems: intake, review, delivery."""
