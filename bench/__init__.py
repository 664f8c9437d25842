"""Benchmarks: ``python3 run.py bench [name]``. Each measures a thing beside its floor, interleaved, and reports ratios."""
