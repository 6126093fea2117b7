"""The one way a published or submitted cell becomes a number, and what is there instead of one.

    cell ─► read_number ─► number | marker (declared in markers.csv) | blank | fault

People write numbers in many ways that mean one thing; those are read. What could mean two things, or has
lost digits, is a fault: the caller rejects the cell and names it. Nothing here is ever turned into zero.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from ingest.limits import FEWEST_FAULTS_THAT_STOP, LARGEST_NUMBER, MOST_FAULTY_CELLS, MOST_FAULTY_SHARE
from ingest.problems import InputError, Problem
from ingest.sheets import Cell, cell_text

MARKERS = Path(__file__).parent / "markers.csv"
EVERY = "every"
BLANK = "blank"
UNREADABLE = "unreadable"

# Plain in every program and every language: what a column of a million amounts is tried with first.
PLAIN = r"^-?([0-9]{1,13}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})(\.[0-9]{1,17})?$"
MOST_PLACES = 17
_PLAIN = re.compile(PLAIN)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_MINUSES = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013"), "-")
# [note 3], [r], (r), *, †, a raised figure, or one letter that publishers print for revised, provisional, estimated.
_NOTE = re.compile(
    r"\s*(\[note \d+\]|\[[a-z]\d?\]|\((?:r|p|e|note \d+)\)|\*+|[†‡§]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+)$|\s+(r|p|e|R|P|E)$", re.IGNORECASE
)
_WHOLE = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)"
_DIGITS = re.compile(rf"(?:{_WHOLE}(?:\.[0-9]*)?|\.[0-9]+)")
# What a formula's rounding leaves near zero is printed as a power of ten; nothing that counts is lost there.
_DUST = re.compile(r"-?[0-9](?:\.[0-9]+)?[eE]-(?:0[5-9]|[1-9][0-9])")
_NUMBERED_NOTE = re.compile(r"\[note \d+\]")
_ERRORS = re.compile(r"#(REF|N/A|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC)[!?]?", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a cell holds: a number with the footnote beside it, a marker (`blank` for nothing), or a fault."""

    number: Decimal | None = None
    note: str = ""
    marker: str | None = None
    fault: str | None = None


_BLANK = Reading(marker=BLANK)


def read_number(cell: Cell, publication: str | None = None) -> Reading:
    """The cell as an exact decimal; its marker, if it is one that `publication` declares; else why it is neither.

    Read: brackets, a minus before or behind, the typographical minus, £, thousands separated by commas or spaces
    in their right places, a footnote mark beside the number. Refused: a decimal comma, `1_234`, `1,2,3,4`,
    other scripts' digits, powers of ten, dates, error values, and numbers beyond `LARGEST_NUMBER`.
    """
    if cell is None or cell == "":
        return _BLANK
    if isinstance(cell, bool):
        return Reading(fault="this is a true-or-false value, not a number")
    if isinstance(cell, date | datetime | time | timedelta):
        return Reading(fault="this is a date or a time, not a number")
    if isinstance(cell, int | float):
        return _in_range(Decimal(repr(cell)))
    if _PLAIN.match(cell):
        return _in_range(Decimal(cell.replace(",", "")))
    text = cell_text(cell)
    if not text:
        return _BLANK
    if _is_marker(text, publication):
        return Reading(marker=text)
    return _read_text(text, cell)


def _read_text(text: str, cell: str) -> Reading:
    if _DUST.fullmatch(text):
        return Reading(Decimal(text))
    if any(not c.isprintable() for c in cell.strip().translate(_SPACES)):
        return Reading(fault="there is a character here that cannot be seen")
    if _ERRORS.fullmatch(text):
        return Reading(fault="a formula gave an error here")
    bare, note = text.translate(_SPACES).translate(_MINUSES), ""
    found = _NOTE.search(bare)
    if found and found.start():
        bare, note = bare[: found.start()].rstrip(), found.group().strip()
    number = _signed(bare)
    if number is None:
        return Reading(fault=_why_not(text, bare))
    reading = _in_range(number)
    return Reading(reading.number, note, fault=reading.fault)


def _signed(text: str) -> Decimal | None:
    """A number with at most one way of saying that it is negative, and at most one pound sign."""
    is_negative, pounds = False, 0
    for opening, closing in (("(", ")"), ("-", ""), ("+", ""), ("", "-"), ("£", ""), ("(", ")"), ("-", ""), ("", "-")):
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing) and (opening or closing):
            if opening == "£":
                pounds += 1
            elif opening == "+":
                if is_negative:
                    return None
            elif is_negative:
                return None
            else:
                is_negative = True
            text = text[len(opening) : len(text) - len(closing)].strip()
    if not _DIGITS.fullmatch(text):
        return None
    try:
        number = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing through that Decimal refuses
        return None
    return -number if is_negative else number


def _in_range(number: Decimal) -> Reading:
    if not number.is_finite():
        return Reading(fault="this is not a finite number")
    if abs(number) > LARGEST_NUMBER:
        return Reading(fault="the number is larger than anything that could be here")
    return Reading(number)


def _why_not(text: str, bare: str) -> str:
    """What makes a text no number, in the words of the person who may have typed it."""
    if any(c.isdigit() and c not in "0123456789" for c in text):
        return "some of its digits are not 0 to 9"
    if re.fullmatch(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+", bare):
        return "the number is written as a power of ten, so its last digits may be lost"
    if re.fullmatch(r"[0-9]{1,4}[-/][0-9]{1,2}([-/][0-9]{1,4})?", bare):
        return "this is a date, or two numbers"
    if re.search(r"[0-9]", text) and not re.search(r"[A-Za-z]", text):
        return "this can be read as more than one number"
    return "this is neither a number nor one of the markers the publication is known to use"


@cache
def _markers() -> dict[str, dict[str, str]]:
    """Marker and meaning by publication; a publication of `every` holds for all."""
    known: dict[str, dict[str, str]] = {}
    with MARKERS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            known.setdefault(row["publication"], {})[row["marker"]] = row["meaning"]
    return known


def _is_marker(text: str, publication: str | None) -> bool:
    if publication is None:
        return False
    marker = _NUMBERED_NOTE.sub("[note #]", text)
    return marker in _markers().get(publication, ()) or marker in _markers()[EVERY]


def is_number(cell: Cell) -> bool:
    """Whether the cell holds a number and nothing else that matters."""
    return read_number(cell).number is not None


def refuse_if_many(faults: list[Problem], cells: int, file: str) -> None:
    """Raise InputError when so many of a file's cells cannot be read that the rest is not to be trusted either."""
    share = max(Decimal(FEWEST_FAULTS_THAT_STOP - 1), MOST_FAULTY_SHARE * cells)
    if len(faults) <= min(Decimal(MOST_FAULTY_CELLS), share):
        return
    shown = faults[:MOST_FAULTY_CELLS]
    summary = Problem(
        file=file,
        what=f"{len(faults):,} of {cells:,} cells that should hold a number cannot be read; "
        f"the first {len(shown)} follow",
        remedy="check that this is the publisher's own file, and that its numbers were not turned into text",
    )
    raise InputError([summary, *shown])


def fault_of(
    reading: Reading, cell: Cell, *, file: str, row: int, column: int, sheet: str | None = None
) -> Problem | None:
    """The reject for a cell that could not be read; None where there is nothing to object to."""
    if reading.fault is None:
        return None
    return Problem(
        file=file,
        sheet=sheet,
        row=row,
        column=column,
        value=cell_text(cell)[:120],
        what=reading.fault,
        remedy="correct the cell; until then nothing is counted here. A marker of the publisher that is new goes into "
        "ingest/markers.csv with its meaning",
    )
