"""Coding sheets from the command line: whose rows are on them, where they are written, and what coders differ on."""

import csv
from itertools import groupby
from pathlib import Path

import click

from orchestration.cli_options import home_option, published_database, say, stop
from orchestration.home import Home

Units = list[tuple[str, str]]


def use_codebooks(home: Home) -> None:
    """For the rest of this command, what the warehouse adds to the codebooks is part of them.

    Workbooks in the landing folder are those that the next refresh takes; where none lies there, those landed count.
    """
    from ingest import land
    from ingest.submitted.codings import codebook, codebook_set

    landed = next(filter(None, (land.in_force(home.landing, codebook.FOLDER, s) for s in (False, True))), [])
    found: list[Path] = [] if (home.landing / codebook.FOLDER).is_dir() else landed
    for path in sorted((home.landing / codebook.FOLDER).glob("*.xlsx")):
        with codebook.with_files(found):
            if codebook_set.check(path):
                say(f"{path.name}: cannot be taken, so nothing of it is used here; see prevention check-map")
                continue
        found.append(path)
    click.get_current_context().with_resource(codebook.with_files(found))


def write_codebook_template(out: Path | None) -> Path:
    """Write the blank workbook in which waves, codes, units and findings are added."""
    from ingest.submitted.codings import codebook_template

    out = out or Path("codebook.xlsx")
    codebook_template.write(out)
    say(f"Fill it in, then: prevention check-map {out}")
    return out


def check_codebook(file: Path) -> int:
    """Print every problem of a codebook workbook and say what it adds; gives the number of problems."""
    from ingest.submitted.codings import codebook, codebook_lists, codebook_set

    # A workbook of this name that lies there already is the one being checked, or the one that it replaces.
    with codebook.with_files(path for path in codebook.files_in_force() if path.name != file.name):
        problems = codebook_set.check(file)
    for problem in problems:
        print(problem)
    counts = [f"{len(rows)} of {name}" for name, rows in codebook_lists.lists_of(file).items() if rows]
    say(f"{file.name}: rows {', '.join(counts) or 'none'}")
    return len(problems)


def check_partners(file: Path) -> int:
    """Print every problem of a partner ledger; gives their number."""
    from ingest.submitted.ledgers import partner_ledger

    problems = partner_ledger.check(file)
    for problem in problems:
        print(problem)
    return len(problems)


def write_template(home: Home, document: str, wave: str, listed: Path | None, out: Path | None) -> Path:
    """Write a sheet for the units of a document type and wave, or for those listed in a CSV of code and name.

    Leaves with a message when the codebook has no such wave or nothing has been published yet.
    """
    from ingest.submitted.codings import codebook, coding_template

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
    from ingest.submitted.codings import codebook

    codebook.evidence_year(document, wave)
    return list(register(published_database(home)).units(document, wave).items())


def register(database: Path):
    """The register of a published database, for comparing the units of coding sheets with it."""
    import duckdb

    from ingest.submitted.codings.unit_register import Register

    with duckdb.connect(str(database), read_only=True) as connection:
        councils = connection.execute(
            """select council_code, council_name, valid_from_year, valid_to_year
               from marts.dim_council order by all"""
        ).fetchall()
    return Register(tuple(councils))


def check_codings(home: Home, file: Path) -> int:
    """Print every problem of a file of codings and say how much of it can be used; gives the number of problems."""
    from ingest.problems import InputError
    from ingest.submitted.codings import coding_sheet, quotations

    database = home.published / "warehouse.duckdb"
    known = register(database.resolve()) if database.exists() else None
    if known is None:
        say("Nothing is published here yet: whether the units exist, under their names, is not checked.")
    try:
        reading = coding_sheet.parse(file, known)
    except InputError as error:
        reading = coding_sheet.Reading(problems=error.problems)
    documents = _documents(home, file)
    reading.problems += quotations.faults(reading.records, documents, coding_sheet.sheet_of(file), file.name)
    for problem in reading.problems:
        print(problem)
    if reading.records:
        say(
            f"{file.name}: {len(reading.records):,} cells of {reading.units} units are coded; "
            f"{reading.without_quotation:,} codes rest on no quotation"
        )
    return len(reading.problems)


def _documents(home: Home, file: Path) -> dict:
    """Documents in a folder `documents` beside the sheet, beside its folder, or in the landing folder, by unit."""
    from ingest.problems import InputError
    from ingest.submitted.codings import document

    found = {}
    for folder in (home.landing / "documents", file.parent.parent / "documents", file.parent / "documents"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if document.is_document(path):
                try:
                    held = document.parse(path)
                except InputError as error:
                    say(str(error))
                    continue
                found[held.document_type, held.wave, held.unit_code] = (path.name, held)
    return found


def check_document(file: Path) -> int:
    """Say how many pages a document has and what of people is masked; gives the number of problems."""
    from ingest.problems import InputError
    from ingest.submitted.codings import document
    from ingest.submitted.codings.personal_data import in_words

    try:
        held = document.parse(file)
    except InputError as error:
        print(error)
        return len(error.problems)
    say(f"{file.name}: {len(held.pages)} pages of {held.unit_code}; masked: {in_words(held.found)}")
    return 0


@click.command()
@home_option
@click.option("--document", help="Only this document type: foi_response, jhws or stp.")
@click.option("--wave", help="Only this wave, e.g. 2017.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=".", help="Folder to write to.")
@click.pass_obj
def disagreements(home: Home, document: str | None, wave: str | None, out: Path) -> None:
    """Write a sheet of only those cells on which coders differ and nobody has decided yet.

    One workbook for each document type, wave and series. Filled in, it goes into the folder “codings” of the
    landing folder like any other coding sheet; what is left blank stays undecided.

    Example: prevention disagreements --document foi_response --wave 2017 --out decisions
    """
    from ingest.submitted.codings import decisions_template

    use_codebooks(home)
    found = _differences(published_database(home), document, wave)
    if not found:
        say("No cell is undecided: coders agree, or every difference has been decided.")
    for (kind, of_wave, series), differences in found.items():
        path = out / f"decisions_{kind}_{of_wave}_series_{series}.xlsx"
        decisions_template.write(path, kind, of_wave, series, differences)
        units = len({difference.unit_code for difference in differences})
        say(f"{len(differences)} cells of {units} units. Decide, then: prevention check-map {path}")
        print(path)


def _differences(database: Path, document: str | None, wave: str | None) -> dict:
    """Undecided cells with every coder's reading, by document type, wave and series."""
    import duckdb

    from ingest.submitted.codings.decisions_template import Difference, Reading

    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """select document_type, wave, series, unit_code, unit_name, sheet_column,
                      coder, reading, coalesce(quotation, ''), coalesce(page, '')
               from marts.mart_coding_disagreements
               where not is_decided and document_type = coalesce(?, document_type) and wave = coalesce(?, wave)
               order by document_type, wave, series, unit_code, sheet_column, coder""",
            [document, wave],
        ).fetchall()
    found: dict = {}
    for (*sheet, unit, name, column), readings in groupby(rows, key=lambda row: row[:6]):
        difference = Difference(unit, name or "", column, tuple(Reading(*row[6:]) for row in readings))
        found.setdefault(tuple(sheet), []).append(difference)
    return found
