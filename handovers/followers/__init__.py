"""Residents who follow by e-mail, and what they are asked and told."""
