"""A chart as data: what it says, what it is drawn from, the table under it. Drawing happens in the browser."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from reporting.claims import Claim
from reporting.markup import Table


@dataclass
class Chart:
    """One chart of a page.

    `title` states the finding; `subtitle` gives measure, unit, place and year; `alt` says what the chart shows.
    `kind` names the drawing in static/charts.js; `data` is what it draws, with coordinates rounded for the
    screen: exact amounts stand in `table`. `choices` are the titles by statement and last year that a reader may
    choose, each made of those years alone: static/periods.js draws the chart for one of them.
    """

    identifier: str
    kind: str
    title: Claim | str
    subtitle: str
    alt: str
    source: str
    data: dict[str, Any]
    table: Table | None = None
    notes: list[str] = field(default_factory=list)
    is_wide: bool = False
    is_wide_on_paper: bool = False
    is_table_open: bool = False
    choices: list[tuple[str, str, Claim | str]] = field(default_factory=list)

    @property
    def title_attributes(self) -> Markup:
        """What the title's element says of the claim it makes, nothing where the title names the subject alone."""
        return self.title.attributes if isinstance(self.title, Claim) else Markup("")

    @property
    def json(self) -> Markup:
        return embed(self.data)


def embed(data: Any) -> Markup:
    """JSON that is safe inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_coordinate)
    return Markup(
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _coordinate(value: Any) -> Any:
    """A Decimal becomes a screen coordinate, never a printed figure."""
    if isinstance(value, Decimal):
        return float(round(value, 6))
    raise TypeError(f"{type(value).__name__} cannot be drawn")
