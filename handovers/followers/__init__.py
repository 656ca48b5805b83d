"""Residents who follow by e-mail: what they are sent and asked."""
