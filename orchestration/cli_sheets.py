"""Commands for what people fill in: templates out, maps checked before they are sent in."""

import re
from pathlib import Path

import click

from orchestration.cli_options import home_option, published_database, say, stop
from orchestration.home import Home

DEPARTMENTS = {"adult_social_care": "Adult social care", "public_health": "Public health"}
OTHER_DEPARTMENTS = "Other departments"
COUNCIL_CODE = re.compile(r"E\d{8}")


@click.group()
def template() -> None:
    """Write a sheet to fill in: a council's service map, or a coding sheet.

    Example: prevention template map --council E09000007 --year 2023-24
    """


@template.command("map")
@home_option
@click.option("--council", required=True, help="ONS code of the council, or its name.")
@click.option("--year", required=True, help="Financial year whose budget lines are put in, e.g. 2023-24.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.pass_obj
def map_template(home: Home, council: str, year: str, out: Path | None) -> None:
    """A service map with the council's own published budget lines in it.

    Example: prevention template map --council Camden --year 2023-24 --out camden.xlsx
    """
    from ingest.submitted import service_map_template

    code, name, lines = _lines(published_database(home), council, year)
    out = out or Path(f"service_map_{code}_{year}.xlsx")
    try:
        service_map_template.write(out, {"code": code, "name": name}, year, lines)
    except ValueError as error:
        stop(str(error))
    say(f"{len(lines)} budget lines of {name}, {year}. Fill it in, then: prevention check-map {out}")
    print(out)


@template.command("foi")
@home_option
@click.option("--wave", required=True, help="Wave of the Freedom of Information requests, e.g. 2021.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write (.xlsx or .csv).")
@click.pass_obj
def foi_template(home: Home, wave: str, out: Path | None) -> None:
    """A coding sheet for the answers of one wave, one row for each council.

    Example: prevention template foi --wave 2021 --out foi_2021_coder_a.xlsx
    """
    from ingest.submitted import coding_template

    units = _councils(published_database(home))
    out = out or Path(f"foi_{wave}.xlsx")
    try:
        coding_template.write_foi(out, wave, units)
    except ValueError as error:
        stop(str(error))
    say(f"{len(units)} councils. Fill it in and put it into the folder codings of {home.landing}")
    print(out)


@template.command("strategies")
@home_option
@click.option("--wave", required=True, help="Wave of the reading, e.g. 2021.")
@click.option("--document", required=True, help="Kind of document: jhws or stp.")
@click.option("--units", type=click.Path(exists=True, path_type=Path), help="CSV with code and name of each unit.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write (.xlsx or .csv).")
@click.pass_obj
def strategies_template(home: Home, wave: str, document: str, units: Path | None, out: Path | None) -> None:
    """A coding sheet for strategies, one row for each board or partnership (councils when no list is given).

    Example: prevention template strategies --wave 2021 --document jhws --units boards.csv
    """
    import csv

    from ingest.submitted import coding_template

    if units is not None:
        with units.open(encoding="utf-8-sig", newline="") as stream:
            listed = [(row[0], row[1]) for row in csv.reader(stream) if len(row) >= 2]
    else:
        listed = _councils(published_database(home))
    out = out or Path(f"{document}_{wave}.xlsx")
    try:
        coding_template.write_strategies(out, wave, document, listed)
    except ValueError as error:
        stop(str(error))
    say(f"{len(listed)} units. Fill it in and put it into the folder codings of {home.landing}")
    print(out)


@click.command("check-map")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_map(files: tuple[Path, ...]) -> None:
    """Check filled-in service maps before they are sent in; names sheet, cell and rule of every problem.

    Example: prevention check-map service_map_E09000007_2023-24.xlsx
    """
    from ingest.submitted import service_map

    wrong = 0
    for file in files:
        problems = service_map.check(file)
        wrong += bool(problems)
        for problem in problems:
            print(problem)
        say(f"{file.name}: " + (f"{len(problems)} problems" if problems else "can be taken as it is"))
    raise SystemExit(1 if wrong else 0)


def _councils(database: Path) -> list[tuple[str, str]]:
    """Code and name of every present council, by code."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select council_code, council_name from marts.dim_council where valid_to_year is null order by all"
        ).fetchall()


def _lines(database: Path, council: str, year: str) -> tuple[str, str, list[dict]]:
    """Code, name and in-scope budget lines of a council; leaves with a message when there are none."""
    import duckdb

    column = "council_code" if COUNCIL_CODE.fullmatch(council) else "lower(council_name)"
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            f"""select distinct council_code, council_name from marts.dim_council
                where {column} = ? and valid_from_year <= ? and coalesce(valid_to_year, '9999') >= ?""",
            [council if column == "council_code" else council.lower(), year, year],
        ).fetchall()
        if len(found) != 1:
            stop(f"{council} names {len(found)} councils of {year}. Give the ONS code, such as E09000007.")
        code, name = found[0]
        rows = connection.execute(
            """select line_code, any_value(line_name order by line_name), any_value(section order by section),
                      sum(amount_gbp)
               from marts.fct_budget_line
               where council_code = ? and financial_year = ? and statement = 'budget'
                 and measure = 'net_current_expenditure'
                 and line_code in (select line_code from marts.fct_allocation
                                   where council_code = ? and financial_year = ? and tier <> 'out_of_scope')
               group by line_code order by line_code""",
            [code, year, code, year],
        ).fetchall()
    if not rows:
        stop(f"There is no published budget of {name} for {year} here. `prevention status` lists the years held.")
    names = ("line_code", "line_name", "section", "amount_gbp")
    lines = [dict(zip(names, row, strict=True)) for row in rows]
    return code, name, [line | {"department": DEPARTMENTS.get(line["section"], OTHER_DEPARTMENTS)} for line in lines]
