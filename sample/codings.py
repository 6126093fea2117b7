"""Fictional coding sheets: two coders and the agreed codes, for every document type and wave.

The agreed codes carry the printed totals (`coded_replies`, `coded_strategies`). The two coders differ from
them here and there, so that agreement is like that of real coders; on question 2b of wave 2016 they differ
too often, to show the mark of a figure that is not reliable.
"""

from pathlib import Path

from ingest.submitted.codings import coding_template
from ingest.submitted.codings.codebook import ADJUDICATED, FOI, boards, items, partnerships
from ingest.submitted.codings.coding_layout import PAGE, QUOTATION, columns
from ingest.submitted.codings.coding_rules import contradictions
from sample.chance import draw
from sample.coded_replies import replies
from sample.coded_strategies import strategies
from sample.tallies import NO, YES, Reading, Readings, shuffled

CODERS = ("coder_a", "coder_b")
EVIDENCE_YEAR = {"2016": "2015-16", "2017": "2016-17"}
# Alpha each item aims at, in hundredths, and the item on which the coders fail.
ALPHA_FROM, ALPHA_TO = 77, 90
POOR = {(FOI, "2016", "q2b"): 52}
# Companions of one changed code that may change with it.
MOST_MENDED = 3

Units = list[tuple[str, str]]


def write(folder: Path, councils: Units) -> list[Path]:
    """Fifteen sheets in `codings/` below the folder, for councils given as (code, name). Same bytes each time."""
    place = folder / "codings"
    written = []
    for wave, year in EVIDENCE_YEAR.items():
        units = boards(councils, year)
        written += _sheets(place, FOI, wave, councils, replies(wave, [code for code, _ in councils]))
        written += _sheets(place, "jhws", wave, units, strategies("jhws", wave, [code for code, _ in units]))
    units = partnerships(councils, EVIDENCE_YEAR["2017"])
    written += _sheets(place, "stp", "2017", units, strategies("stp", "2017", [code for code, _ in units]))
    return written


def _sheets(place: Path, document_type: str, wave: str, units: Units, agreed: Readings) -> list[Path]:
    sheets = [(ADJUDICATED, agreed), *zip(CODERS, coders(document_type, wave, agreed), strict=True)]
    paths = []
    for coder, readings in sheets:
        # One of the three as CSV: both forms are read.
        suffix = "csv" if coder == CODERS[1] else "xlsx"
        path = place / f"{document_type}_{wave}_{coder}.{suffix}"
        shown = {unit: with_evidence(document_type, wave, unit, reading) for unit, reading in readings.items()}
        coding_template.write(path, document_type, wave, units, coder, "1", shown)
        paths.append(path)
    return paths


def with_evidence(document_type: str, wave: str, unit: str, reading: Reading) -> Reading:
    """The reading with an invented quotation and page for its main question."""
    column = "q2a" if document_type == FOI else "label"
    if column not in reading:
        return reading
    words, page = invented_quotation(document_type, wave, unit)
    return reading | {f"{column}:{QUOTATION}": words, f"{column}:{PAGE}": str(page)}


def invented_quotation(document_type: str, wave: str, unit: str) -> tuple[str, int]:
    """The words that the coders quote of a unit, and the page they give for them."""
    words = f"Invented wording of {unit}: prevention comes first in what we plan"
    return words, draw(1, 40, document_type, wave, unit, "page")


def coders(document_type: str, wave: str, agreed: Readings) -> tuple[Readings, Readings]:
    """The sheets of two coders: the agreed codes with as many differences as the alpha aimed at allows."""
    both = tuple({unit: dict(reading) for unit, reading in agreed.items()} for _ in CODERS)
    for item in items(document_type, wave):
        if item.item_code == "response":
            continue
        aim = POOR.get((document_type, wave, item.item_code))
        if item.is_themes:
            for code in item.codes:
                if code.code != "answered":
                    column = f"{item.item_code}:{code.code}"
                    _differ(both, document_type, wave, column, [YES, NO], _aim(aim, document_type, wave, column))
        else:
            choices = [code.code for code in item.codes]
            aimed = _aim(aim, document_type, wave, item.item_code)
            _differ(both, document_type, wave, item.item_code, choices, aimed)
    return both


def _aim(poor: int | None, *name: str) -> int:
    return poor or draw(ALPHA_FROM, ALPHA_TO, *name, "alpha")


def _differ(both, document_type: str, wave: str, column: str, choices: list[str], aim: int) -> None:
    """Change one of two readings in as many units as the alpha aimed at (in hundredths) needs."""
    held = {unit: reading[column] for unit, reading in both[0].items() if column in reading}
    counts = {code: sum(1 for value in held.values() if value == code) for code in choices}
    total = len(held)
    # Units expected to differ by chance: pairs of unlike codes among all, times a thousand.
    unlike = total * total - sum(count * count for count in counts.values())
    wanted = unlike * (100 - aim) // (100 * total) if total else 0
    used = [code for code in choices if counts[code]]
    done = 0
    for number, unit in enumerate(_alternating(held, document_type, wave, column)):
        if done == wanted:
            return
        if _changed(both[number % 2][unit], document_type, wave, column, used):
            done += 1


def _alternating(held: dict[str, str], document_type: str, wave: str, column: str) -> list[str]:
    """Units in an order in which the codes take turns, so that differences leave the totals about as they are."""
    queues: dict[str, list[str]] = {}
    for unit in shuffled(list(held), document_type, wave, column, "differ"):
        queues.setdefault(held[unit], []).append(unit)
    if len(queues) == 2:
        small, large = sorted(queues.values(), key=len)
        paired = [unit for pair in zip(small, large, strict=False) for unit in pair]
        return paired + large[len(small) :]
    return shuffled(list(held), document_type, wave, column, "differ")


def _changed(reading: Reading, document_type: str, wave: str, column: str, used: list[str]) -> bool:
    """Give the next code in use, and its companions codes that go with it; nothing when there are none."""
    place = used.index(reading[column])
    near = used[place + 1] if place + 1 < len(used) else used[place - 1]
    changed = _mended({**reading, column: near}, document_type, wave, column)
    if near == reading[column] or changed is None:
        return False
    reading.update(changed)
    return True


def _mended(reading: Reading, document_type: str, wave: str, kept: str) -> Reading | None:
    """The reading with the columns that contradict the kept one changed until nothing does; None where that fails."""
    for _ in range(MOST_MENDED):
        broken = contradictions(document_type, wave, reading)
        if not broken:
            return reading
        column = broken[0][0]
        choices = next(c.choices for c in columns(document_type, wave) if c.name == column)
        fewest = min(choices, key=lambda code: len(contradictions(document_type, wave, {**reading, column: code})))
        if column == kept:
            return None
        reading = {**reading, column: fewest}
    return None
