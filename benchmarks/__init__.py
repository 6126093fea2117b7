"""Measurements and long proofs, each a script: `python -m benchmarks.<name> --help`."""
