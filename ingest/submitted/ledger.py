"""A council's own ledger: cost-centre budgets or outturn, read with the columns file that lies beside it.

Good rows are kept; a faulty row is set aside with its place and reason. A ledger with more faulty rows than
its columns file allows is refused whole. Every step works on whole columns of one block of rows after the other, so
that what a ledger of any length takes is one block, its faulty rows, and sixteen bytes a cost centre.
"""

import logging
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.edition import Edition, Parsed
from ingest.numbers import MOST_PLACES, PLAIN, read_number
from ingest.problems import InputError, Problem
from ingest.submitted import ledger_columns, ledger_table
from ingest.submitted.ledger_columns import COLUMNS_SUFFIX, UNITS, Columns
from ingest.submitted.ledger_table import LedgerTable
from ingest.submitted.map_layout import COUNCIL_CODE
from ingest.tables import TABLES

log = logging.getLogger("prevention")

_LISTED = 20
# So many faulty rows beyond the share allowed end the reading of a ledger: it will be refused in any case.
_MOST_FAULTY = 100_000
_ROWS_BETWEEN_WORDS = 1_000_000
_MONEY = pa.decimal128(20, 2)
_EXACT = pa.decimal128(31, MOST_PLACES)


def read(edition: Edition) -> Parsed:
    """The raw rows of a ledger, in blocks, and what was set aside: complete when the blocks have been taken.

    Raises InputError when the columns file is missing or faulty; the blocks raise it when the ledger cannot be
    read, holds no rows, or has more faulty rows than allowed.
    """
    columns = ledger_columns.load(_columns_file(edition.path), edition.path.stem)
    rejects: list[Problem] = []
    return Parsed({"ledger_lines": _kept(edition, columns, rejects)}, rejects)


def _kept(edition: Edition, columns: Columns, rejects: list[Problem]) -> Iterator[pa.Table]:
    """The good rows, block by block; the faulty ones are added to `rejects`."""
    met = _Met()
    total, said = 0, 0
    for table in ledger_table.blocks(edition.path, columns):
        judged = _Judged(edition, columns, table, met)
        kept, faulty = judged.kept(), judged.rejects()
        rejects += faulty
        total += kept.num_rows + len(faulty)
        if len(rejects) > columns.max_rejected_share * total + _MOST_FAULTY:
            _refuse(edition, columns, rejects, total, f"of the first {total:,} rows")
        if total // _ROWS_BETWEEN_WORDS > said:
            said = total // _ROWS_BETWEEN_WORDS
            log.info(f"{edition.path.name}: {total:,} rows read")
        yield kept
    if total == 0:
        raise InputError(
            Problem(edition.path.name, "the ledger holds no rows", "check sheet and header_row in the columns file")
        )
    if len(rejects) > columns.max_rejected_share * total:
        _refuse(edition, columns, rejects, total, f"of {total:,} rows")


def _refuse(edition: Edition, columns: Columns, rejects: list[Problem], total: int, of_rows: str) -> None:
    summary = Problem(
        edition.path.name,
        f"{len(rejects):,} {of_rows} are faulty, more than the share of {columns.max_rejected_share} "
        f"allowed; the first {min(_LISTED, len(rejects))} follow",
        "correct the rows or the columns file, or raise max_rejected_share there",
    )
    raise InputError([summary, *rejects[:_LISTED]])


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


class _Met:
    """The keys of earlier blocks, each as two hashes of eight bytes: no two keys of a ledger share both."""

    def __init__(self):
        self.first, self.second = np.array([], dtype=np.uint64), np.array([], dtype=np.uint64)

    def repeated(self, keys: pa.ChunkedArray) -> np.ndarray:
        """Which of the keys, each here once, an earlier block had; from now on all of them count as met."""
        texts = keys.to_numpy()
        first, second = (pd.util.hash_array(texts, hash_key=key, categorize=False) for key in _HASH_KEYS)
        found = np.zeros(len(first), dtype=bool)
        begins, ends = np.searchsorted(self.first, first), np.searchsorted(self.first, first, side="right")
        for position in np.flatnonzero(ends > begins):
            found[position] = second[position] in self.second[begins[position] : ends[position]]
        order = np.argsort(first[~found])
        places = np.searchsorted(self.first, first[~found][order])
        self.first = np.insert(self.first, places, first[~found][order])
        self.second = np.insert(self.second, places, second[~found][order])
        return found


class _Judged:
    """Rows of a ledger with their values worked out, and for each faulty row the first fault found."""

    def __init__(self, edition: Edition, columns: Columns, table: LedgerTable, met: _Met):
        self.edition, self.columns, self.table, self.met = edition, columns, table, met
        self.count = len(table.rows)
        self.fault = np.zeros(self.count, dtype=np.int16)
        self.faults: list[tuple[str, str, str]] = [("", "", "")]
        blank = np.ones(self.count, dtype=bool)
        for text in table.texts.values():
            blank &= _mask(pc.equal(text, ""))
        self.blank = blank
        self.money = {name: self._amount(name) for name in ("gross", "income", "net") if name in table.texts}
        self._net()
        self.line_code = self._code("line_code", is_needed=True)
        self.service_code = self._code("service_code", is_needed=False)
        self.year = self._years()
        self.council = self._councils()
        self._cost_centres()

    def _set_aside(self, where: np.ndarray, column: str, what: str, remedy: str) -> None:
        """Note a fault on rows that have none yet."""
        self.faults.append((column, what, remedy))
        self.fault[where & (self.fault == 0) & ~self.blank] = len(self.faults) - 1

    def _text(self, name: str) -> pa.ChunkedArray:
        return self.table.texts[name] if name in self.table.texts else pa.chunked_array([pa.repeat("", self.count)])

    def _amount(self, name: str) -> pa.ChunkedArray:
        text = self._text(name)
        is_blank = _mask(pc.equal(text, ""))
        is_plain = _mask(pc.match_substring_regex(text, PLAIN))
        value = pc.replace_substring(pc.if_else(pa.array(is_plain), text, "0"), ",", "").cast(_EXACT)
        if not (is_plain | is_blank).all():
            value = self._unusual(text, ~is_plain & ~is_blank, name, value)
        unit = pa.scalar(Decimal(UNITS[self.columns.unit]), pa.decimal128(4, 0))
        value = pc.multiply(value, unit)
        pence = pc.round(value, 2, round_mode="half_to_even")
        if not self.columns.is_rounded_to_pence:
            self._set_aside(
                _mask(pc.not_equal(pence, value)),
                name,
                "the amount has fractions of a penny",
                "round it, or write round_to_pence: yes in the columns file",
            )
        pence = pence.cast(_MONEY)
        if name == "income" and self.columns.is_income_negative:
            pence = pc.negate(pence)
        return pc.if_else(pa.array(is_blank), pa.scalar(None, _MONEY), pence)

    def _unusual(self, text: pa.ChunkedArray, where: np.ndarray, name: str, value: pa.ChunkedArray):
        """The amounts with those not written plainly read one spelling at a time; what is no amount is set aside."""
        spellings = pc.unique(text.filter(pa.array(where)))
        readings = [read_number(spelling) for spelling in spellings.to_pylist()]
        faults = [
            reading.fault or (-reading.number.as_tuple().exponent > MOST_PLACES and "it has more places than are kept")
            for reading in readings
        ]
        numbers = [None if fault else r.number for r, fault in zip(readings, faults, strict=True)]
        place = pc.index_in(text, spellings)
        for fault in dict.fromkeys(fault for fault in faults if fault):
            faulty = pa.array([other == fault for other in faults])
            self._set_aside(
                where & _mask(pc.take(faulty, place)),
                name,
                f"this is not an amount of money: {fault}",
                "write it as 1234.56",
            )
        read = pc.fill_null(pc.take(pa.array(numbers, _EXACT), place), Decimal(0))
        return pc.if_else(pa.array(where), read, value)

    def _net(self) -> None:
        has_parts = "gross" in self.money and "income" in self.money
        if has_parts:
            gross, income = (
                pc.coalesce(self.money[name], pa.scalar(Decimal(0), _MONEY)) for name in ("gross", "income")
            )
            parts = pc.subtract(gross, income).cast(_MONEY)
            nothing = pc.and_(pc.is_null(self.money["gross"]), pc.is_null(self.money["income"]))
            parts = pc.if_else(nothing, pa.scalar(None, _MONEY), parts)
            given = self.money.get("net", parts)
            differs = pc.fill_null(pc.not_equal(given, parts), False)
            self._set_aside(
                _mask(differs), "net", "gross less income is not the net amount", "correct one of the three amounts"
            )
            self.money["net"] = pc.coalesce(given, parts)
        column = "net" if "net" in self.table.texts else "gross"
        missing = _mask(pc.is_null(self.money["net"]))
        self._set_aside(missing, column, "the row has no amount", "give one, 0 included, or delete the row")

    def _code(self, name: str, is_needed: bool) -> pa.ChunkedArray:
        text = self._text(name)
        if name in self.columns.values:
            words = self.columns.values[name]
            place = pc.index_in(text, pa.array(list(words), pa.string()))
            known = _mask(pc.is_valid(place))
            unknown = ~known if is_needed else ~known & ~_mask(pc.equal(text, ""))
            self._set_aside(
                unknown, name, "the columns file gives no code for this word", f"add it there under values: {name}"
            )
            text = pc.take(pa.array([*words.values()], pa.string()), place)
        elif is_needed:
            self._set_aside(
                _mask(pc.equal(text, "")), name, "the row names no budget line", "give the line it belongs to"
            )
            self._set_aside(
                ~_mask(pc.match_substring_regex(text, r"^[0-9]{1,4}[a-z]?$")),
                name,
                "this is no line number of the budget form",
                "give the line's number, or list the ledger's words under values: line_code in the columns file",
            )
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)

    def _years(self) -> pa.ChunkedArray:
        if "financial_year" not in self.table.texts:
            return pa.chunked_array([pa.repeat(self.columns.financial_year, self.count)])
        text = pc.replace_substring(self._text("financial_year"), "/", "-")
        years = [f"{year}-{(year + 1) % 100:02d}" for year in range(2010, 2061)]
        self._set_aside(
            ~_mask(pc.is_in(text, pa.array(years))), "financial_year", "this is not a financial year", "write 2025-26"
        )
        only = self.columns.financial_year
        if only:
            self._set_aside(
                ~_mask(pc.equal(text, only)),
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
        text = self._text("council_code")
        self._set_aside(
            ~_mask(pc.match_substring_regex(text, COUNCIL_CODE.pattern)),
            "council_code",
            "this is no ONS code of a council",
            "write it as E09000007, or list the ledger's words under values: council_code in the columns file",
        )
        return text

    def _cost_centres(self) -> None:
        code = self._text("cost_centre_code")
        self._set_aside(_mask(pc.equal(code, "")), "cost_centre_code", "the row has no cost centre", "give its code")
        if not self.columns.is_one_row_per_cost_centre:
            return
        # Codes are text of the council's own; what stands between the parts of a key is no text.
        key = pc.binary_join_element_wise(self.council, self.year, code, "\x1f")
        keys = pa.table({"key": key, "row": pa.array(np.arange(self.count))})
        sound = keys.filter(pa.array((self.fault == 0) & ~self.blank))
        once = sound.group_by(["key"], use_threads=False).aggregate([("row", "min")])
        repeated = np.zeros(self.count, dtype=bool)
        repeated[sound["row"].to_numpy()] = True
        repeated[once["row_min"].to_numpy()] = False
        repeated[once["row_min"].to_numpy()[self.met.repeated(once["key"])]] = True
        self._set_aside(
            repeated,
            "cost_centre_code",
            "the cost centre stands there a second time",
            "add its rows up, or write one_row_per_cost_centre: no in the columns file",
        )

    def rejects(self) -> list[Problem]:
        """A problem for every faulty row, in row order; torn rows among them."""
        problems = [
            Problem(
                self.edition.path.name,
                "the row has more or fewer cells than the header",
                "put quotation marks round text that holds the delimiter",
                self.table.sheet or None,
                number,
                value=text[:120],
            )
            for number, text in self.table.torn
        ]
        for position in np.flatnonzero(self.fault):
            column, what, remedy = self.faults[self.fault[position]]
            shown = self._text(column)[int(position)].as_py()
            problems.append(
                Problem(
                    self.edition.path.name,
                    f"{column}: {what}",
                    remedy,
                    self.table.sheet or None,
                    int(self.table.rows[position]),
                    self.table.positions.get(column, column),
                    shown[:120],
                )
            )
        return sorted(problems, key=lambda problem: problem.row)

    def kept(self) -> pa.Table:
        """The good rows as the raw table."""
        columns, good = self.columns, (self.fault == 0) & ~self.blank
        shown = "net" if "net" in self.table.texts else "gross"
        year = self.year
        ledger_id = pc.binary_join_element_wise(self.council, year, columns.statement, ":")
        name = self._text("cost_centre_name")
        values = {
            "release_id": self.edition.release_id,
            "sheet": self.table.sheet,
            "source_row": pa.array(self.table.rows, pa.int32()),
            "source_column": self.table.positions[shown],
            "ledger_id": ledger_id,
            "council_code": self.council,
            "financial_year": year,
            "statement": columns.statement,
            "cost_centre_code": self._text("cost_centre_code"),
            "cost_centre_name": pc.if_else(pc.equal(name, ""), pa.scalar(None, pa.string()), name),
            "line_code": self.line_code,
            "service_code": self.service_code,
            "gross_gbp": self.money.get("gross"),
            "income_gbp": self.money.get("income"),
            "net_gbp": self.money["net"],
            "tolerance_gbp": columns.tolerance_gbp,
            "value_text": self._text(shown),
        }
        schema = TABLES["ledger_lines"].schema
        is_kept = None if good.all() else pa.array(good)
        arrays = [_column(value, schema.field(field).type, is_kept, good.sum()) for field, value in values.items()]
        return pa.Table.from_arrays(arrays, names=list(values))


def _column(value, kind: pa.DataType, is_kept: pa.Array | None, count: int) -> pa.ChunkedArray:
    """The kept rows of a column of the raw table, from an array or from the one value that every row has."""
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        value = value if is_kept is None else value.filter(is_kept)
    else:
        value = pa.repeat(pa.scalar(value, kind), count)
    return (value if isinstance(value, pa.ChunkedArray) else pa.chunked_array([value])).cast(kind)


def _mask(condition: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """A condition on every row as a plain array; unknown counts as not so."""
    known = pc.fill_null(condition, False)
    return known.to_numpy() if isinstance(known, pa.ChunkedArray) else known.to_numpy(zero_copy_only=False)
