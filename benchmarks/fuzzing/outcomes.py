"""What came of an altered file: its rows beside those of the true one."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from benchmarks.fuzzing import books
from benchmarks.fuzzing.mutations import OTHER, Mutation, Place
from ingest import land
from ingest.edition import Edition, Parsed
from ingest.problems import InputError
from ingest.tables import TABLES, RawTable, to_arrow

IDENTICAL, REFUSED, REJECTED, FOR_THE_CHECKS = "identical", "refused", "rejected", "left to the checks"
SILENT, TRACEBACK, NOTHING = "SILENT CHANGE", "TRACEBACK", "nothing to alter"
FAILURES = (SILENT, TRACEBACK)
# What became of those left to the checks.
STOPPED, WARNED, UNSEEN = "stopped by a check", "warned by a check", "not seen"
# Where a row stood, and its words as printed, are no figures.
NOT_COMPARED = {"release_id", "sheet", "source_row", "source_column", "value_text", "header", "body_name_published"}
FIGURES = {
    "amount_thousand_gbp", "value", "persons", "deflator_index", "growth_percent", "gross_gbp", "income_gbp", "net_gbp",
    "driver_value", "tier_share", "low_share", "high_share", "neighbour_rank",
}  # fmt: skip
WHOLE = 10**7
# What keeps a case short: readers need no more rows to know a file by.
MOST_ROWS = {
    "asc_fr": 60, "ascof_stack": 150, "ascof": 80, "deprivation": 16, "revenue_account": 14, "revenue_outturn": 14,
    "population": 14,
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of one case, and in what words."""

    source: str
    mutation: str
    case: int
    outcome: str
    words: str = ""
    check: str = ""


@dataclass(frozen=True)
class Subject:
    """One file of the sample, in the form it is to be written in."""

    edition: Edition
    ending: str

    @property
    def name(self) -> str:
        return f"{self.edition.release.source.reader} {self.ending[1:]}"

    @cached_property
    def book(self) -> books.Book:
        return books.read(self.edition.path, MOST_ROWS.get(self.edition.release.source.reader, 200))

    @cached_property
    def true_rows(self) -> tuple[Counter, int, list[Place], bool]:
        """Rows of the unaltered copy, how many it rejects, and the cells its figures stand in, if it has figures."""
        parsed, tables = self.read_copy(self.book)
        places = self._places(tables, True)
        return _rows(tables), len(parsed.rejects), places or self._places(tables, False), bool(places)

    def read_copy(
        self, book: books.Book, spoil: Callable[[bytes], bytes] | None = None
    ) -> tuple[Parsed, dict[str, pa.Table]]:
        """What the reader makes of a book written anew, typed as the raw tables are."""
        path = self.edition.path.with_name(f"altered{self.ending}")
        books.write(book, path)
        if spoil is not None:
            path.write_bytes(spoil(path.read_bytes()))
        return read(replace(self.edition, path=path))

    def _places(self, tables: dict[str, pa.Table], is_of_figures: bool) -> list[Place]:
        places = set()
        for table in tables.values():
            figure = next((name for name in table.column_names if name in FIGURES), None)
            if is_of_figures != (figure is not None) or "source_column" not in table.column_names:
                continue
            for row in table.to_pylist():
                if (figure is None or row[figure] is not None) and row["source_column"] is not None:
                    places.add((row["sheet"] or "", row["source_row"] - 1, row["source_column"] - 1))
        held = {name: rows for name, rows in self.book.items()}
        return sorted((s, r, c) for s, r, c in places if s in held and r < len(held[s]) and c < len(held[s][r]))

    def tried(self, mutation: Mutation, case: int) -> Outcome:
        """Alter a copy, read it, and say what came of it. The same names always give the same alteration."""
        true, rejects, figures, has_figures = self.true_rows
        book = deepcopy(self.book)
        chance = random.Random(f"{self.name}/{mutation.name}/{case}")
        if (mutation.is_of_figures and not has_figures) or mutation.alter(book, figures, chance) is False:
            return Outcome(self.name, mutation.name, case, NOTHING)
        spoil = partial(mutation.spoil, chance=chance) if mutation.spoil else None
        outcome, words = self._judged(book, mutation, spoil, true, rejects)
        return Outcome(self.name, mutation.name, case, outcome, words)

    def altered_whole(self, mutation: Mutation, case: int, path: Path) -> bool:
        """Write the whole file with the alteration that was tried on its first rows; False where that cannot be."""
        figures = self.true_rows[2]
        book = books.read(self.edition.path, WHOLE)
        chance = random.Random(f"{self.name}/{mutation.name}/{case}")
        if path.suffix not in books.WRITTEN or mutation.alter(book, figures, chance) is False:
            return False
        books.write(book, path)
        if mutation.spoil is not None:
            path.write_bytes(mutation.spoil(path.read_bytes(), chance))
        return True

    def _judged(self, book, mutation: Mutation, spoil, true: Counter, rejects: int) -> tuple[str, str]:
        try:
            parsed, tables = self.read_copy(book, spoil)
        except InputError as error:
            return REFUSED, str(error)
        except Exception as error:
            return TRACEBACK, f"{type(error).__name__}: {error}"
        found = _rows(tables)
        if found == true:
            return IDENTICAL, ""
        new = found - true
        words = f"{(true - found).total()} rows are no longer there, {new.total()} are new"
        if len(parsed.rejects) > rejects and not any(_has_figure(row) for row in new):
            return REJECTED, str(parsed.rejects[-1])
        return (FOR_THE_CHECKS if mutation.makes == OTHER else SILENT), words


def read(edition: Edition) -> tuple[Parsed, dict[str, pa.Table]]:
    """What a reader gives, and the raw tables made of it."""
    parsed = land.reader(edition.release).read(edition)
    return parsed, {name: _whole(TABLES[name], frame) for name, frame in parsed.frames.items()}


def _whole(table: RawTable, frame: pd.DataFrame | pa.Table | Iterator[pa.Table]) -> pa.Table:
    """A raw table of one piece, also where its reader gives it block by block."""
    blocks = (frame,) if isinstance(frame, (pd.DataFrame, pa.Table)) else frame
    return pa.concat_tables([table.schema.empty_table(), *(to_arrow(table, block) for block in blocks)])


def _rows(tables: dict[str, pa.Table]) -> Counter:
    rows: Counter = Counter()
    for name, table in tables.items():
        kept = [column for column in table.column_names if column not in NOT_COMPARED]
        for row in table.select(kept).to_pylist():
            figures = tuple(value for column, value in row.items() if column in FIGURES)
            rows[(name, figures, tuple(value for column, value in row.items() if column not in FIGURES))] += 1
    return rows


def _has_figure(row: tuple) -> bool:
    return any(value is not None for value in row[1])
