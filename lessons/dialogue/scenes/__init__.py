"""Scenes, one file each: what is shown there and what an answer leads to."""
