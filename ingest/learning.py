"""What a warehouse has learned about files: entries of the catalogue and rows of the column maps, beside the files.

`catalogue.yml` there has the words of the shipped catalogue (`releases`, and `columns` by source). It is written here
and by nobody else, one whole file at a time; a person may read it, and correct it.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from ingest import catalogue, column_map
from ingest.catalogue import Source
from ingest.problems import Problem, column_letter
from ingest.raw_store import write_text_atomically
from ingest.recognise import Recognised

HEAD = (
    "# What `prevention add` and the landing folder have learned about files. One entry a release, as in sources.yml.\n"
)
NOT_MONEY_ANSWERS = {"text": "text", "counts": "people"}


class NoSuchLine(ValueError):
    """An answer names no column that was asked about, or no line that is known."""


def lines_of(answers: Sequence[str], problems: Sequence[Problem], source: Source, year: str | None) -> tuple[dict, ...]:
    """Rows of the column map for answers such as `AZ=355`, `AZ=new:adult_social_care`, `AZ=text`.

    Raises NoSuchLine when an answer fits no column that was asked about or names no known line.
    """
    asked = {column_letter(p.column): p for p in problems if isinstance(p.column, int)}
    rows = []
    for answer in answers:
        letter, _, meaning = (part.strip() for part in answer.partition("="))
        problem = asked.get(letter.upper())
        if problem is None or not meaning:
            listed = ", ".join(asked) or "none"
            raise NoSuchLine(f"--line {answer}: no question was asked about column {letter}; asked about: {listed}")
        header = str(problem.value)
        number = re.search(r"form line number (\S+);", problem.what)
        row = {"layout": "", "header": header, "number": number[1] if number and number[1].isdigit() else ""}
        rows.append(row | {"position": "", "role": "line"} | _line(meaning, header, source, year, answer))
    return tuple(rows)


def _line(meaning: str, header: str, source: Source, year: str | None, answer: str) -> dict[str, str]:
    known = [row for row in column_map.load(source.reader) if row.get("role") == "line"]
    slug = re.sub(r"\W+", "_", header.lower()).strip("_")[:48]
    if meaning in NOT_MONEY_ANSWERS:
        return {"line_code": f"{(year or '')[:4]}_{slug}", "section": "notes", "measure": NOT_MONEY_ANSWERS[meaning]}
    if meaning.startswith("new:"):
        section = meaning.removeprefix("new:")
        sections = sorted({row["section"] for row in known})
        if section not in sections:
            raise NoSuchLine(f"--line {answer}: there is no section {section}; known are {', '.join(sections)}")
        return {"line_code": f"{(year or '')[:4]}_{slug}", "section": section, "measure": ""}
    same = next((row for row in known if row["line_code"] == meaning), None)
    if same is None:
        raise NoSuchLine(f"--line {answer}: there is no line {meaning} in the column map of {source.title}")
    return {"line_code": meaning, "section": same["section"], "measure": same["measure"]}


def record(landing: Path, found: Recognised, lines: Sequence[dict] = ()) -> list[dict]:
    """Write down a recognised file and the answers given about it; returns the entries as written, one a release.

    An edition is not reviewed by being written down: that is done when its differences from its own totals are known.
    """
    said = catalogue.learned(landing)
    entries = [_entry(said, one) for one in (found, *found.others)]
    rows = said["columns"].setdefault(found.placed.source.name, [])
    rows += [row for row in lines if row not in rows]
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110)
    write_text_atomically(landing / catalogue.LEARNED, HEAD + text)
    return entries


def _entry(said: dict, found: Recognised) -> dict:
    """The entry of a release, with the edition that was found among its editions; one that is new is put in."""
    release = found.placed
    edition: dict[str, object] = {"sha256": found.sha256, "edition": found.edition, "published_on": found.published_on}
    edition |= {"file": found.path.name, "layout": release.layout, "is_reviewed": False}
    entry = next((one for one in said["releases"] if one["release_id"] == release.release_id), None)
    if entry is None:
        entry = {"source": release.source.name, "release_id": release.release_id, "file": found.path.name}
        entry |= {"financial_year": release.financial_year, "layout": release.layout, "editions": []}
        said["releases"].append(entry)
    if all(held["sha256"] != found.sha256 for held in entry["editions"]):
        entry["editions"].append(edition)
    return entry
