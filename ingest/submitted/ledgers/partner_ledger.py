"""Partner money: what the NHS, the Better Care Fund and voluntary bodies spend on prevention, and pass to each other.

One row of the ledger is money that a declared partner spends on a service for one council's people, or gives to
another partner. A faulty row is set aside with its place and reason; the others are kept.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import read_number
from ingest.problems import InputError, Problem
from ingest.submitted.codings.coding_table import TEXT_SUFFIXES, at, read_table
from ingest.submitted.service_maps.map_layout import COUNCIL_CODE, is_financial_year
from ingest.tables import PARTNER_MONEY

# The raw tables this reader fills, besides `rejects`.
FILLS = ("partner_money",)

# What a cell may say. The council itself is a partner only as giver or receiver: its spending is in its own return.
PARTNERS = ("nhs", "better_care_fund", "voluntary_sector", "other_partner")
COUNCIL = "council"
SPENDS, GIVES = "spends", "gives"
TIERS = ("primary", "secondary", "tertiary")
STATEMENTS = ("budget", "outturn")
SHEET = "Partner money"
COLUMNS = (
    "partner",
    "partner_name",
    "council_code",
    "financial_year",
    "statement",
    "does",
    "receiver",
    "service",
    "tier",
    "gains",
    "amount_gbp",
    "note",
)
_NEEDED = ("partner", "council_code", "financial_year", "statement", "does", "tier", "amount_gbp")
# Rows that agree in all of these say the same thing twice.
_SAMES = COLUMNS[: COLUMNS.index("gains")]


@dataclass(frozen=True)
class Ledger:
    """The rows of a partner ledger that can be used, and the faults of the others."""

    rows: list[dict]
    problems: list[Problem]


def read(edition: Edition) -> Parsed:
    """The raw rows of a ledger and what was set aside. Raises InputError when its heading is not understood."""
    ledger = parse(edition.path)
    rows = [row | {"release_id": edition.release_id} for row in ledger.rows]
    frame = pd.DataFrame(rows, columns=PARTNER_MONEY.schema.names)
    return Parsed({PARTNER_MONEY.name: frame}, ledger.problems)


def is_partner_ledger(path: Path) -> bool:
    """Whether a file presents itself as one: its first row names partner, receiver and amount."""
    try:
        _, rows = read_table(path, SHEET)
    except InputError:
        return False
    return bool(rows) and {"partner", "does", "receiver"} <= {at(rows[0], i).lower() for i in range(len(rows[0]))}


def check(path: Path) -> list[Problem]:
    """Every fault of a ledger, in order of its cells."""
    try:
        return parse(path).problems
    except InputError as error:
        return error.problems


def parse(path: Path) -> Ledger:
    """Rows and faults of a ledger. Raises InputError, see `read`."""
    sheet, rows = read_table(path, SHEET)
    sheet = None if path.suffix.lower() in TEXT_SUFFIXES else sheet
    header = [at(rows[0], i).lower() for i in range(len(rows[0]))] if rows else []
    faults = [
        Problem(path.name, f"the column {name} is missing", f"head the columns {', '.join(COLUMNS)}", sheet, 1)
        for name in COLUMNS
        if name not in header
    ]
    faults += [
        Problem(path.name, "there is no such column", "delete it, or put what it says under note", sheet, 1, i, name)
        for i, name in enumerate(header, start=1)
        if name and name not in COLUMNS
    ]
    if faults:
        raise InputError(faults)
    kept: list[dict] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: at(row, header.index(name)) for name in COLUMNS}
        if not any(cells.values()):
            continue
        found = [
            Problem(path.name, what, remedy, sheet, number, header.index(name) + 1, cells[name] or None)
            for name, what, remedy in _faults(cells)
        ]
        same = tuple(cells[name] for name in _SAMES)
        if not found and same in seen:
            what = f"row {seen[same]} says the same of the same money, so it would count twice"
            found = [Problem(path.name, what, "keep one row, or tell them apart by service", sheet, number)]
        problems += found
        if not found:
            seen[same] = number
            amount = read_number(row[header.index("amount_gbp")]).number
            given = {name: cells[name] or None for name in COLUMNS}
            place = {"sheet": sheet or "", "source_row": number, "source_column": header.index("amount_gbp") + 1}
            kept.append(place | given | {"amount_gbp": amount})
    if not kept and not problems:
        raise InputError(Problem(path.name, "the ledger holds no row", "write one row for each sum of money", sheet))
    return Ledger(kept, problems)


def _faults(cells: dict[str, str]):
    for name in _NEEDED:
        if not cells[name]:
            yield name, "the cell is blank", "fill it in"
    values = {
        "partner": (*PARTNERS, COUNCIL),
        "statement": STATEMENTS,
        "does": (SPENDS, GIVES),
        "receiver": (*PARTNERS, COUNCIL),
        "tier": TIERS,
    }
    for name, known in values.items():
        if cells[name] and cells[name] not in known:
            yield name, f"{cells[name]} is none of its values", f"write one of {', '.join(known)}"
    for gaining in filter(None, (part.strip() for part in cells["gains"].split("|"))):
        if gaining not in (*PARTNERS, COUNCIL):
            yield "gains", f"{gaining} is no partner", f"write any of {', '.join((*PARTNERS, COUNCIL))} with | between"
    if cells["council_code"] and not COUNCIL_CODE.match(cells["council_code"]):
        yield "council_code", "this is no ONS code of a council", "write it as E09000007"
    if cells["financial_year"] and not is_financial_year(cells["financial_year"]):
        yield "financial_year", "this is not a financial year", "write it as 2025-26"
    if cells["does"] == GIVES and not cells["receiver"]:
        yield "receiver", "money is given and nobody receives it", "name the partner that receives it"
    if cells["does"] == SPENDS and cells["receiver"]:
        yield "receiver", "money that is spent has no receiver", "leave it blank, or write gives under does"
    if cells["does"] == GIVES and cells["receiver"] == cells["partner"]:
        yield "receiver", "a partner cannot give to itself", "name another partner, or leave the row out"
    if cells["does"] == SPENDS and cells["partner"] == COUNCIL:
        yield "partner", "what the council spends is in its own return", "leave the row out: it would count twice"
    if cells["amount_gbp"]:
        amount = read_number(cells["amount_gbp"])
        if amount.number is None:
            yield "amount_gbp", amount.fault or "this is no amount", "write pounds, such as 12500.00"
        elif amount.number < 0:
            yield "amount_gbp", "the amount is below zero", "write a repayment as money given the other way"
        elif amount.number != round(amount.number, 2):
            yield "amount_gbp", "the amount has parts of a penny", "round it to pence"
