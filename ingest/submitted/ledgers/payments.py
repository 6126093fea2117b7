"""A council's payments, as published each month or quarter ("spend over £500"), given cost centres by declared rules.

Every payment that can be read is kept, whether a rule fits it or not: what no rule claims shows as such. Layouts
differ between councils and years; the rules file beside the payments says what is where (see `payment_rules`).
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.submitted.ledgers import payment_rules
from ingest.submitted.ledgers.judged_rows import JudgedRows, kept_rows, mask
from ingest.submitted.ledgers.ledger_table import LedgerTable
from ingest.submitted.ledgers.payment_rules import CODES, RULES_SUFFIX, PaymentRules
from ingest.submitted.service_maps.map_layout import COUNCIL_CODE
from ingest.tables import PAYMENTS

# The raw tables this reader fills, besides `rejects`.
FILLS = ("payments",)

# A day that needs no telling how it is written; with a time of midnight behind it where a program has added that.
_ISO = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00:00(?:\.0+)?)?$"
_FIRST_YEAR, _LAST_YEAR = 2010, 2060


def read(edition: Edition) -> Parsed:
    """The payments of a file, in blocks, and what was set aside: complete when the blocks have been taken.

    Raises InputError when the rules file is missing or faulty; the blocks raise it when the file cannot be read,
    holds no rows, or has more faulty rows than allowed.
    """
    rules = payment_rules.load(_rules_file(edition.path))
    rejects: list[Problem] = []

    def judge(table: LedgerTable) -> tuple[pa.Table, list[Problem]]:
        judged = _Judged(edition, rules, table)
        return judged.raw(), judged.rejects()

    return Parsed({PAYMENTS.name: kept_rows(edition, rules, rejects, judge)}, rejects)


def _rules_file(payments: Path) -> Path:
    if payments.name.endswith(RULES_SUFFIX):
        raise InputError(
            Problem(payments.name, "there are no payments that this rules file belongs to", "put them beside it")
        )
    beside = sorted(payments.parent.glob(f"*{RULES_SUFFIX}"))
    if not beside:
        raise InputError(
            Problem(
                payments.name,
                "there is no rules file beside the payments, so nobody knows what they are for",
                f"write {payments.stem}{RULES_SUFFIX} beside it, after the example in {payment_rules.EXAMPLE}",
            )
        )
    return beside[0]


class _Judged(JudgedRows):
    """Payments of one block: day, amount, and the first rule that fits each."""

    def __init__(self, edition: Edition, rules: PaymentRules, table: LedgerTable):
        super().__init__(edition, rules, table)
        self.rules = rules
        self.pence = self.amount("amount")
        self.set_aside(
            mask(pc.is_null(self.pence)), "amount", "the payment has no amount", "give one, or delete the row"
        )
        self.paid_on = self._days()
        self.council = self._councils()
        self.rule = self._first_that_fits()

    def _days(self) -> pa.Array:
        text = self.text("paid_on")
        is_iso = pc.match_substring_regex(text, _ISO)
        iso = pc.strptime(pc.replace_substring_regex(text, _ISO, r"\1"), "%Y-%m-%d", "s", error_is_null=True)
        told = pc.strptime(text, self.rules.date_format, "s", error_is_null=True)
        days = pc.if_else(is_iso, iso, told)
        year = pc.fill_null(pc.year(days), 0)
        is_known = mask(pc.and_(pc.greater_equal(year, _FIRST_YEAR), pc.less_equal(year, _LAST_YEAR)))
        self.set_aside(
            ~is_known,
            "paid_on",
            "this is no day as the rules file says days are written",
            f"write it so, or set date_format there to one of: {', '.join(payment_rules.DATE_FORMATS)}",
        )
        return pc.if_else(pa.array(is_known), days, pa.scalar(None, days.type)).cast(pa.date32())

    def _years(self) -> pa.Array:
        """The financial year of each day: from April to March."""
        begins = pc.subtract(pc.year(self.paid_on), pc.less(pc.month(self.paid_on), 4).cast(pa.int64()))
        offset = pc.subtract(begins, _FIRST_YEAR - 1).cast(pa.int32())
        return pc.take(pa.array([f"{y}-{(y + 1) % 100:02d}" for y in range(_FIRST_YEAR - 1, _LAST_YEAR + 1)]), offset)

    def _councils(self) -> pa.Array | pa.ChunkedArray:
        if "council_code" not in self.table.texts:
            return pa.chunked_array([pa.repeat(self.rules.council_code, self.count)])
        text = self.text("council_code")
        is_code = mask(pc.match_substring_regex(text, COUNCIL_CODE.pattern))
        self.set_aside(~is_code, "council_code", "this is no ONS code of a council", "write it as E09000007")
        return text

    def _first_that_fits(self) -> np.ndarray:
        """The place of the first rule that fits each payment, or minus one."""
        found: np.ndarray = np.full(self.count, -1, dtype=np.int64)
        told = {name: _encoded(text) for name, text in self.table.texts.items() if name not in ("amount", "paid_on")}
        for place, rule in enumerate(self.rules.rules):
            fits = found < 0
            for column, words in rule.when.items():
                if not fits.any():
                    break
                fits &= _holds(told[column], column, words)
            found[fits] = place
        return found

    def _given(self, target: str) -> pa.Array:
        """What the rule of each payment says of it; nothing where no rule fits."""
        said = pa.array([getattr(rule, target) for rule in self.rules.rules], pa.string())
        return pc.take(said, pa.array(self.rule, mask=self.rule < 0))

    def raw(self) -> pa.Table:
        """The good rows as the raw table."""
        own = _or_null(self.text("cost_centre_code"))
        values = {
            "release_id": self.edition.release_id,
            "sheet": self.table.sheet,
            "source_row": pa.array(self.table.rows, pa.int32()),
            "source_column": self.table.positions["amount"],
            "council_code": self.council,
            "paid_on": self.paid_on,
            "financial_year": self._years(),
            "supplier_name": _or_null(self.text("supplier")),
            "reference": _or_null(self.text("reference")),
            "department": _or_null(self.text("department")),
            "description": _or_null(self.text("description")),
            "amount_gbp": self.pence,
            "cost_centre_code": pc.coalesce(self._given("cost_centre_code"), own),
            "line_code": self._given("line_code"),
            "service_code": self._given("service_code"),
            "rule_name": self._given("name"),
            "value_text": self.text("amount"),
        }
        return self.kept(PAYMENTS, values)


def _encoded(text: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """The different texts of a column, and for each row which it is: a rule is tried once on each."""
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    encoded = whole.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)


def _holds(told: tuple[pa.Array, np.ndarray], column: str, words: tuple[str, ...]) -> np.ndarray:
    texts, place = told
    if column in CODES:
        fits = mask(pc.is_in(texts, pa.array(words)))
    else:
        fits = np.zeros(len(texts), dtype=bool)
        for word in words:
            fits |= mask(pc.match_substring(texts, word, ignore_case=True))
    return fits[place] if len(fits) else np.zeros(len(place), dtype=bool)


def _or_null(text: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
