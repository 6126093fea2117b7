"""Sentences that claim something: each carries its kind and the row it speaks of, so that a test can ask the marts.

A page makes no sentence of figures but through `Claim`. The tests hold, for each kind, the condition that must be
true of the marts for the sentence to be said, written apart from the code that says it.
"""

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from reporting.markup import encode


@dataclass(frozen=True)
class Claim:
    """A sentence or title: text and figures in turn, its kind, and what finds the rows it was made from."""

    kind: str
    parts: tuple
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(str(part) for part in self.parts)

    @property
    def attributes(self) -> Markup:
        """What an element that holds the sentence says of it."""
        return Markup(' data-claim="{}" data-about="{}"').format(self.kind, encode(self.about))

    def __html__(self) -> Markup:
        return Markup("").join(escape(part) for part in self.parts)

    def __str__(self) -> str:
        return self.text


def claim(kind: str, *parts: Any, **about: Any) -> Claim:
    """A sentence of a kind, made of text and figures, about the row that the keywords name."""
    return Claim(kind, parts, about)
