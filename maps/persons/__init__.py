"""Personal data: one register, and what comes from it."""
