"""What the search box knows: councils and places by name, former name, common short name, code and postcode area."""

import csv
import unicodedata
from pathlib import Path
from typing import Any

from reporting.facts import Facts

NAMES = Path(__file__).parent / "names"


def fold(name: str) -> str:
    """A name as it is compared: letters and digits only, small, one space between words."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ").replace("'", "").replace("’", "")
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def index(facts: Facts, places: list) -> dict[str, list]:
    """data/search.js.

    `entries`: name, other names in one text, codes, hint, page. `areas`: postcode area, its post town, and the
    entries of the councils that serve most of it, the current ones only. Names in the two lists that this register
    does not hold are left out: a sample has councils of its own.
    """
    entries: list[list[str]] = []
    position: dict[str, list[int]] = {}
    other = _other_names(facts)
    for one in facts.councils.values():
        former = {r["council_name"] for r in one.records if r["council_name"] != one.name}
        former |= {facts.councils[c].name for c in facts.predecessors.get(one.code, []) if c in facts.councils}
        former |= {r["official_name"] for r in one.records if r["official_name"]}
        known = {name for name in former if fold(name) != fold(one.name)} | other.get(fold(one.name), set())
        codes = {one.code, *(r["ecode"] for r in one.records if r["ecode"])}
        hint = f"ended {one.valid_to}" if one.valid_to else one.region
        if one.is_current:
            position.setdefault(fold(one.name), []).append(len(entries))
        entries.append([one.name, "; ".join(sorted(known)), " ".join(sorted(codes)), hint, f"councils/{one.page}"])
    entries += [[place.name, "", "", place.kind, f"places/{place.page}"] for place in places]
    areas = [
        [row["area"], row["town"], [at for name in _split(row) for at in position.get(fold(name), [])]]
        for row in _rows("postcode_areas.csv")
    ]
    return {"entries": entries, "areas": [area for area in areas if area[2]]}


def _other_names(facts: Facts) -> dict[str, set[str]]:
    """Folded name of a council to the short and old names people use for it."""
    found: dict[str, set[str]] = {}
    for row in _rows("other_names.csv"):
        for name in _split(row):
            found.setdefault(fold(name), set()).add(row["name"])
    return found


def _split(row: dict[str, str]) -> list[str]:
    return row["councils"].split(";")


def _rows(name: str) -> list[dict[str, Any]]:
    with (NAMES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
