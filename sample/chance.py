"""Repeatable chance: numbers drawn from a name, the same on every machine and in every Python version."""

import hashlib


def draw(low: int, high: int, *name: object) -> int:
    """A whole number from `low` to `high`, both included, fixed by the words of its name."""
    digest = hashlib.sha256("|".join(str(word) for word in name).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)


def scaled(amount: int, low_percent: int, high_percent: int, *name: object) -> int:
    """An amount made a drawn number of per cent of itself, in whole numbers, rounded towards minus infinity."""
    return amount * draw(low_percent * 100, high_percent * 100, *name) // 10_000
