"""The residents' door, `/informar/`: where, what is known there, what happens, and a private link."""
