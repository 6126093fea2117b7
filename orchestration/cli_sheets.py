"""Commands for what people fill in: templates out, maps checked before they are sent in."""

from functools import partial
from pathlib import Path

import click

from orchestration.cli_codings import (
    check_codebook,
    check_codings,
    check_document,
    check_partners,
    use_codebooks,
    write_codebook_template,
    write_template,
)
from orchestration.cli_options import home_option, published_database, say, stop
from orchestration.home import Home


@click.command()
@home_option
@click.option("--council", help="ONS code of the council, or its name: writes its service map.")
@click.option("--year", help="Financial year whose budget lines are put in, e.g. 2023-24.")
@click.option(
    "--statement",
    type=click.Choice(["budget", "outturn"]),
    help="Which lines of the year: without it the budget where it is held, else the outturn.",
)
@click.option("--foi", is_flag=True, help="A coding sheet for replies to Freedom of Information requests.")
@click.option("--strategies", is_flag=True, help="A coding sheet for strategies or plans.")
@click.option("--codebook", is_flag=True, help="A workbook that adds a wave, its codes, units and findings.")
@click.option("--wave", help="Wave of the coding sheet, e.g. 2017.")
@click.option("--document", default="jhws", show_default=True, help="Kind of strategy: jhws or stp.")
@click.option("--units", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV of code and name.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.pass_obj
def template(
    home: Home,
    council: str | None,
    year: str | None,
    statement: str | None,
    foi: bool,
    strategies: bool,
    codebook: bool,
    wave: str | None,
    document: str,
    units: Path | None,
    out: Path | None,
) -> None:
    """Write a sheet to fill in: a council's service map, a coding sheet (.xlsx or .csv), or a codebook workbook.

    Examples: prevention template --council Camden --year 2023-24 --out camden.xlsx;
    prevention template --council Camden --year 2024-25 --statement outturn;
    prevention template --foi --wave 2017; prevention template --strategies --document stp --wave 2017;
    prevention template --codebook --out codebook_2026.xlsx
    """
    if foi + strategies + codebook > 1:
        raise click.UsageError("Choose one of --foi, --strategies and --codebook: each is a file of its own.")
    if codebook:
        print(write_codebook_template(out))
        return
    use_codebooks(home)
    if foi or strategies:
        if not wave:
            raise click.UsageError("A coding sheet needs --wave, such as 2017.")
        print(write_template(home, "foi_response" if foi else document, wave, units, out))
        return
    if not council or not year:
        raise click.UsageError(
            "A service map needs --council and --year; --foi or --strategies with --wave write coding sheets."
        )
    from ingest.submitted.service_maps import service_map_template
    from orchestration.map_lines import NoLines, council_lines, standard_services

    database = published_database(home)
    try:
        found = council_lines(database, council, year, statement)
        out = out or Path(f"service_map_{found.code}_{year}.xlsx")
        whom = {"code": found.code, "name": found.name}
        # A map drawn up on a budget holds for its outturn too; one drawn up on an outturn for that alone.
        details = {"statement": "Outturn"} if found.statement == "outturn" else {}
        filled = {"details": details}
        service_map_template.write(out, whom, year, found.lines, standard_services(database), filled)
    except (NoLines, ValueError) as error:
        stop(str(error))
    count = f"{len(found.lines)} {found.statement} lines of {found.name}, {year}"
    say(f"{count}. Fill it in, then: prevention check-map {out}")
    print(out)


@click.command("check-map")
@home_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def check_map(home: Home, files: tuple[Path, ...]) -> None:
    """Check filled-in maps, coding sheets, codebooks and documents before they are sent in.

    Names cell and rule of every problem.

    Councils, lines and years are checked against the published figures where there are any.

    Example: prevention check-map service_map_E09000007_2023-24.xlsx
    """
    from ingest.submitted.codings import codebook_set, coding_sheet, document
    from ingest.submitted.ledgers import partner_ledger
    from orchestration.map_lines import known

    use_codebooks(home)
    check = {file: check_document for file in files if document.is_document(file)}
    check |= {file: check_codebook for file in files if file not in check and codebook_set.is_codebook_set(file)}
    check |= {file: check_partners for file in files if file not in check and partner_ledger.is_partner_ledger(file)}
    codings = {file for file in files if file not in check and coding_sheet.is_coding_sheet(file)}
    check |= {file: partial(check_codings, home) for file in codings}
    database = home.published / "warehouse.duckdb"
    has_maps = len(check) < len(set(files))
    world = known(database.resolve()) if has_maps and database.exists() else None
    if has_maps and world is None:
        say("Nothing is published here yet: whether councils, lines and years exist is not checked.")
    wrong = 0
    for file in files:
        found = check.get(file, partial(_check_map, world))(file)
        wrong += bool(found)
        count = f"{found} problem" + ("s" if found > 1 else "")
        say(f"{file.name}: " + (count if found else "can be taken as it is"))
    raise SystemExit(1 if wrong else 0)


def _check_map(world, file: Path) -> int:
    """Print every problem of a service map; gives their number."""
    from ingest.submitted.service_maps import service_map

    problems = service_map.check(file, world)
    for problem in problems:
        print(problem)
    return len(problems)
