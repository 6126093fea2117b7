"""Attacks on what is withheld, kept: figures that have not changed since they were attacked are not attacked again.

An answer is kept under a checksum of all that it is a function of: the published cells of its family, who belongs to
each group, the residents anybody can look up, the attack's own code and its solver. What has to be attacked is spread
over the processors when it is much. The file says how closely withheld counts are pinned: it is not for publication.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

# From so many withheld counts on, starting other processes takes less time than they save.
MANY = 300

Family = tuple[list[Any], dict, dict]


def attacked(
    groups: Sequence[list[Any]],
    covered: dict,
    people: dict,
    attack: Callable[[list[Any], dict, dict], tuple[list[Any], bool]],
    pinned: type,
    file: Path | None,
) -> list[tuple[list[Any], bool]]:
    """What `attack` finds in each group of cells, in order; `file` keeps the answers, and no others, for the next time.

    `attack` is a function of a module: other processes import it. `pinned` is the kind of what it finds.
    """
    families = [(group, *_beside(group, covered, people)) for group in groups]
    if file is None:
        return _all(families, attack)
    code = _code(attack)
    keys = [_key(code, family) for family in families]
    kept = _read(file)
    missing = [place for place, key in enumerate(keys) if key not in kept]
    for place, (found, is_contradicted) in zip(missing, _all([families[p] for p in missing], attack), strict=True):
        kept[keys[place]] = {"pinned": [list(vars(one).values()) for one in found], "contradicted": is_contradicted}
    if missing:
        _write(file, {key: kept[key] for key in keys})
    return [([pinned(*values) for values in kept[key]["pinned"]], kept[key]["contradicted"]) for key in keys]


def _all(families: list[Family], attack: Callable) -> list[tuple[list[Any], bool]]:
    weights = [sum(1 for cell in group if cell.is_hidden) for group, _, _ in families]
    workers = min(len(families), len(os.sched_getaffinity(0)))
    if sum(weights) < MANY or workers < 2:
        return [attack(*family) for family in families]
    # Processes started anew: this one holds threads and open databases. The longest first, so that all end together.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        order = sorted(range(len(families)), key=lambda place: -weights[place])
        asked = {place: pool.submit(attack, *families[place]) for place in order}
        return [asked[place].result() for place in range(len(families))]


def _beside(group: list[Any], covered: dict, people: dict) -> tuple[dict, dict]:
    """Of the members of groups and of residents, those that this family has to do with."""
    areas = {(cell.geography_kind, cell.geography_code, cell.financial_year) for cell in group}
    members = {area: sorted(covered.get(area, ())) for area in sorted(areas, key=str)}
    places = {(code, year) for _, code, year in areas} | {(cell.council_code, cell.financial_year) for cell in group}
    return members, {place: people[place] for place in sorted(places, key=str) if place in people}


def _code(attack: Callable) -> str:
    content = Path(attack.__code__.co_filename).read_bytes()
    return hashlib.sha256(content).hexdigest() + version("scipy")


def _key(code: str, family: Family) -> str:
    group, members, people = family
    told = repr((code, [tuple(cell) for cell in group], members, {k: tuple(v) for k, v in people.items()}))
    return hashlib.sha256(told.encode()).hexdigest()


def _read(file: Path) -> dict[str, dict]:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write(file: Path, kept: dict[str, dict]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(json.dumps(kept), encoding="utf-8")
    partial.replace(file)
