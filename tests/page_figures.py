"""Reads the figures of a page back: each with the mart, column and key that it claims to be."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class PageFigure:
    """One number of a page as its markup addresses it; `text` is what a reader sees."""

    mart: str
    column: str
    key: tuple[tuple[str, str], ...]
    value: str
    is_sum: bool
    text: str


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.figures: list[PageFigure] = []
        self.other_text: list[str] = []
        self._table: dict = {}
        self._row: dict = {}
        self._open: dict | None = None
        self._text = ""
        self._skipped = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in ("script", "style", "head"):
            self._skipped += 1
        elif tag == "table":
            self._table = {"mart": given.get("data-mart"), "key": parse_key(given.get("data-key"))}
        elif tag == "tr":
            self._row = parse_key(given.get("data-key"))
        elif tag == "data" and "data-column" in given:
            self._open, self._text = given, ""

    def handle_endtag(self, tag):
        if tag in ("script", "style", "head"):
            self._skipped -= 1
        elif tag == "table":
            self._table, self._row = {}, {}
        elif tag == "data" and self._open is not None:
            given, self._open = self._open, None
            own = "data-mart" in given
            mart = given["data-mart"] if own else self._table["mart"]
            key = parse_key(given.get("data-key")) if own else {**self._table["key"], **self._row}
            figure = PageFigure(
                mart, given["data-column"], tuple(key.items()), given["value"], "data-sum" in given, self._text
            )
            self.figures.append(figure)

    def handle_data(self, data):
        if self._skipped:
            return
        if self._open is not None:
            self._text += data
        else:
            self.other_text.append(data)


def parse_key(text: str | None) -> dict[str, str]:
    return dict(parse_qsl(text or "", keep_blank_values=True))


def figures_of(html: str) -> list[PageFigure]:
    """Every addressed figure of a page, in order."""
    return read(html)[0]


def read(html: str) -> tuple[list[PageFigure], str]:
    """The addressed figures of a page, and all other visible text."""
    reader = _Reader()
    reader.feed(html)
    return reader.figures, " ".join(reader.other_text)
