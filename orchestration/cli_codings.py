"""Coding sheets from the command line: whose rows stand on them, and where they are written."""

import csv
from pathlib import Path

from orchestration.cli_options import published_database, say, stop
from orchestration.home import Home

Units = list[tuple[str, str]]


def write_template(home: Home, document: str, wave: str, listed: Path | None, out: Path | None) -> Path:
    """Write a sheet for the units of a document type and wave, or for those listed in a CSV of code and name.

    Leaves with a message when the codebook has no such wave or nothing has been published yet.
    """
    from ingest.submitted import codebook, coding_template

    out = out or Path(f"{document}_{wave}.xlsx")
    try:
        units = _listed(listed) if listed else _units(home, document, wave)
        if document == codebook.FOI:
            coding_template.write_foi(out, wave, units)
        else:
            coding_template.write_strategies(out, wave, document, units)
    except ValueError as error:
        stop(str(error))
    if not units:
        say(f"No {codebook.unit_kind(document)} of this wave is known: the rows are blank. --units takes a list.")
    say(f"{len(units)} units. Fill it in, then: prevention check-map {out}")
    return out


def _listed(path: Path) -> Units:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [(row[0], row[1]) for row in csv.reader(stream) if len(row) >= 2]


def _units(home: Home, document: str, wave: str) -> Units:
    """The councils of the year a wave speaks for, or the boards or partnerships they formed."""
    from ingest.submitted import codebook

    year = codebook.evidence_year(document, wave)
    councils = _councils(published_database(home), year)
    kind = codebook.unit_kind(document)
    if kind == "council":
        return councils
    return codebook.boards(councils, year) if kind == "board" else codebook.partnerships(councils, year)


def _councils(database: Path, year: str) -> Units:
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            """select council_code, council_name from marts.dim_council
               where valid_from_year <= ? and coalesce(valid_to_year, '9999-00') >= ? order by all""",
            [year, year],
        ).fetchall()
