"""When a SECRET_KEY is too weak to serve with."""

LEAST_LENGTH = 50
LEAST_DIFFERENT = 10
SENTENCE = (
    "SECRET_KEY is too weak: make one of at least 50 random characters (openssl rand -hex 32), set it and "
    "keep it apart from the backups"
)


def is_weak(key: str) -> bool:
    """Whether somebody could guess it, or it is the one that Django writes into new projects."""
    return len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DIFFERENT or key.startswith("django-insecure-")
