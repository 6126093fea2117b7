"""What a service map needs from the published warehouse: a council's lines, our services, what exists at all."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.submitted.map_layout import DEPARTMENTS
from ingest.submitted.map_rules import Known

COUNCIL_CODE = re.compile(r"E\d{8}")
_LABELS = {code: label for label, code in DEPARTMENTS.items()}
_SECTIONS = {**_LABELS, "cultural": _LABELS["culture_and_environment"]}
_SHOWN_SERVICES = 4


class NoLines(Exception):
    """There is no such council or no published budget of it in that year."""


@dataclass(frozen=True)
class CouncilLines:
    """A council's in-scope budget lines, as `service_map_template.write` takes them."""

    code: str
    name: str
    lines: list[dict]


def council_lines(database: Path, council: str, year: str) -> CouncilLines:
    """The lines of a council, named by ONS code or by name, in the budget of one year.

    Each carries what the published figures assume today, as a suggestion. Raises NoLines with what to do.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        code, name = _council(connection, council, year)
        rows = connection.execute(
            """select line_code, min(line_name), min(section), sum(amount_gbp)
               from marts.fct_budget_line
               where council_code = ? and financial_year = ? and statement = 'budget'
                 and measure = 'net_current_expenditure'
                 and line_code in (select line_code from marts.fct_allocation
                                   where council_code = ? and financial_year = ? and statement = 'budget')
               group by line_code order by line_code""",
            [code, year, code, year],
        ).fetchall()
        if not rows:
            held = _years(connection)
            raise NoLines(
                f"There is no published budget of {name} for {year} here; "
                + (f"years held: {', '.join(held)}." if held else "no year is held.")
            )
        assumed = _assumed(connection, code, year)
    lines = [
        {
            "line_code": line_code,
            "line_name": line_name,
            "section": _label(section),
            "department": _label(section),
            "amount_gbp": amount,
            "suggestion": assumed.get(line_code, ""),
        }
        for line_code, line_name, section, amount in rows
    ]
    return CouncilLines(code, name, lines)


def standard_services(database: Path) -> dict[str, str]:
    """Names of our own services by code."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute(
                "select service_code, service_name from marts.dim_service where origin = 'national' order by all"
            ).fetchall()
        )


def known(database: Path) -> Known:
    """Every council, line, service and year that is published."""
    with duckdb.connect(str(database), read_only=True) as connection:
        councils = connection.execute(
            "select council_code, max_by(council_name, valid_from_year) from marts.dim_council group by all"
        ).fetchall()
        lines: dict[str, set[str]] = {}
        for council, line in connection.execute(
            "select distinct council_code, line_code from marts.fct_allocation"
        ).fetchall():
            lines.setdefault(council, set()).add(line)
        years = _years(connection)
    return Known(dict(councils), lines, set(standard_services(database)), years)


def _council(connection: duckdb.DuckDBPyConnection, council: str, year: str) -> tuple[str, str]:
    column = "council_code" if COUNCIL_CODE.fullmatch(council) else "lower(council_name)"
    found = connection.execute(
        f"""select distinct council_code, council_name from marts.dim_council
            where {column} = ? and valid_from_year <= ? and coalesce(valid_to_year, '9999') >= ?""",
        [council if column == "council_code" else council.lower(), year, year],
    ).fetchall()
    if len(found) != 1:
        raise NoLines(f"{council} names {len(found)} councils of {year}. Give the ONS code, such as E09000007.")
    return found[0]


def _years(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select distinct financial_year from marts.fct_allocation order by 1").fetchall()
    return [year for (year,) in found]


def _assumed(connection: duckdb.DuckDBPyConnection, code: str, year: str) -> dict[str, str]:
    """In words, by line: which services its money is given to now, the largest first."""
    rows = connection.execute(
        """select a.line_code, coalesce(s.service_name, a.service_code), sum(a.amount_gbp) as given
           from marts.fct_allocation as a left join marts.dim_service as s using (service_code)
           where a.council_code = ? and a.financial_year = ? and a.statement = 'budget' and a.cost_view = 'direct'
           group by all order by a.line_code, given desc, 2""",
        [code, year],
    ).fetchall()
    by_line: dict[str, list[tuple[str, Decimal]]] = {}
    for line, service, given in rows:
        by_line.setdefault(line, []).append((service, given))
    return {line: _in_words(services) for line, services in by_line.items()}


def _in_words(services: list[tuple[str, Decimal]]) -> str:
    whole = sum(given for _, given in services)
    if not whole:
        return "; ".join(service for service, _ in services[:_SHOWN_SERVICES])
    parts = [f"{service} {given / whole * 100:.0f}%" for service, given in services[:_SHOWN_SERVICES]]
    left = len(services) - _SHOWN_SERVICES
    return "; ".join(parts) + (f"; {left} more" if left > 0 else "")


def _label(section: str) -> str:
    return _SECTIONS.get(section, section.replace("_", " ").capitalize())
