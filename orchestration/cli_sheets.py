"""Commands for what people fill in: templates out, maps checked before they are sent in."""

from pathlib import Path

import click

from orchestration.cli_options import home_option, published_database, say, stop
from orchestration.home import Home


@click.group(invoke_without_command=True)
@home_option
@click.option("--council", help="ONS code of the council, or its name.")
@click.option("--year", help="Financial year whose budget lines are put in, e.g. 2023-24.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.pass_context
def template(context: click.Context, council: str | None, year: str | None, out: Path | None) -> None:
    """Write a service map with a council's own published budget lines in it, or another sheet to fill in.

    Example: prevention template --council Camden --year 2023-24 --out camden.xlsx
    """
    if context.invoked_subcommand is not None:
        return
    if not council or not year:
        raise click.UsageError(
            "A service map needs --council and --year; `template foi` and `template strategies` write coding sheets."
        )
    from ingest.submitted import service_map_template
    from orchestration.map_lines import NoLines, council_lines, standard_services

    database = published_database(context.obj)
    try:
        found = council_lines(database, council, year)
        out = out or Path(f"service_map_{found.code}_{year}.xlsx")
        whom = {"code": found.code, "name": found.name}
        service_map_template.write(out, whom, year, found.lines, standard_services(database))
    except (NoLines, ValueError) as error:
        stop(str(error))
    say(f"{len(found.lines)} budget lines of {found.name}, {year}. Fill it in, then: prevention check-map {out}")
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
@home_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def check_map(home: Home, files: tuple[Path, ...]) -> None:
    """Check filled-in service maps before they are sent in; names sheet, cell and rule of every problem.

    Councils, lines and years are checked against the published figures where there are any.

    Example: prevention check-map service_map_E09000007_2023-24.xlsx
    """
    from ingest.submitted import service_map
    from orchestration.map_lines import known

    database = home.published / "warehouse.duckdb"
    world = known(database.resolve()) if database.exists() else None
    if world is None:
        say("Nothing is published here yet: whether councils, lines and years exist is not checked.")
    wrong = 0
    for file in files:
        problems = service_map.check(file, world)
        wrong += bool(problems)
        for problem in problems:
            print(problem)
        count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        say(f"{file.name}: " + (count if problems else "can be taken as it is"))
    raise SystemExit(1 if wrong else 0)


def _councils(database: Path) -> list[tuple[str, str]]:
    """Code and name of every present council, by code."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select council_code, council_name from marts.dim_council where valid_to_year is null order by all"
        ).fetchall()
