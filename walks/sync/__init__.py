"""What tablets send: devices, envelopes, inbox, projection, photos, reconciliation."""
