"""The columns file of a council's ledger: which column holds what, said once by the council that sends it.

It lies beside the ledger as `<ledger name>.columns.yml`; one file serves every ledger whose name begins with
its own, so that `durham.columns.yml` goes with `durham_2024-25.csv` and `durham_2025-26.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml

from ingest.submitted.ledgers.table_settings import SettingsReader, TableSettings, settings_of
from ingest.submitted.service_maps.map_layout import COUNCIL_CODE, STATEMENTS, YEAR, is_financial_year

COLUMNS_SUFFIX = ".columns.yml"
NEEDED_COLUMNS = ("cost_centre_code", "line_code")
MONEY_COLUMNS = ("gross", "income", "net")
COLUMNS = (*NEEDED_COLUMNS, "council_code", "cost_centre_name", "service_code", "financial_year", *MONEY_COLUMNS)
CODED_COLUMNS = ("council_code", "line_code", "service_code")


@dataclass(frozen=True, kw_only=True)
class Columns(TableSettings):
    """A columns file, checked. `council_code` and `financial_year` are none where a column has them."""

    council_code: str | None
    statement: str
    tolerance_gbp: Decimal
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    financial_year: str | None = None
    is_income_negative: bool = False
    is_one_row_per_cost_centre: bool = True


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
    return _Reader(path.name, settings_of(path, "docs/service-maps.md"), ledger_name).columns()


class _Reader(SettingsReader):
    def __init__(self, file: str, settings: dict, ledger_name: str):
        super().__init__(file, settings)
        self.ledger_name = ledger_name

    def columns(self) -> Columns:
        council = self.take("council_code")
        statement = self.take("statement", "")
        if statement not in STATEMENTS.values() or statement == "both":
            self.fault("statement", "the statement is missing or unknown", "write budget or outturn", statement)
        named = self._named_columns()
        self._check_council(council, named)
        settings = {
            **self.table(),
            "council_code": council,
            "statement": statement,
            "tolerance_gbp": self.number("tolerance_gbp", None, "how far the ledger may lie from the line, in pounds"),
            "columns": named,
            "values": self._values(named),
            "financial_year": self._year(named),
            "is_income_negative": self.one_of("income_is", "positive", ("positive", "negative")) == "negative",
            "is_one_row_per_cost_centre": self.one_of("one_row_per_cost_centre", "yes", ("yes", "no")) == "yes",
        }
        self.end()
        return Columns(**settings)

    def _check_council(self, council: str | None, named: Mapping[str, str]) -> None:
        if "council_code" in named:
            if council is not None:
                self.fault("council_code", "a column has the council as well", "keep one of the two", council)
        elif not COUNCIL_CODE.match(str(council or "")):
            self.fault(
                "council_code",
                "the council code is missing or no ONS code",
                "write it as E09000007, or name the column that holds it",
                council,
            )

    def _named_columns(self) -> dict[str, str]:
        named = self.named_columns(COLUMNS, NEEDED_COLUMNS, "docs/service-maps.md")
        if "net" not in named and not {"gross", "income"} <= named.keys():
            self.fault("columns", "there is no money column", "name net, or gross and income, or all three")
        return named

    def _values(self, named: Mapping[str, str]) -> dict[str, dict[str, str]]:
        values = self.take("values", {})
        good = {}
        for name, mapping in values.items() if isinstance(values, dict) else [("values", values)]:
            if name not in CODED_COLUMNS or name not in named or not isinstance(mapping, dict):
                self.fault(
                    f"values: {name}",
                    "values can be listed for the columns council_code, line_code and service_code only",
                    "list them as the ledger's word: our code",
                )
            else:
                good[name] = mapping
        return good

    def _year(self, named: Mapping[str, str]) -> str | None:
        year = self.take("financial_year")
        if year is None and "financial_year" not in named:
            found = [part for part in self.ledger_name.replace("_", " ").replace(".", " ").split() if YEAR.match(part)]
            year = found[0] if len(found) == 1 else None
            if year is None:
                self.fault(
                    "financial_year",
                    "neither the columns file nor the ledger's name gives the year",
                    "write financial_year: 2025-26, or name the column that holds it",
                )
                return None
        if year is not None and not is_financial_year(year):
            self.fault("financial_year", "this is not a financial year", "write it as 2025-26", year)
        return year
