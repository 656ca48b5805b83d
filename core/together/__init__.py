"""Two at once: forms done once, told when stale, and database work begun again."""
