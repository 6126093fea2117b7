"""A council's own ledger: cost-centre budgets or outturn, read with the columns file that lies beside it.

Good rows are kept; a faulty row is set aside with its place and reason. A ledger with more faulty rows than
its columns file allows is refused whole. It is read block by block (see `judged_rows`), so that what a ledger of any
length takes is one block, its faulty rows, and sixteen bytes a cost centre.
"""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.submitted.ledgers import ledger_columns
from ingest.submitted.ledgers.judged_rows import MONEY, JudgedRows, kept_rows, mask
from ingest.submitted.ledgers.ledger_columns import COLUMNS_SUFFIX, Columns
from ingest.submitted.ledgers.ledger_table import LedgerTable
from ingest.submitted.service_maps.map_layout import COUNCIL_CODE
from ingest.tables import LEDGER_LINES

# The raw tables this reader fills, besides `rejects`.
FILLS = ("ledger_lines",)


def read(edition: Edition) -> Parsed:
    """The raw rows of a ledger, in blocks, and what was set aside: complete when the blocks have been taken.

    Raises InputError when the columns file is missing or faulty; the blocks raise it when the ledger cannot be
    read, holds no rows, or has more faulty rows than allowed.
    """
    columns = ledger_columns.load(_columns_file(edition.path), edition.path.stem)
    rejects: list[Problem] = []
    met = _Met()

    def judge(table: LedgerTable) -> tuple[pa.Table, list[Problem]]:
        judged = _Judged(edition, columns, table, met)
        return judged.raw(), judged.rejects()

    return Parsed({LEDGER_LINES.name: kept_rows(edition, columns, rejects, judge)}, rejects)


def _columns_file(ledger: Path) -> Path:
    beside = sorted(ledger.parent.glob(f"*{COLUMNS_SUFFIX}"))
    if ledger.name.endswith(COLUMNS_SUFFIX):
        raise InputError(
            Problem(ledger.name, "there is no ledger that this columns file belongs to", "put the ledger beside it")
        )
    if not beside:
        raise InputError(
            Problem(
                ledger.name,
                "there is no columns file beside the ledger, so nobody knows what its columns mean",
                f"write {ledger.stem}{COLUMNS_SUFFIX} beside it, after the example in docs/service-maps.md",
            )
        )
    return beside[0]


_HASH_KEYS = ("cost centres one", "cost centres two")
# Keys that lie sorted together: few enough to sort anew quickly, many enough that there are few such runs.
_RUN = 1_000_000


class _Met:
    """The keys of earlier blocks, each as two hashes of eight bytes: no two keys of a ledger share both."""

    def __init__(self):
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def repeated(self, keys: pa.ChunkedArray) -> np.ndarray:
        """Which of the keys, each here once, an earlier block had; from now on all of them count as met."""
        texts = keys.to_numpy()
        first, second = (pd.util.hash_array(texts, hash_key=key, categorize=False) for key in _HASH_KEYS)
        order = np.argsort(first)
        first, second = first[order], second[order]
        found = np.zeros(len(first), dtype=bool)
        for met, met_second in self._runs:
            begins, ends = np.searchsorted(met, first), np.searchsorted(met, first, side="right")
            for place in np.flatnonzero(ends > begins):
                found[place] |= second[place] in met_second[begins[place] : ends[place]]
        self._add(first[~found], second[~found])
        repeated = np.empty_like(found)
        repeated[order] = found
        return repeated

    def _add(self, first: np.ndarray, second: np.ndarray) -> None:
        if self._runs and len(self._runs[-1][0]) + len(first) <= _RUN:
            last = self._runs.pop()
            first, second = np.concatenate([last[0], first]), np.concatenate([last[1], second])
            order = np.argsort(first, kind="stable")
            first, second = first[order], second[order]
        self._runs.append((first, second))


class _Judged(JudgedRows):
    """Rows of a ledger: amounts, codes, and cost centres that are there once."""

    def __init__(self, edition: Edition, columns: Columns, table: LedgerTable, met: _Met):
        super().__init__(edition, columns, table)
        self.columns, self.met = columns, met
        self.money = {name: self._money(name) for name in ("gross", "income", "net") if name in table.texts}
        self._net()
        self.line_code = self._code("line_code", is_needed=True)
        self.service_code = self._code("service_code", is_needed=False)
        self.year = self._years()
        self.council = self._councils()
        self._cost_centres()

    def _money(self, name: str) -> pa.ChunkedArray:
        amount = self.amount(name)
        return pc.negate(amount) if name == "income" and self.columns.is_income_negative else amount

    def _net(self) -> None:
        has_parts = "gross" in self.money and "income" in self.money
        if has_parts:
            gross, income = (
                pc.coalesce(self.money[name], pa.scalar(Decimal(0), MONEY)) for name in ("gross", "income")
            )
            parts = pc.subtract(gross, income).cast(MONEY)
            nothing = pc.and_(pc.is_null(self.money["gross"]), pc.is_null(self.money["income"]))
            parts = pc.if_else(nothing, pa.scalar(None, MONEY), parts)
            given = self.money.get("net", parts)
            differs = pc.fill_null(pc.not_equal(given, parts), False)
            self.set_aside(
                mask(differs), "net", "gross less income is not the net amount", "correct one of the three amounts"
            )
            self.money["net"] = pc.coalesce(given, parts)
        column = "net" if "net" in self.table.texts else "gross"
        missing = mask(pc.is_null(self.money["net"]))
        self.set_aside(missing, column, "the row has no amount", "give one, 0 included, or delete the row")

    def _code(self, name: str, is_needed: bool) -> pa.ChunkedArray:
        text = self.text(name)
        if name in self.columns.values:
            words = self.columns.values[name]
            place = pc.index_in(text, pa.array(list(words), pa.string()))
            known = mask(pc.is_valid(place))
            unknown = ~known if is_needed else ~known & ~mask(pc.equal(text, ""))
            self.set_aside(
                unknown, name, "the columns file gives no code for this word", f"add it there under values: {name}"
            )
            text = pc.take(pa.array([*words.values()], pa.string()), place)
        elif is_needed:
            self.set_aside(
                mask(pc.equal(text, "")), name, "the row names no budget line", "give the line it belongs to"
            )
            self.set_aside(
                ~mask(pc.match_substring_regex(text, r"^[0-9]{1,4}[a-z]?$")),
                name,
                "this is no line number of the budget form",
                "give the line's number, or list the ledger's words under values: line_code in the columns file",
            )
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)

    def _years(self) -> pa.ChunkedArray:
        if "financial_year" not in self.table.texts:
            return pa.chunked_array([pa.repeat(self.columns.financial_year, self.count)])
        text = pc.replace_substring(self.text("financial_year"), "/", "-")
        years = [f"{year}-{(year + 1) % 100:02d}" for year in range(2010, 2061)]
        self.set_aside(
            ~mask(pc.is_in(text, pa.array(years))), "financial_year", "this is not a financial year", "write 2025-26"
        )
        only = self.columns.financial_year
        if only:
            self.set_aside(
                ~mask(pc.equal(text, only)),
                "financial_year",
                f"the row is not of {only}",
                "send one year, or drop the setting",
            )
        return text

    def _councils(self) -> pa.ChunkedArray:
        if "council_code" not in self.table.texts:
            return pa.chunked_array([pa.repeat(self.columns.council_code, self.count)])
        if "council_code" in self.columns.values:
            return self._code("council_code", is_needed=True)
        text = self.text("council_code")
        self.set_aside(
            ~mask(pc.match_substring_regex(text, COUNCIL_CODE.pattern)),
            "council_code",
            "this is no ONS code of a council",
            "write it as E09000007, or list the ledger's words under values: council_code in the columns file",
        )
        return text

    def _cost_centres(self) -> None:
        code = self.text("cost_centre_code")
        self.set_aside(mask(pc.equal(code, "")), "cost_centre_code", "the row has no cost centre", "give its code")
        if not self.columns.is_one_row_per_cost_centre:
            return
        # Codes are text of the council's own; what is between the parts of a key is no text.
        key = pc.binary_join_element_wise(self.council, self.year, code, "\x1f")
        keys = pa.table({"key": key, "row": pa.array(np.arange(self.count))})
        sound = keys.filter(pa.array((self.fault == 0) & ~self.blank))
        once = sound.group_by(["key"], use_threads=False).aggregate([("row", "min")])
        repeated = np.zeros(self.count, dtype=bool)
        repeated[sound["row"].to_numpy()] = True
        repeated[once["row_min"].to_numpy()] = False
        repeated[once["row_min"].to_numpy()[self.met.repeated(once["key"])]] = True
        self.set_aside(
            repeated,
            "cost_centre_code",
            "the cost centre is there a second time",
            "add its rows up, or write one_row_per_cost_centre: no in the columns file",
        )

    def raw(self) -> pa.Table:
        """The good rows as the raw table."""
        columns = self.columns
        shown = "net" if "net" in self.table.texts else "gross"
        year = self.year
        ledger_id = pc.binary_join_element_wise(self.council, year, columns.statement, ":")
        name = self.text("cost_centre_name")
        values = {
            "release_id": self.edition.release_id,
            "sheet": self.table.sheet,
            "source_row": pa.array(self.table.rows, pa.int32()),
            "source_column": self.table.positions[shown],
            "ledger_id": ledger_id,
            "council_code": self.council,
            "financial_year": year,
            "statement": columns.statement,
            "cost_centre_code": self.text("cost_centre_code"),
            "cost_centre_name": pc.if_else(pc.equal(name, ""), pa.scalar(None, pa.string()), name),
            "line_code": self.line_code,
            "service_code": self.service_code,
            "gross_gbp": self.money.get("gross"),
            "income_gbp": self.money.get("income"),
            "net_gbp": self.money["net"],
            "tolerance_gbp": columns.tolerance_gbp,
            "value_text": self.text(shown),
        }
        return self.kept(LEDGER_LINES, values)
