"""The walk on paper: the sheet to print and typing it in."""
