"""The columns file of a council's ledger: which column holds what, said once by the council that sends it.

It lies beside the ledger as `<ledger name>.columns.yml`; one file serves every ledger whose name begins with
its own, so that `durham.columns.yml` goes with `durham_2024-25.csv` and `durham_2025-26.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from ingest.problems import InputError, Problem
from ingest.submitted.map_layout import COUNCIL_CODE, STATEMENTS, YEAR, is_financial_year

COLUMNS_SUFFIX = ".columns.yml"
NEEDED_COLUMNS = ("cost_centre_code", "line_code")
MONEY_COLUMNS = ("gross", "income", "net")
COLUMNS = (*NEEDED_COLUMNS, "council_code", "cost_centre_name", "service_code", "financial_year", *MONEY_COLUMNS)
CODED_COLUMNS = ("council_code", "line_code", "service_code")
UNITS = {"gbp": 1, "gbp_thousand": 1000}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


@dataclass(frozen=True)
class Columns:
    """A columns file, checked. Money settings: `unit`, whether income is written negative, whether fractions of
    a penny are rounded; `max_rejected_share` is how much of a ledger may be faulty before it is refused whole;
    `council_code` is none where a column has it."""

    council_code: str | None
    statement: str
    tolerance_gbp: Decimal
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    financial_year: str | None = None
    max_rejected_share: Decimal = Decimal("0.01")
    unit: str = "gbp"
    is_income_negative: bool = False
    is_rounded_to_pence: bool = False
    is_one_row_per_cost_centre: bool = True
    sheet: str | None = None
    header_row: int = 1
    encoding: str = "utf-8"
    delimiter: str = ","


def text_of(
    council_code: str,
    statement: str,
    tolerance_gbp: str,
    columns: Mapping[str, str],
    financial_year: str | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """A columns file with the settings every ledger needs."""
    settings = {
        "council_code": council_code,
        "financial_year": financial_year,
        "statement": statement,
        "tolerance_gbp": tolerance_gbp,
        "columns": dict(columns),
        "values": {name: dict(words) for name, words in values.items()} if values else None,
    }
    settings = {name: value for name, value in settings.items() if value is not None}
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def load(path: Path, ledger_name: str) -> Columns:
    """Read a columns file for a ledger of this name.

    A year that neither the file nor a column gives is taken from the ledger's name. Raises InputError with
    every problem of the file.
    """
    try:
        # The base loader keeps every value as the text it is written as: no money passes through a float.
        settings = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(
                path.name,
                "the columns file is not valid YAML",
                "compare it with the example in docs/service-maps.md",
                value=str(error).split("\n")[0][:120],
            )
        ) from error
    return _Reader(path.name, settings if isinstance(settings, dict) else {}, ledger_name).columns()


class _Reader:
    def __init__(self, file: str, settings: dict, ledger_name: str):
        self.file, self.settings, self.ledger_name = file, dict(settings), ledger_name
        self.problems: list[Problem] = []

    def _fault(self, key: str, what: str, remedy: str, value=None) -> None:
        self.problems.append(
            Problem(self.file, what, remedy, column=f"“{key}”", value=None if value is None else str(value)[:120])
        )

    def _take(self, key: str, default=None):
        return self.settings.pop(key, default)

    def columns(self) -> Columns:
        council = self._take("council_code")
        statement = self._take("statement", "")
        if statement not in STATEMENTS.values() or statement == "both":
            self._fault("statement", "the statement is missing or unknown", "write budget or outturn", statement)
        named = self._named_columns()
        self._check_council(council, named)
        settings = {
            "council_code": council,
            "statement": statement,
            "tolerance_gbp": self._number("tolerance_gbp", None, "how far the ledger may lie from the line, in pounds"),
            "max_rejected_share": self._number("max_rejected_share", "0.01", "a share from 0 to 1, such as 0.01"),
            "columns": named,
            "values": self._values(named),
            "financial_year": self._year(named),
            "unit": self._one_of("unit", "gbp", UNITS),
            "is_income_negative": self._one_of("income_is", "positive", ("positive", "negative")) == "negative",
            "is_rounded_to_pence": self._one_of("round_to_pence", "no", ("yes", "no")) == "yes",
            "is_one_row_per_cost_centre": self._one_of("one_row_per_cost_centre", "yes", ("yes", "no")) == "yes",
            "sheet": self._take("sheet"),
            "header_row": int(self._one_of("header_row", "1", [str(n) for n in range(1, 51)]) or 1),
            "encoding": self._one_of("encoding", "utf-8", ("utf-8", "cp1252", "utf-16")),
            "delimiter": _DELIMITERS.get(self._one_of("delimiter", "comma", _DELIMITERS) or "comma"),
        }
        for key in self.settings:
            self._fault(key, "no setting has this name", "correct its spelling, or delete it")
        if self.problems:
            raise InputError(self.problems)
        return Columns(**settings)

    def _check_council(self, council: str | None, named: Mapping[str, str]) -> None:
        if "council_code" in named:
            if council is not None:
                self._fault("council_code", "a column has the council as well", "keep one of the two", council)
        elif not COUNCIL_CODE.match(str(council or "")):
            self._fault(
                "council_code",
                "the council code is missing or no ONS code",
                "write it as E09000007, or name the column that holds it",
                council,
            )

    def _one_of(self, key: str, default: str, offered) -> str | None:
        value = self._take(key, default)
        if value not in offered:
            shown = ", ".join(offered) if len(offered) < 10 else f"{offered[0]} to {offered[-1]}"
            self._fault(key, "the setting has an unknown value", f"write one of: {shown}", value)
            return None
        return value

    def _number(self, key: str, default: str | None, meaning: str) -> Decimal | None:
        text = self._take(key, default)
        try:
            number = Decimal(str(text))
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number < 0:
            self._fault(key, "the setting is missing or not a number of 0 or more", f"give {meaning}", text)
            return None
        return number

    def _named_columns(self) -> dict[str, str]:
        named = self._take("columns", {})
        if not isinstance(named, dict):
            self._fault("columns", "the columns are not listed as name: header", "see docs/service-maps.md", named)
            return {}
        for name in named:
            if name not in COLUMNS:
                self._fault(f"columns: {name}", "no column has this name", f"use: {', '.join(COLUMNS)}")
        for name in NEEDED_COLUMNS:
            if name not in named:
                self._fault(f"columns: {name}", "this column is needed", "name the ledger's header that holds it")
        if "net" not in named and not {"gross", "income"} <= named.keys():
            self._fault("columns", "there is no money column", "name net, or gross and income, or all three")
        return named

    def _values(self, named: Mapping[str, str]) -> dict[str, dict[str, str]]:
        values = self._take("values", {})
        good = {}
        for name, mapping in values.items() if isinstance(values, dict) else [("values", values)]:
            if name not in CODED_COLUMNS or name not in named or not isinstance(mapping, dict):
                self._fault(
                    f"values: {name}",
                    "values can be listed for the columns council_code, line_code and service_code only",
                    "list them as the ledger's word: our code",
                )
            else:
                good[name] = mapping
        return good

    def _year(self, named: Mapping[str, str]) -> str | None:
        year = self._take("financial_year")
        if year is None and "financial_year" not in named:
            found = [part for part in self.ledger_name.replace("_", " ").replace(".", " ").split() if YEAR.match(part)]
            year = found[0] if len(found) == 1 else None
            if year is None:
                self._fault(
                    "financial_year",
                    "neither the columns file nor the ledger's name gives the year",
                    "write financial_year: 2025-26, or name the column that holds it",
                )
                return None
        if year is not None and not is_financial_year(year):
            self._fault("financial_year", "this is not a financial year", "write it as 2025-26", year)
        return year
