"""What a warehouse adds to the codebooks: a workbook of waves, codes, units and findings, checked and taken whole.

A workbook with one fault is refused, for half a codebook would make codings of the other half unreadable. What the
project ships and what earlier workbooks of the warehouse add is known; a workbook may refer to it and may not
repeat it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from rapidfuzz import process

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.sheets import open_workbook
from ingest.submitted.codings import codebook, codebook_lists
from ingest.submitted.codings.codebook_lists import GUIDE, NAMES, SEEDS, SEVERAL, CodeList, ListRow, declared
from ingest.tables import CODEBOOK_ROWS

# The raw tables this reader fills, besides `rejects`.
FILLS = ("codebook_rows",)

READS = codebook.PATHS
# Read together with the codebook workbooks in force.
READS_FOLDER = codebook.FOLDER
# Columns that may stay blank although the shipped lists fill them in every row.
_MAY_BE_BLANK = {"note", "valid_to_year", "description", "criteria", "source_section", "part", "recomputed_percent"}
# Columns that came after the first workbooks; one without them is complete.
_MAY_BE_MISSING = {"is_optional", "printed_page"}
_UNIT_KINDS = ("council", "board", "partnership")
_AGREES = ("yes", "no", "words_ok", "words_off", "lower_bound", "no_count", "third_party", "not_applicable")
_SHAPES = {
    "wave": (r"\d{4}", "a wave is a year, such as 2026"),
    "from_wave": (r"\d{4}", "a wave is a year, such as 2026"),
    "waves": (r"\d{4}(\|\d{4})*", "waves are years with | between them, such as 2026|2027"),
    "evidence_year": (r"\d{4}-\d{2}", "a financial year is written 2025-26"),
    "valid_from_year": (r"\d{4}-\d{2}", "a financial year is written 2025-26"),
    "valid_to_year": (r"\d{4}-\d{2}", "a financial year is written 2025-26"),
    "council_code": (r"E\d{8}", "write the council's nine-character code, such as E06000001"),
}
_KINDS = {
    "integer": (r"-?\d+", "write a whole number"),
    "decimal": (r"-?\d+(\.\d+)?", "write a number, with a point before decimals"),
    "boolean": (r"(?i)true|false", "write true or false"),
}


def read(edition: Edition, codebooks: Iterable[Path] = ()) -> Parsed:
    """One row for each row of each list. Raises InputError with every fault: the workbook is taken whole or not."""
    with codebook.with_files(codebooks):
        problems = check(edition.path)
    if problems:
        raise InputError(problems)
    rows = [
        {
            "release_id": edition.release_id,
            "sheet": name,
            "source_row": row.number,
            "source_column": None,
            "list_name": name,
            "fields": json.dumps(row.cells, ensure_ascii=False),
        }
        for name, found in codebook_lists.lists_of(edition.path).items()
        for row in found
    ]
    return Parsed({"codebook_rows": pd.DataFrame(rows, columns=CODEBOOK_ROWS.schema.names)})


def is_codebook_set(path: Path) -> bool:
    """Whether a workbook presents itself as one: it has a sheet named as one of the lists."""
    try:
        return path.suffix.lower() == ".xlsx" and bool(set(open_workbook(path).sheet_names) & set(NAMES))
    except InputError:
        return False


def check(path: Path) -> list[Problem]:
    """Every fault of a workbook, in the order of its sheets, against what is shipped and in force."""
    try:
        sheets = open_workbook(path).sheet_names
    except InputError as error:
        return error.problems
    problems = list(_unknown_sheets(path, sheets))
    found = codebook_lists.lists_of(path)
    if not any(found.values()):
        remedy = "fill in at least one list of the template (`prevention template --codebook`)"
        return [*problems, Problem(path.name, "the workbook holds no row of any list", remedy)]
    checked = _Checked(path, found)
    for name in found:
        problems += checked.heading(declared()[name]) or checked.cells(declared()[name])
    return problems or list(checked.references())


def _unknown_sheets(path: Path, sheets: list[str]) -> Iterator[Problem]:
    for sheet in sheets:
        if sheet not in NAMES and sheet != GUIDE:
            near = process.extractOne(sheet, NAMES)
            remedy = f"name the sheet after a list, or delete it; the nearest is {near[0]}"
            yield Problem(path.name, "no list has the name of this sheet", remedy, sheet)


class _Checked:
    """One workbook against its declarations, and against all rows there are with it."""

    def __init__(self, path: Path, found: dict[str, list[ListRow]]):
        self.path, self.found = path, found
        self.before = {name: codebook.rows(name) for name in NAMES}
        self.all = {name: [*self.before[name], *(row.cells for row in found.get(name, ()))] for name in NAMES}

    def _problem(self, name: str, row: ListRow | None, column: str | None, what: str, remedy: str) -> Problem:
        value = row.cells.get(column) or None if row and column else None
        return Problem(self.path.name, what, remedy, name, row.number if row else 1, column, value)

    def heading(self, listed: CodeList) -> list[Problem]:
        """Columns that are missing, unknown or there twice."""
        header = [cell for cell in codebook_lists.header_of(self.path, listed.name) if cell]
        known = [column.name for column in listed.columns]
        problems = []
        for cell in dict.fromkeys(header):
            if cell not in known:
                near = process.extractOne(cell, known)
                remedy = f"take the column out, or rename it; the nearest is {near[0]}"
                problems.append(self._problem(listed.name, None, cell, "the list has no such column", remedy))
            elif header.count(cell) > 1:
                what = "the column is there twice"
                problems.append(self._problem(listed.name, None, cell, what, "keep one of the two"))
        for column in listed.columns:
            if column.name not in header and column.name not in _MAY_BE_MISSING:
                remedy = f"add a column {column.name} ({column.meaning}); it may stay blank where nothing is to say"
                problems.append(self._problem(listed.name, None, column.name, "the column is missing", remedy))
        return problems

    def cells(self, listed: CodeList) -> list[Problem]:
        """Cells that are blank, not of their kind or none of the values declared; rows that are there already."""
        problems = []
        shipped = [row.cells for row in codebook_lists.lists_of(SEEDS)[listed.name]]
        filled = {c.name for c in listed.columns if all(row[c.name] for row in shipped)}
        filled -= _MAY_BE_BLANK | _MAY_BE_MISSING
        taken = {
            key: "the project or an earlier workbook" for row in self.before[listed.name] for key in _keys(listed, row)
        }
        for row in self.found[listed.name]:
            for column in listed.columns:
                value = row.cells.get(column.name, "")
                wrong = self._wrong(column, value) if value else None
                if not value and column.name in filled:
                    wrong = ("the cell is blank", f"fill it in: {column.meaning}")
                if wrong:
                    problems.append(self._problem(listed.name, row, column.name, *wrong))
            for key in _keys(listed, row.cells):
                if key in taken:
                    what = f"{', '.join(part for part in key if part)} is there already, from {taken[key]}"
                    remedy = "leave the row out; a wave may use what is there and adds only what is its own"
                    problems.append(self._problem(listed.name, row, listed.key[0], what, remedy))
                    break
                taken[key] = f"row {row.number}"
        return problems

    def _wrong(self, column: codebook_lists.ListColumn, value: str) -> tuple[str, str] | None:
        values = column.values
        if column.name == "document_type" or column.name == "document_types":
            values = (codebook.FOI, *codebook.STRATEGIES)
        elif column.name == "unit_kind":
            values = _UNIT_KINDS
        elif column.name == "agrees":
            values = _AGREES
        if values:
            parts = value.split("|") if column.name in SEVERAL else [value]
            stray = next((part for part in parts if part not in values), None)
            return (f"{stray} is none of its values", f"write one of {', '.join(values)}") if stray else None
        shape, remedy = _SHAPES.get(column.name) or _KINDS.get(column.kind.split("(")[0], (".*", ""))
        return None if re.fullmatch(shape, value, re.DOTALL) else ("the cell cannot be read", remedy)

    def references(self) -> Iterator[Problem]:
        """Cells that name something which neither this workbook nor what is in force has."""
        for name, rows in self.found.items():
            for row in rows:
                for column in declared()[name].columns:
                    value = row.cells.get(column.name, "")
                    if column.of_list and value:
                        other, field = column.of_list
                        if all(one[field] != value for one in self.all[other]):
                            remedy = f"add it to the sheet {other}, or write one that is there"
                            yield self._problem(name, row, column.name, f"{other} has no {value}", remedy)
                yield from self._named(name, row)

    def _named(self, name: str, row: ListRow) -> Iterator[Problem]:
        cells = row.cells
        item_column = next((c for c in ("item_code", "question_code", "field_code") if c in cells), None)
        kinds = (
            cells.get("document_types")
            or cells.get("document_type")
            or ("" if name != "foi_codebook" else codebook.FOI)
        )
        for kind in filter(None, kinds.split("|")):
            items = {one["item_code"] for one in self.all["coding_items"] if one["document_type"] == kind}
            waves = {one["wave"] for one in self.all["coding_waves"] if one["document_type"] == kind}
            if item_column and cells[item_column] and name != "coding_items" and cells[item_column] not in items:
                remedy = "add it to the sheet coding_items, or write one that is there"
                yield self._problem(name, row, item_column, f"coding_items has no such item of {kind}", remedy)
                continue
            given = cells.get("waves") or cells.get("wave") or ""
            for wave in filter(None, given.split("|")):
                if name not in ("coding_waves", "published_findings") and wave not in waves:
                    column = "waves" if "waves" in cells else "wave"
                    remedy = f"add the wave to the sheet coding_waves, or write one of {', '.join(sorted(waves))}"
                    yield self._problem(name, row, column, f"there is no wave {wave} of {kind}", remedy)
            if item_column and name in ("foi_codebook", "strategy_codebook"):
                based = {(o["document_type"], o["item_code"]) for o in self.all["coding_item_bases"]}
                if (kind, cells[item_column]) not in based:
                    what = f"no percentage of {cells[item_column]} could be shown: it has no base"
                    remedy = "add the item to the sheet coding_item_bases, with the base it is taken of"
                    yield self._problem(name, row, item_column, what, remedy)
            if "codes" in cells and item_column:
                known = self._codes(kind, cells[item_column])
                for code in filter(None, cells["codes"].split("|")):
                    if code not in known:
                        near = process.extractOne(code, sorted(known))
                        remedy = f"write codes of {cells[item_column]}" + (
                            f"; the nearest is {near[0]}" if near else ""
                        )
                        yield self._problem(name, row, "codes", f"the codebook has no code {code} there", remedy)

    def _codes(self, document_type: str, item: str) -> set[str]:
        if document_type == codebook.FOI:
            return {one["code"] for one in self.all["foi_codebook"] if one["question_code"] == item}
        return {
            one["code"]
            for one in self.all["strategy_codebook"]
            if one["field_code"] == item and document_type in one["document_types"].split("|")
        }


def _keys(listed: CodeList, cells: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """What tells a row apart, once for each value of a column that holds several."""
    keys: list[tuple[str, ...]] = [()]
    for column in listed.key:
        parts = cells[column].split("|") if column in SEVERAL else [cells[column]]
        keys = [(*key, part) for key in keys for part in parts]
    yield from keys
