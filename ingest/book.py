"""A file of unknown origin opened for a look: its sheets, the text above its tables, and the dates it gives itself."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text, open_workbook, read_rows

TABLES = (".csv", ".xls", ".xlsx", ".ods")
KNOWN_ENDINGS = (*TABLES, ".json")
FIRST_ROWS = 40
# What the text of these publications is made of; the encoding that gives the least of anything else is the one.
EXPECTED = re.compile(r"[\x20-\x7e\r\n\t£–—‘’“”…•°éâô]")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# “Last updated: 12 December 2024”, and not “will be published on” some other day.
_SAID = re.compile(
    r"(?<!be )\b(?:updated|published|released|publication date|release(?: date)?)\b[^.\d]{0,25}"
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTHS}),? (\d{{4}})\b",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(r"(?<!\d)(\d{1,2})-([A-Z][a-z]{2})-(\d{4})(?!\d)")
# “Year ending 31 March 2024” and FY2324 are 2023-24.
_YEAR_ENDING = re.compile(r"\byear end(?:ing|ed):? (?:\d{1,2}(?:st)? )?March,? (20\d\d)\b", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\bFY ?(\d\d)[-/ ]?(\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)[-–/_ ]?(?:to[-_ ]?)?(?:20)?(\d\d)(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Book:
    """The sheets of one file by name (`` for CSV), and the encoding a CSV file was read with."""

    path: Path
    sheets: dict[str, Rows] = field(default_factory=dict)
    encoding: str = "utf-8-sig"
    lists: dict | None = None

    @classmethod
    def open(cls, path: Path) -> "Book":
        """Open a table or a JSON file. Raises InputError when it is neither, or damaged."""
        ending = path.suffix.lower()
        if ending == ".csv":
            encoding = encoding_of(path.read_bytes())
            return cls(path, {"": read_rows(path, None, encoding)}, encoding)
        if ending == ".json":
            try:
                return cls(path, lists=json.loads(path.read_text(encoding="utf-8")))
            except ValueError as error:
                raise _not_known(path, f"it is no JSON ({error})") from error
        if ending not in TABLES:
            raise _not_known(path, "it is neither a spreadsheet nor a CSV file")
        return cls(path, {name: read_rows(path, name) for name in open_workbook(path).sheet_names})

    def above(self, sheet: str, header: int) -> list[str]:
        """Texts above a 1-based header row, in order."""
        return [text for row in self.sheets[sheet][: header - 1] for text in map(cell_text, row) if text]

    @cached_property
    def front(self) -> list[str]:
        """Texts of the first rows of every sheet: what the file says of itself anywhere."""
        return [t for rows in self.sheets.values() for row in rows[:FIRST_ROWS] for t in map(cell_text, row[:12]) if t]

    @property
    def published_on(self) -> str | None:
        """The latest day the file says it was published or updated, or its name carries; ISO, or none."""
        said = [_SAID.search(text) for text in self.front]
        dates = [_iso(date[1], date[2][:3], date[3]) for date in said if date]
        named = _SHORT_DATE.search(self.path.name)
        return max([*dates, *([_iso(*named.groups())] if named else [])], default=None)


def financial_years(texts: list[str]) -> list[str]:
    """Financial years named in some texts, each once, in order: `2023-24`, `2023 to 2024`, `202324`, `FY2324` and `year
    ending 31 March 2024` alike."""
    found = []
    for text in texts:
        pairs = [*_YEAR.findall(text), *((f"20{start}", end) for start, end in _SHORT_YEAR.findall(text))]
        pairs += [(str(int(end) - 1), end[2:]) for end in _YEAR_ENDING.findall(text)]
        found += [f"{start}-{end}" for start, end in pairs if (int(start) + 1) % 100 == int(end)]
    return list(dict.fromkeys(found))


def encoding_of(content: bytes) -> str:
    """The encoding of a CSV file's content: UTF-8, or the one of the old ones that gives the most likely text."""
    for encoding in ("utf-8-sig", "utf-16"):
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            content.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    odd = {name: len(EXPECTED.sub("", content.decode(name, "replace"))) for name in ("cp1252", "mac_roman")}
    return min(odd, key=lambda name: odd[name])


def headers_of(rows: Rows, number: int) -> dict[int, str]:
    """Headers of a 1-based row by 1-based position, white space folded; blanks left out."""
    texts = {n: " ".join(cell_text(cell).split()) for n, cell in enumerate(rows[number - 1], start=1)}
    return {n: text for n, text in texts.items() if text}


def _iso(day: str, month: str, year: str) -> str:
    months = [name[:3].lower() for name in _MONTHS.split("|")]
    return f"{year}-{months.index(month.lower()) + 1:02d}-{int(day):02d}"


def _not_known(path: Path, what: str) -> InputError:
    return InputError(
        Problem(file=path.name, what=what, remedy="give the publisher's own file, or its table saved as .xlsx or .csv")
    )
