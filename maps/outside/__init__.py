"""What other programs and sites get: what they may ask, what they may read, how a link looks there."""
