"""What a service map needs from the published warehouse: a council's lines, our services, what exists at all."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.submitted.service_maps.map_layout import DEPARTMENTS
from ingest.submitted.service_maps.map_rules import Known
from reporting.suggestions import near

COUNCIL_CODE = re.compile(r"E\d{8}")
_LABELS = {code: label for label, code in DEPARTMENTS.items()}
_SECTIONS = {**_LABELS, "cultural": _LABELS["culture_and_environment"]}
_SHOWN_SERVICES = 4
STATEMENTS = ("budget", "outturn")
OUTSIDE_THE_FIGURES = "Outside the figures, unless a map takes it in"


class NoLines(Exception):
    """There is no such council or no published budget of it in that year."""


@dataclass(frozen=True)
class CouncilLines:
    """A council's in-scope budget lines, as `service_map_template.write` takes them."""

    code: str
    name: str
    statement: str
    lines: list[dict]


def council_lines(database: Path, council: str, year: str, statement: str | None = None) -> CouncilLines:
    """The lines of a council, named by ONS code or by name, in the budget or the outturn of one year.

    Without a statement the budget is taken where it is held, else the outturn. Each line carries what the published
    figures assume today, as a suggestion; lines outside the figures that a map may take in come last. Raises NoLines
    with what to do.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        code, name = _council(connection, council, year)
        held = _statements(connection, code)
        statement = statement or next((s for s in STATEMENTS if year in held.get(s, ())), STATEMENTS[0])
        rows = connection.execute(
            """select line_code, min(line_name), min(section), sum(amount_gbp)
               from marts.fct_budget_line
               where council_code = ? and financial_year = ? and statement = ?
                 and measure = 'net_current_expenditure' and not is_total
                 and line_code in (select line_code from marts.fct_allocation
                                   where council_code = ? and financial_year = ? and statement = ?)
               group by line_code order by line_code""",
            [code, year, statement, code, year, statement],
        ).fetchall()
        if not rows:
            raise NoLines(_nothing_to_map(name, year, statement, held))
        assumed = _assumed(connection, code, year, statement)
        offered = _on_map(connection, code, year, statement)
    lines = [
        {
            "line_code": line_code,
            "line_name": line_name,
            "section": _label(section),
            "department": _label(section),
            "amount_gbp": amount,
            "suggestion": suggestion,
        }
        for line_code, line_name, section, amount, suggestion in [
            *((*row, assumed.get(row[0], "")) for row in rows),
            *((*row, OUTSIDE_THE_FIGURES) for row in offered if row[0] not in {r[0] for r in rows}),
        ]
    ]
    return CouncilLines(code, name, statement, lines)


def standard_services(database: Path) -> dict[str, str]:
    """Names of our own services by code."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute(
                "select service_code, service_name from marts.dim_service where origin = 'national' order by all"
            ).fetchall()
        )


def known(database: Path) -> Known:
    """Every council, service and year that is published, and every line that a map of the council can split."""
    with duckdb.connect(str(database), read_only=True) as connection:
        councils = connection.execute(
            "select council_code, max_by(council_name, valid_from_year) from marts.dim_council group by all"
        ).fetchall()
        lines: dict[str, set[str]] = {}
        for council, line in connection.execute(
            "select distinct council_code, line_code from marts.fct_allocation"
        ).fetchall():
            lines.setdefault(council, set()).add(line)
        for council, line in _offered_lines(connection):
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
    if len(found) > 1:
        codes = ", ".join(sorted(code for code, _ in found))
        raise NoLines(f"{len(found)} councils of {year} are called {council}. Give the code of one: {codes}.")
    if not found:
        raise NoLines(_no_council(connection, council, year))
    return found[0]


def _no_council(connection: duckdb.DuckDBPyConnection, council: str, year: str) -> str:
    """Why a name or code finds nothing: another year's council, or the names near it of councils of that year."""
    held = connection.execute(
        "select council_code, council_name, valid_from_year, coalesce(valid_to_year, '9999-00') from marts.dim_council"
    ).fetchall()
    for code, name, first, last in held:
        if council.casefold() in (code.casefold(), name.casefold()):
            when = f"from {first} on" if last == "9999-00" else f"from {first} to {last}"
            return f"{name} ({code}) was no council of {year}: the register has it {when}."
    standing = {name: code for code, name, first, last in held if first <= year <= last}
    codes = {code: name for name, code in standing.items()}
    close = [f"{name} ({standing[name]})" for name in near(council, list(standing))]
    close = close or [f"{codes[code]} ({code})" for code in near(council, list(codes))]
    said = f" Near it: {', '.join(close)}." if close else ""
    return f"No council of {year} is called {council} or has that code.{said}"


def _years(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select distinct financial_year from marts.fct_allocation order by 1").fetchall()
    return [year for (year,) in found]


def _statements(connection: duckdb.DuckDBPyConnection, code: str) -> dict[str, list[str]]:
    """Years of a council with lines that say more than a total, by statement."""
    rows = connection.execute(
        """select distinct b.statement, b.financial_year
           from marts.fct_budget_line as b
           where b.council_code = ? and not b.is_total and b.amount_gbp is not null
             and b.measure = 'net_current_expenditure'
             and exists (select 1 from marts.fct_allocation as a
                         where a.council_code = b.council_code and a.financial_year = b.financial_year
                           and a.statement = b.statement and a.line_code = b.line_code)
           order by all""",
        [code],
    ).fetchall()
    held: dict[str, list[str]] = {}
    for statement, year in rows:
        held.setdefault(statement, []).append(year)
    return held


def _nothing_to_map(name: str, year: str, statement: str, held: dict[str, list[str]]) -> str:
    listed = "; ".join(f"{kind}: {', '.join(held[kind])}" for kind in STATEMENTS if kind in held)
    return f"There is no published {statement} of {name} for {year} here whose lines could be mapped. " + (
        f"Years held: {listed}." if listed else "No year of it is held."
    )


def _has_scope(connection: duckdb.DuckDBPyConnection) -> bool:
    """A warehouse published before the table of scopes was has none."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'marts' and table_name = 'dim_line_scope'"
    ).fetchone()
    return found[0] > 0


_OFFERED = """from marts.fct_budget_line as b
    inner join marts.dim_line_scope as s
        on b.section = s.section and b.line_code = s.line_code and s.scope = 'on_map'
        and b.financial_year >= s.valid_from_year and b.financial_year <= coalesce(s.valid_to_year, '9999-00')
    where b.body_kind = 'council' and b.measure = 'net_current_expenditure' and b.amount_gbp is not null"""


def _offered_lines(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Council and code of every published line outside the usual scope that a map may take in."""
    if not _has_scope(connection):
        return []
    return connection.execute(f"select distinct b.council_code, b.line_code {_OFFERED}").fetchall()


def _on_map(connection: duckdb.DuckDBPyConnection, code: str, year: str, statement: str) -> list[tuple]:
    if not _has_scope(connection):
        return []
    return connection.execute(
        f"""select b.line_code, min(b.line_name), min(b.section), sum(b.amount_gbp) {_OFFERED}
            and b.council_code = ? and b.financial_year = ? and b.statement = ?
            group by b.line_code order by b.line_code""",
        [code, year, statement],
    ).fetchall()


def _assumed(connection: duckdb.DuckDBPyConnection, code: str, year: str, statement: str) -> dict[str, str]:
    """In words, by line: which services its money is given to now, the largest first."""
    rows = connection.execute(
        """select a.line_code, coalesce(s.service_name, a.service_code), sum(a.amount_gbp) as given
           from marts.fct_allocation as a left join marts.dim_service as s using (service_code)
           where a.council_code = ? and a.financial_year = ? and a.statement = ? and a.cost_view = 'direct'
           group by all order by a.line_code, given desc, 2""",
        [code, year, statement],
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
