"""The command that takes a new file: what it is, what is written down, and what has to be asked."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from orchestration.cli_options import STOPPED, home_option, say, stop
from orchestration.home import Home

UNNAMED = "notes"


@click.command()
@home_option
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option("--year", help="Financial year of the figures, such as 2025-26, where the file does not say.")
@click.option(
    "--published", metavar="DATE", help="Day it was published, such as 2026-06-25, where the file does not say."
)
@click.option("--release", metavar="RELEASE_ID", help="The release it is an edition of, where several are possible.")
@click.option(
    "--line", "answers", multiple=True, metavar="COLUMN=LINE", help="Which line a column is; as often as needed."
)
@click.option("--look", is_flag=True, help="Only say what it is; write and copy nothing.")
@click.pass_obj
def add(
    home: Home,
    paths: tuple[Path, ...],
    year: str | None,
    published: str | None,
    release: str | None,
    answers: tuple[str, ...],
    look: bool,
) -> None:
    """Say what published files are and take them in, whatever they are called; folders and zips are looked into.

    Example: prevention add ~/Downloads/RA_2025-26_data_by_LA.ods
    """
    from orchestration import adding

    asked = 0
    try:
        for path in _files(paths, home):
            asked += not _one(path, home, year, published, release, answers, look)
    except adding.Unpackable as error:
        stop(str(error))
    if asked:
        say(f"{asked} of the files have open questions; nothing of them was copied")
        raise SystemExit(STOPPED)
    if not look:
        say("next: prevention refresh")


def _files(paths: tuple[Path, ...], home: Home) -> Iterator[Path]:
    from ingest import land
    from orchestration import adding

    for path in paths:
        if path.is_dir():
            yield from _files(tuple(land.files_of(path)), home)
        elif path.suffix.lower() == ".zip":
            yield from land.files_of(adding.unpack(path, home))
        else:
            yield path


def _one(path: Path, home: Home, year, published, release_id, answers, look: bool) -> bool:
    """Take one file; false when something about it has to be asked first."""
    from ingest import catalogue
    from ingest.learning import NoSuchLine, lines_of, record
    from ingest.recognise import recognise
    from orchestration import adding

    known = catalogue.of_landing(home.landing)
    given = {"financial_year": year, "published_on": published, "release_id": release_id}
    found = recognise(path, known, **given)
    lines: Sequence[dict] = ()
    if answers and found.release is not None:
        try:
            lines = lines_of(answers, found.problems, found.release.source, found.release.financial_year)
        except NoSuchLine as error:
            stop(str(error))
        found = recognise(path, known, **given, lines=lines)
    for line in _described(found, adding.differences(found, home)):
        print(line)
    if not found.is_sure:
        return False
    if found.is_known and not look:
        print(f"  already in the catalogue; lies in {adding.put_into_landing(found, home)}")
    elif not look:
        names = ", ".join(entry["release_id"] for entry in record(home.landing, found, lines))
        print(f"  written into {home.landing / catalogue.LEARNED}: {names}")
        print(f"  lies in {adding.put_into_landing(found, home)}")
    return True


def _edition(found) -> list[str]:
    """Which release the file is an edition of, what is known besides, and what was read of it."""
    release = found.release
    held = (
        f"a release not held before ({release.release_id})"
        if found.is_new_release
        else f"an edition of {release.release_id}"
    )
    lines = [f"  edition: {found.edition}; {held}"]
    for other in release.editions:
        if other.sha256 != found.sha256:
            lines.append(f"    known besides: {other.edition}, {other.published_on or 'undated'}")
    for table, frame in found.parsed.frames.items() if found.parsed is not None else ():
        counted = ""
        if "body_code" in getattr(frame, "columns", ()):
            own = frame[~frame.is_control]
            counted = f": {own.body_code.nunique()} authorities, {frame.line_code.nunique()} lines, in £ thousand"
            unnamed = sorted(set(frame.line_code[frame.section == UNNAMED]))
            counted += (
                f", of which {len(unnamed)} are notes that count in no sum ({', '.join(unnamed[:3])} ...)"
                if unnamed
                else ""
            )
        lines.append(f"  {table}: {len(frame):,} cells{counted}; {len(found.parsed.rejects)} rejected")
    return lines


def _described(found, differences: list[str]) -> list[str]:
    lines = [found.path.name]
    lines += [f"  note: {note}" for note in found.notes]
    if found.release is None:
        near = "; ".join(found.near) or "none is near"
        return [*lines, f"  is no file of a series that is known here. Nearest series: {near}"]
    release = found.release
    form = f", form {release.layout['form']}" if "form" in release.layout else ""
    lines.append(f"  is: {release.source.title}{form}, {release.financial_year or 'many years'}")
    lines.append(f"  publisher: {release.source.publisher}; licence: {release.source.licence}")
    if release.untried:
        lines.append(
            f"  the reader of {release.untried} has not been tried on a published file yet: "
            "compare the figures below with the file"
        )
    for one in (found, *found.others):
        lines += _edition(one)
    lines += [f"  {line}" for line in differences]
    for number, question in enumerate(found.questions, start=1):
        lines.append(f"  question {number}: {question.text}")
        lines.append(f"    answer: {question.answer}")
    return lines
