"""The councils, boards and partnerships that a coding sheet may name: those of the year its wave speaks for.

A code that was sorted away from its name is the commonest way to give one council's answers to another, so a name
is always compared with the register's name for the code.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ingest.submitted.codings import codebook

COUNCIL_CODE = re.compile(r"E\d{8}")
BOARD = "hwb_"
# Words that publishers add to or leave off the name of a council.
_FORM_WORDS = re.compile(
    r"\b(the|london|royal|metropolitan|borough|county|city|district|council|unitary|authority|mbc|ua|of|health|and"
    r"|wellbeing|board|council s)\b"
)
_LIKE, _NEAR = 80, 60

Fault = tuple[str, str]


def folded(name: str) -> str:
    """A name as it is compared: no case, no punctuation, no words for the kind of authority."""
    text = re.sub(r"[^a-z0-9]+", " ", name.lower().replace("&", " and "))
    return " ".join(_FORM_WORDS.sub(" ", text).split())


def shared_board(document_type: str, wave: str, unit_code: str) -> Fault | None:
    """The fault of a board named after a council that shared another board in the year of the wave."""
    if codebook.unit_kind(document_type) != "board" or not unit_code.startswith(BOARD):
        return None
    council, year = unit_code.removeprefix(BOARD), codebook.evidence_year(document_type, wave)
    ((board, name),) = codebook.boards([(council, "")], year)
    if board == unit_code:
        return None
    what = f"this council had no board of its own in {year}: it shared one"
    return what, f"write {board} ({name}), once for all councils that shared it"


@dataclass(frozen=True)
class Register:
    """Every council as (code, name, first year, last year or None), as published."""

    councils: tuple[tuple[str, str, str, str | None], ...]

    def units(self, document_type: str, wave: str) -> dict[str, str]:
        """Codes and names of the units of a wave; empty where nothing is known of them, as of real partnerships."""
        year = codebook.evidence_year(document_type, wave)
        councils = [(code, name) for code, name, first, last in self.councils if first <= year <= (last or "9999-00")]
        kind = codebook.unit_kind(document_type)
        if kind == "council":
            return dict(councils)
        found = codebook.boards(councils, year) if kind == "board" else codebook.partnerships(councils, year)
        return dict(found)

    def fault(self, document_type: str, wave: str, code: str, name: str) -> Fault | None:
        """(what is wrong, what to do) when a code is none of the wave's units, or its name another unit's."""
        units = self.units(document_type, wave)
        if not units:
            return None
        year = codebook.evidence_year(document_type, wave)
        kind = codebook.unit_kind(document_type)
        if code not in units:
            return self._no_such(kind, year, code), self._instead(units, kind, code, name)
        if not name or self._is_like(units[code], name):
            return None
        owner = self._owner(units, name)
        if owner:
            what = f"the code is that of {units[code]}, the name beside it that of {units[owner]} ({owner})"
            remedy = "one of the two columns was probably sorted without the other: put codes and names together again"
        else:
            what = f"the code is that of {units[code]} and the name beside it is not"
            remedy = f"write {units[code]}, or the code of the {kind} that was read"
        return what, remedy

    def code_of(self, document_type: str, wave: str, name: str) -> str | None:
        """The code of the unit with this name in the wave, or None where none or more than one has it."""
        return self._owner(self.units(document_type, wave), name)

    @staticmethod
    def _owner(units: dict[str, str], name: str) -> str | None:
        fits = [code for code, other in units.items() if folded(other) == folded(name)]
        return fits[0] if len(fits) == 1 else None

    def _is_like(self, registered: str, name: str) -> bool:
        own, given = folded(registered), folded(name)
        if own == given:
            return True
        others = {folded(other) for _, other, _, _ in self.councils}
        return given not in others and fuzz.token_set_ratio(own, given) >= _LIKE

    def _no_such(self, kind: str, year: str, code: str) -> str:
        council = code.removeprefix(BOARD)
        held = next(((n, f, t) for c, n, f, t in self.councils if c == council), None)
        if held and kind == "council" and code == council:
            name, first, last = held
            when = f"it came into being in {first}" if first > year else f"it ended with {last}"
            return f"{name} was no council in {year}: {when}"
        return f"there is no such {kind} in {year}"

    def _instead(self, units: dict[str, str], kind: str, code: str, name: str) -> str:
        owner = self._owner(units, name) if name else None
        if owner:
            return f"write {owner}, the code of {units[owner]}, if that is what was read"
        if kind == "board" and BOARD + code in units:
            return f"a {kind} is read here, not a council: write {BOARD}{code}"
        near = process.extractOne(name, units, scorer=fuzz.WRatio, score_cutoff=_NEAR) if name else None
        near = near or process.extractOne(code, {c: c for c in units}, score_cutoff=_NEAR)
        nearest = f"; the nearest is {near[2]}, {units[near[2]]}" if near else ""
        return f"write the code of the {kind} as in the template{nearest}"
