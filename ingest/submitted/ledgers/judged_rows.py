"""What every long table that a council sends has in common: read in blocks, judged row by row, put aside in words.

A reader gives `kept_rows` a class that judges one block; good rows come out as blocks of the raw table, faulty ones as
problems with their place. Every step works on whole columns of a block, so that what a file of any length takes is
one block and its faulty rows.
"""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.edition import Edition
from ingest.numbers import MOST_PLACES, PLAIN, read_number
from ingest.problems import InputError, Problem
from ingest.submitted.ledgers import ledger_table
from ingest.submitted.ledgers.ledger_table import LedgerTable
from ingest.submitted.ledgers.table_settings import UNITS, TableSettings
from ingest.tables import RawTable

log = logging.getLogger("prevention")

MONEY = pa.decimal128(20, 2)
_EXACT = pa.decimal128(31, MOST_PLACES)
_LISTED = 20
# So many faulty rows beyond the share allowed end the reading of a file: it will be refused in any case.
_MOST_FAULTY = 100_000
_ROWS_BETWEEN_WORDS = 1_000_000


class JudgedRows:
    """Rows of one block with their values worked out, and for each faulty row the first fault found."""

    def __init__(self, edition: Edition, settings: TableSettings, table: LedgerTable):
        self.edition, self.settings, self.table = edition, settings, table
        self.count = len(table.rows)
        self.fault: np.ndarray = np.zeros(self.count, dtype=np.int16)
        self.faults: list[tuple[str, str, str]] = [("", "", "")]
        blank: np.ndarray = np.ones(self.count, dtype=bool)
        for text in table.texts.values():
            blank &= mask(pc.equal(text, ""))
        self.blank = blank

    @property
    def good(self) -> np.ndarray:
        return (self.fault == 0) & ~self.blank

    def set_aside(self, where: np.ndarray, column: str, what: str, remedy: str) -> None:
        """Note a fault on rows that have none yet."""
        self.faults.append((column, what, remedy))
        self.fault[where & (self.fault == 0) & ~self.blank] = len(self.faults) - 1

    def text(self, name: str) -> pa.ChunkedArray:
        return self.table.texts[name] if name in self.table.texts else pa.chunked_array([pa.repeat("", self.count)])

    def amount(self, name: str) -> pa.ChunkedArray:
        text = self.text(name)
        is_blank = mask(pc.equal(text, ""))
        is_plain = mask(pc.match_substring_regex(text, PLAIN))
        value = pc.replace_substring(pc.if_else(pa.array(is_plain), text, "0"), ",", "").cast(_EXACT)
        if not (is_plain | is_blank).all():
            value = self._unusual(text, ~is_plain & ~is_blank, name, value)
        unit = pa.scalar(Decimal(UNITS[self.settings.unit]), pa.decimal128(4, 0))
        value = pc.multiply(value, unit)
        pence = pc.round(value, 2, round_mode="half_to_even")
        if not self.settings.is_rounded_to_pence:
            self.set_aside(
                mask(pc.not_equal(pence, value)),
                name,
                "the amount has fractions of a penny",
                "round it, or write round_to_pence: yes in the file beside it",
            )
        pence = pence.cast(MONEY)
        return pc.if_else(pa.array(is_blank), pa.scalar(None, MONEY), pence)

    def _unusual(self, text: pa.ChunkedArray, where: np.ndarray, name: str, value: pa.ChunkedArray):
        """The amounts with those not written plainly read one spelling at a time; what is no amount is set aside."""
        spellings = pc.unique(text.filter(pa.array(where)))
        readings = [read_number(spelling) for spelling in spellings.to_pylist()]
        faults = [
            reading.fault
            or (
                reading.number is not None
                and _places(reading.number) > MOST_PLACES
                and "it has more places than are kept"
            )
            for reading in readings
        ]
        numbers = [None if fault else r.number for r, fault in zip(readings, faults, strict=True)]
        place = pc.index_in(text, spellings)
        for fault in dict.fromkeys(fault for fault in faults if fault):
            faulty = pa.array([other == fault for other in faults])
            self.set_aside(
                where & mask(pc.take(faulty, place)),
                name,
                f"this is not an amount of money: {fault}",
                "write it as 1234.56",
            )
        read = pc.fill_null(pc.take(pa.array(numbers, _EXACT), place), Decimal(0))
        return pc.if_else(pa.array(where), read, value)

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
            shown = self.text(column)[int(position)].as_py()
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
        return sorted(problems, key=lambda problem: problem.row or 0)

    def kept(self, raw: RawTable, values: dict) -> pa.Table:
        """The good rows as a block of the raw table, from arrays and from values that every row has."""
        is_kept = None if self.good.all() else pa.array(self.good)
        arrays = [
            _column(values[name], raw.schema.field(name).type, is_kept, self.good.sum()) for name in raw.schema.names
        ]
        return pa.Table.from_arrays(arrays, names=raw.schema.names)


def _places(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def kept_rows(
    edition: Edition,
    settings: TableSettings,
    rejects: list[Problem],
    judge: Callable[[LedgerTable], tuple[pa.Table, list[Problem]]],
) -> Iterator[pa.Table]:
    """The good rows of a file, block by block; the faulty ones are added to `rejects`.

    Raises InputError when the file cannot be read, holds no rows, or has more faulty rows than allowed.
    """
    total, said = 0, 0
    for table in ledger_table.blocks(edition.path, settings):
        kept, faulty = judge(table)
        rejects += faulty
        total += kept.num_rows + len(faulty)
        if len(rejects) > settings.max_rejected_share * total + _MOST_FAULTY:
            _refuse(edition, settings, rejects, total, f"of the first {total:,} rows")
        if total // _ROWS_BETWEEN_WORDS > said:
            said = total // _ROWS_BETWEEN_WORDS
            log.info(f"{edition.path.name}: {total:,} rows read")
        yield kept
    if total == 0:
        raise InputError(
            Problem(edition.path.name, "the file holds no rows", "check sheet and header_row in the file beside it")
        )
    if len(rejects) > settings.max_rejected_share * total:
        _refuse(edition, settings, rejects, total, f"of {total:,} rows")


def _refuse(edition: Edition, settings: TableSettings, rejects: list[Problem], total: int, of_rows: str) -> None:
    summary = Problem(
        edition.path.name,
        f"{len(rejects):,} {of_rows} are faulty, more than the share of {settings.max_rejected_share} "
        f"allowed; the first {min(_LISTED, len(rejects))} follow",
        "correct the rows or the file beside it, or raise max_rejected_share there",
    )
    raise InputError([summary, *rejects[:_LISTED]])


def _column(value, kind: pa.DataType, is_kept: pa.Array | None, count: int) -> pa.ChunkedArray:
    """The kept rows of a column of the raw table, from an array or from the one value that every row has."""
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        value = value if is_kept is None else value.filter(is_kept)
    else:
        value = pa.repeat(pa.scalar(value, kind), count)
    return (value if isinstance(value, pa.ChunkedArray) else pa.chunked_array([value])).cast(kind)


def mask(condition: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """A condition on every row as a plain array; unknown counts as not so."""
    known = pc.fill_null(condition, False)
    return known.to_numpy() if isinstance(known, pa.ChunkedArray) else known.to_numpy(zero_copy_only=False)
