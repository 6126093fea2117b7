"""The kinds of answer a service map cell can hold: each turns a cell into a value or says what is wrong with it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from openpyxl.cell import Cell

from ingest.submitted.service_maps.map_layout import CHOICES, Field, folded, is_financial_year

SHARE_PLACES = Decimal("0.000000000001")
LARGEST_QUANTITY = 1_000_000
LONGEST_TEXT = {"text": 200, "long_text": 5_000}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell, and what to do."""

    what: str
    remedy: str


def answer_of(item: Field, cell: Cell, shown: str):
    """The value of a cell that is not blank: text, exact Decimal, date, bool or code; or its Fault."""
    fault = _fault_of_any_kind(cell)
    return fault if fault else _KINDS.get(item.kind, _choice)(item, cell.value, shown)


def _fault_of_any_kind(cell: Cell) -> Fault | None:
    if cell.data_type == "f":
        return Fault(
            "there is a formula where a value is needed", "copy the cell and paste it back with Paste Special, Values"
        )
    if cell.data_type == "e":
        return Fault("the cell holds an error of the spreadsheet", "replace it with the value you mean")
    return None


def _text(item: Field, raw, shown: str) -> Fault | str:
    if isinstance(raw, (datetime, date)):
        return Fault(
            f"“{item.header}” holds a date", "type text; put an apostrophe before it if the program makes it a date"
        )
    text = _plain(raw, shown)
    longest = LONGEST_TEXT[item.kind]
    if len(text) > longest:
        return Fault(f"the text has {len(text):,} characters", f"shorten it to {longest:,} characters")
    return text


def _number(item: Field, raw, shown: str) -> Fault | Decimal:
    if isinstance(raw, (datetime, date)):
        return Fault(f"a date is in “{item.header}”", "type the number, and format the cell as a number or per cent")
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return Fault(
            f"“{item.header}” needs a number and holds text",
            "type a number only (30% or 0.3, 1200), without words or apostrophe",
        )
    # Excel shows and keeps fifteen digits; what binary fractions add behind them was never typed.
    return Decimal(format(raw, ".15g"))


def _share(item: Field, raw, shown: str) -> Fault | Decimal:
    found = _number(item, raw, shown)
    if isinstance(found, Fault):
        return found
    if found < 0:
        return Fault(f"“{item.header}” is negative", "give a share from 0% to 100%; income has its own lines")
    if found > 1:
        meant = f"; if {shown} per cent is meant, type {shown}%" if found <= 100 else ""
        return Fault(f"“{item.header}” is more than 100%", f"give a share from 0% to 100%{meant}")
    # Rounding down, so that six sixths never come to more than the whole.
    return found.quantize(SHARE_PLACES, rounding=ROUND_FLOOR)


def _quantity(item: Field, raw, shown: str) -> Fault | Decimal:
    found = _number(item, raw, shown)
    if isinstance(found, Fault):
        return found
    if found < 0:
        return Fault("the quantity is negative", "give hours, users or units as a number of 0 or more")
    if found >= LARGEST_QUANTITY:
        return Fault(
            f"the quantity is {LARGEST_QUANTITY:,} or more",
            "give it in a larger unit, for instance thousands of hours, in every row of the line",
        )
    return found.quantize(SHARE_PLACES)


def _whole(item: Field, raw, shown: str) -> Fault | str:
    text = _plain(raw, shown)
    if isinstance(raw, bool) or not (text.isascii() and text.isdecimal()) or int(text) < 1 or len(text) > 4:
        return Fault(f"“{item.header}” is not a whole number of 1 or more", "number the versions 1, 2, 3 …")
    return str(int(text))


def _year(item: Field, raw, shown: str) -> Fault | str:
    text = shown.replace("/", "-").replace("–", "-")
    if not is_financial_year(text):
        return Fault(
            f"“{item.header}” is not a financial year", "write the year from April to March with both parts: 2025-26"
        )
    if not "2010" <= text[:4] <= "2060":
        return Fault("this financial year lies outside 2010-11 to 2060-61", "check the year; write it as 2025-26")
    return text


def _date(item: Field, raw, shown: str) -> Fault | date:
    found = None
    if isinstance(raw, date):
        found = raw.date() if isinstance(raw, datetime) else raw
    elif isinstance(raw, str):
        try:
            found = date.fromisoformat(shown)
        except ValueError:
            found = None
    if found is None:
        return Fault(
            f"“{item.header}” is not a date", "type the date so that the program shows it as one, or as 2025-05-12"
        )
    if not 2000 <= found.year <= 2060:
        return Fault(f"“{item.header}” lies in the year {found.year}", "check the date")
    return found


def _choice(item: Field, raw, shown: str):
    offered = CHOICES[item.kind]
    words = {folded(label): code for label, code in offered.items()}
    words |= {folded(code): code for code in offered.values()}
    if folded(shown) not in words:
        return Fault(
            f"“{item.header}” has a word the template does not know", f"pick one of these: {'; '.join(offered)}"
        )
    return words[folded(shown)]


def _plain(raw, shown: str) -> str:
    """Numbers typed where text is wanted, such as line code 330, without the program's decimal point."""
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else shown


_KINDS = {
    "text": _text,
    "long_text": _text,
    "share": _share,
    "quantity": _quantity,
    "whole": _whole,
    "year": _year,
    "date": _date,
}
