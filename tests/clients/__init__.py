"""Programs of others that read our interfaces (`make weekly`)."""
