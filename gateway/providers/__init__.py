"""Providers, one file each; each exports ``provider``. All that is known about one is in its file."""
