"""The minutes of an evening: composed as a draft, frozen when read aloud, signed, published."""
