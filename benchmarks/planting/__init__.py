"""Plausible faults planted in copies of the published files, and what the checks of a refresh say of each."""
