"""Adult Social Care Finance Return of 2017-18 and later: one value a row, its keys in words.

Not yet tried on a published file. Built from what is documented of the “ASCFR Data File (with descriptions)” in the
CSV data packs of NHS Digital's Adult Social Care Activity and Finance Report: the columns in the transformation of the
2018-19 pack for the Office for National Statistics (GSS-Cogs, family-disability); the words of ages, support reasons
and settings, the `99` of “all” and the `:` and `*` of no return and suppression in published analyses of the packs of
2017-18 to 2021-22. From 2019-20 on the headers lose their `_Key`. Words that no source gives are matched as the earlier
return and its guidance have them; any other word stops the reader and is named.

A row of `99` adds others up, and a row split by provider repeats a row that is not: only rows at the bottom are kept.
"""

import re
from collections.abc import Iterator

import pandas as pd

from ingest import column_map
from ingest.edition import Edition, Parsed
from ingest.numbers import refuse_if_many
from ingest.problems import InputError, Problem
from ingest.tables import ASC_FR_CELLS
from ingest.tabular import Record, fault_at, place, records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("asc_fr_cells",)

SOURCE = "nhs_asc_fr_named"
NAMES = "nhs_asc_fr_names"
ALL = "99"
KEYS = ("care_type", "age_band", "support_reason", "support_setting", "purpose", "carer_support_type", "data_type")
# Without these a row cannot be placed; a setting is blank where care is not long-term, a purpose where it is.
GIVEN = ("care_type", "support_reason", "data_type")
# Splits of a row by who provides the care, which the marts have no use for.
SPLITS = ("finance_description", "activity_provision")
WORDLESS = {"", ALL, "NA", "Not Applicable"}
YEAR_ENDING = re.compile(r"(20\d\d)(?:03(?:31)?)?")
DRIVER_MEASURE = "net_current_expenditure"


def read(edition: Edition) -> Parsed:
    """One row a council or region, combination of keys and money column, £ thousand.

    Raises InputError for an unknown or missing column, a word that the list of names does not know, a combination that
    is there twice, and a file without net current expenditure.
    """
    decode = {(r["header"], _folded(r["value"])): r["name"] for r in column_map.load(NAMES)}
    cells: list[dict] = []
    rejects: list[Problem] = []
    problems: dict[tuple[str, str], Problem] = {}
    seen: dict[tuple, int] = {}
    levels: set[str] = set()
    for record in records(edition, rows_of(edition), SOURCE):
        levels.add(record.text("data_level"))
        measure = decode.get(("data_level", _folded(record.text("data_level"))))
        if measure is None or not _is_at_the_bottom(record):
            continue
        keys, unknown = _decoded(record, decode)
        for name in unknown:
            problems.setdefault((name, record.text(name)), _unknown(edition, record, name))
        year = YEAR_ENDING.fullmatch(record.text("year_ending"))
        if year is None:
            problems.setdefault(("year_ending", ""), _no_year(edition, record))
        if unknown or year is None:
            continue
        level = keys.pop("geography_level")
        code = record.text("cassr_code") if level == "council" else record.text("region_code")
        twin = seen.setdefault((level, code, measure, *keys.values()), record.row)
        if twin != record.row:
            problems.setdefault(("twice", ""), _twice(edition, record, twin))
            continue
        reading = record.number("item_value", SOURCE)
        if reading.number is None:
            rejects.append(
                fault_at(edition, record, "item_value", reading) if reading.fault else _none(edition, record)
            )
            continue
        cells.append(
            place(edition, record, "item_value")
            | keys
            | {
                "financial_year": f"{int(year[1]) - 1}-{year[1][-2:]}",
                "cassr_code": code.zfill(3) if level == "council" else None,
                "region_code": record.text("region_code"),
                "measure": measure,
                "value_text": record.text("item_value"),
                "amount_thousand_gbp": reading.number,
            }
        )
    if problems:
        raise InputError(list(problems.values()))
    if not any(cell["measure"] == DRIVER_MEASURE for cell in cells):
        raise InputError(_no_money(edition, levels))
    refuse_if_many([r for r in rejects if not r.what.startswith(NO_FIGURE)], len(cells), edition.path.name)
    return Parsed({ASC_FR_CELLS.name: pd.DataFrame(cells, columns=ASC_FR_CELLS.schema.names)}, rejects)


NO_FIGURE = "there is no amount"


def _folded(words: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words.lower()).split())


def _is_at_the_bottom(record: Record) -> bool:
    """Whether a row adds nothing up and is no part of another that is kept."""
    return all(record.text(name) != ALL for name in KEYS) and all(record.text(name) in WORDLESS for name in SPLITS)


def _decoded(record: Record, decode: dict[tuple[str, str], str]) -> tuple[dict[str, str], list[str]]:
    """The keys in our codes, with the level of the geography, and the names of those that nobody can decode."""
    keys: dict[str, str] = {}
    unknown = []
    for name in ("geography_level", *KEYS):
        words = record.text(name)
        if words in WORDLESS and name not in (*GIVEN, "geography_level"):
            keys[name] = ""
            continue
        code = decode.get((name, _folded(words)))
        if code is None and (name == "carer_support_type" or (name == "age_band" and words[:2].isdigit())):
            # Kinds of carer support and the voluntary splits of an age are kept under their own words.
            code = _folded(words).replace(" ", "_")
        if code is None:
            unknown.append(name)
        else:
            keys[name] = code
    return keys, unknown


def _problem(edition: Edition, record: Record, name: str, what: str, remedy: str) -> Problem:
    return Problem(
        file=edition.path.name,
        sheet=edition.release.layout.get("sheet"),
        row=record.row,
        column=record.columns[name],
        value=record.text(name),
        what=what,
        remedy=remedy,
    )


def _unknown(edition: Edition, record: Record, name: str) -> Problem:
    known = ", ".join(r["value"] for r in _names_of(name)) or "none"
    return _problem(
        edition,
        record,
        name,
        "a word that the list of names does not know; this reader has not been tried on a published file yet",
        f"compare it with the words known for this column ({known}) and add it to ingest/column_maps/{NAMES}.csv, with "
        "what it stands for",
    )


def _names_of(name: str) -> Iterator[dict[str, str]]:
    return (r for r in column_map.load(NAMES) if r["header"] == name)


def _no_year(edition: Edition, record: Record) -> Problem:
    return _problem(
        edition,
        record,
        "year_ending",
        "the year's end is neither a year (2018) nor its last month or day (201803, 20180331)",
        "write it as the year in which the financial year ends",
    )


def _twice(edition: Edition, record: Record, twin: int) -> Problem:
    return _problem(
        edition,
        record,
        "item_value",
        f"row {twin} has the same geography, keys and kind of money: one splits the other, and both would count twice",
        "say which of the two is the sum; the reader keeps rows whose FinanceDescription and ActivityProvision are "
        f"blank or {ALL}",
    )


def _none(edition: Edition, record: Record) -> Problem:
    return _problem(
        edition,
        record,
        "item_value",
        f"{NO_FIGURE} (“:” is no return, “*” is suppressed)",
        "nothing; the council counts as having no figure here",
    )


def _no_money(edition: Edition, levels: set[str]) -> Problem:
    return Problem(
        file=edition.path.name,
        sheet=edition.release.layout.get("sheet"),
        value=", ".join(sorted(levels - {""})[:12]),
        what="no row of the column DATA_LEVEL is net current expenditure, which tells how care divides; it has these",
        remedy="give the file of the finance return with its values in words, not that of activity or of unit costs; "
        f"if the publisher calls it something else, add the word to ingest/column_maps/{NAMES}.csv",
    )
