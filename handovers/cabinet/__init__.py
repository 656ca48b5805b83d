"""The cabinet: the next list, how the promises stand, what is silent."""
