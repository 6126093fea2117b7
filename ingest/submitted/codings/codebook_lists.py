"""Lists of waves, codes, units and findings: as the project ships them, and as a warehouse adds to them.

One loader reads both: a folder with a CSV file for each list (`dbt_project/seeds/`), or a workbook with a sheet for
each. What a column holds, which values it takes and what makes a row one of its kind is declared once, with the
seeds (`_codings.yml`).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ingest.sheets import cell_text, open_workbook, read_rows

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
DECLARED = SEEDS / "_codings.yml"
NAMES = (
    "coding_waves",
    "coding_items",
    "foi_codebook",
    "strategy_codebook",
    "codebook_crosswalk",
    "coding_bases",
    "coding_item_bases",
    "coding_contradictions",
    "board_bridge",
    "partnership_bridge",
    "published_findings",
    "finding_recipes",
)
# Columns that hold several values, each of which is one of its own.
SEVERAL = ("waves", "document_types")
# The sheet that explains a workbook, and is no list.
GUIDE = "Read me"


@dataclass(frozen=True)
class ListColumn:
    """A column of a list: its type as the database has it, its meaning, and the values or list it is held to."""

    name: str
    kind: str
    meaning: str
    values: tuple[str, ...] = ()
    of_list: tuple[str, str] | None = None


@dataclass(frozen=True)
class CodeList:
    """A list as declared: what a row is, its columns in order, and those that tell rows apart."""

    name: str
    meaning: str
    columns: tuple[ListColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class ListRow:
    """One row as it is in a file: its number there and its cells as text."""

    number: int
    cells: dict[str, str]


@cache
def declared() -> dict[str, CodeList]:
    """Every list, as declared with the seeds."""
    seeds = {s["name"]: s for s in yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["seeds"]}
    return {name: _declared(seeds[name]) for name in NAMES}


def _declared(seed: dict) -> CodeList:
    tests = {column["name"]: column.get("data_tests", []) for column in seed["columns"]}
    meanings = {column["name"]: column["description"] for column in seed["columns"]}
    columns = []
    for name, kind in seed["config"]["column_types"].items():
        given = {key: value["arguments"] for test in tests.get(name, []) for key, value in test.items()}
        values = tuple(str(v) for v in given.get("accepted_values", {}).get("values", ()))
        other = given.get("relationships")
        of_list = (other["to"].removeprefix("ref('").removesuffix("')"), other["field"]) if other else None
        columns.append(ListColumn(name, kind, meanings[name], values, of_list))
    (unique,) = (test["unique_key"] for test in seed["data_tests"] if "unique_key" in test)
    key = tuple(unique["arguments"]["columns"])
    several = tuple(c.name for c in columns if c.name in SEVERAL and c.name not in key)
    return CodeList(seed["name"], seed["description"], tuple(columns), key + several)


def lists_of(source: Path) -> dict[str, list[ListRow]]:
    """The rows of every list that a folder of CSV files or a workbook holds; blank rows are none.

    Raises InputError when the workbook cannot be opened.
    """
    return _lists_of(source, source.stat().st_mtime_ns)


@cache
def _lists_of(source: Path, _changed: int) -> dict[str, list[ListRow]]:
    if source.is_dir():
        return {name: _rows(_csv(source / f"{name}.csv")) for name in NAMES}
    return {name: _rows(read_rows(source, name)) for name in open_workbook(source).sheet_names if name in NAMES}


def _csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _rows(rows: list[list]) -> list[ListRow]:
    header = [cell_text(cell) for cell in rows[0]] if rows else []
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: cell_text(cell) for name, cell in zip(header, row, strict=False) if name}
        if any(cells.values()):
            found.append(ListRow(number, {name: cells.get(name, "") for name in header if name}))
    return found


def header_of(source: Path, name: str) -> list[str]:
    """The heading of a sheet of a workbook, as it stands."""
    rows = read_rows(source, name)
    return [cell_text(cell) for cell in rows[0]] if rows else []
