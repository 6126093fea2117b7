"""Altered copies of the sample's files, one fault each, and what comes of them at the door."""
