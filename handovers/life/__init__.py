"""From the handing over to the verified repair: every rule that changes an item."""
