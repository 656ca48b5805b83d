"""The rules of the city list: pure functions that import no Django."""
