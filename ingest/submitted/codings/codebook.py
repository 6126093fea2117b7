"""The codebooks of Freedom of Information answers and of strategies, as the coding sheets need them.

The first set are dbt seeds (`dbt_project/seeds/`), read here so that drop-downs, checks and marts know one code list;
workbooks of a warehouse add to it (`with_files`). Code lists drift between waves, so every question here is asked for
a document type and a wave.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path

from ingest.submitted.codings import codebook_lists
from ingest.submitted.codings.codebook_lists import SEEDS

PATHS = (*(SEEDS / f"{name}.csv" for name in codebook_lists.NAMES), codebook_lists.DECLARED)
FOLDER = "codebooks"
_ADDED: ContextVar[tuple[Path, ...]] = ContextVar("codebook workbooks in force", default=())
FOI = "foi_response"
STRATEGIES = ("jhws", "stp")
ADJUDICATED = "adjudicated"


@dataclass(frozen=True)
class Code:
    """One code of an item. `parent` is the theme it is part of; empty for a theme of its own."""

    code: str
    label: str
    meaning: str
    parent: str = ""


@dataclass(frozen=True)
class Item:
    """A question of the request or a field of a strategy, with the codes in use in one wave.

    `is_themes` says that any number of codes may apply, each coded yes or no; otherwise exactly one does.
    `scale` is `nominal` or `ordinal`; ordinal codes are in their order. An item that `is_optional` came after the
    first sheets: one without its columns is complete.
    """

    item_code: str
    label: str
    is_themes: bool
    scale: str
    codes: tuple[Code, ...]
    is_optional: bool = False

    def code(self, name: str) -> Code | None:
        """The code of this name, or None."""
        return next((code for code in self.codes if code.code == name), None)


@contextmanager
def with_files(added: Iterable[Path]) -> Iterator[None]:
    """Within it, what these workbooks add is part of the codebooks."""
    token = _ADDED.set(tuple(added))
    try:
        yield
    finally:
        _ADDED.reset(token)


def files_in_force() -> tuple[Path, ...]:
    """The workbooks whose rows are part of the codebooks here."""
    return _ADDED.get()


def _for_codebooks_in_force(answer: Callable) -> Callable:
    """Kept once asked, for as long as the same workbooks are in force."""
    kept = cache(lambda _, *asked: answer(*asked))
    return wraps(answer)(lambda *asked: kept(_ADDED.get(), *asked))


def rows(seed: str) -> list[dict[str, str]]:
    """Every row of a list, as text: those shipped, then those added. Any other seed is read as it is."""
    if seed in codebook_lists.NAMES:
        return [row.cells for path in (SEEDS, *_ADDED.get()) for row in codebook_lists.lists_of(path).get(seed, ())]
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@_for_codebooks_in_force
def waves(document_type: str) -> tuple[str, ...]:
    """Waves in which this document type was or is coded, in order; empty for an unknown type."""
    return tuple(sorted(row["wave"] for row in rows("coding_waves") if row["document_type"] == document_type))


@_for_codebooks_in_force
def unit_kind(document_type: str) -> str:
    """What is read: council, board or partnership."""
    return next(row["unit_kind"] for row in rows("coding_waves") if row["document_type"] == document_type)


@_for_codebooks_in_force
def evidence_year(document_type: str, wave: str) -> str:
    """The financial year a wave speaks for. Raises ValueError for a wave or document type that is not known."""
    for row in rows("coding_waves"):
        if (row["document_type"], row["wave"]) == (document_type, wave):
            return row["evidence_year"]
    known = ", ".join(waves(document_type)) or "none"
    raise ValueError(f"the codebook has no wave {wave} of {document_type}; it has {known}")


@_for_codebooks_in_force
def version(document_type: str, wave: str) -> str:
    """Version of the codebook of a wave."""
    return max(_versions(document_type, wave, {True, False}), default="", key=_version_order)


@_for_codebooks_in_force
def versions_read(document_type: str, wave: str) -> tuple[str, ...]:
    """Versions of the codebook whose sheets are read, in order: what came after the first of them is optional."""
    needed = max(_versions(document_type, wave, {False}), default="", key=_version_order)
    known = _versions(document_type, wave, {True, False})
    return tuple(sorted((v for v in known if _version_order(v) >= _version_order(needed)), key=_version_order))


def _versions(document_type: str, wave: str, optional: set[bool]) -> set[str]:
    seed, item = ("foi_codebook", "question_code") if document_type == FOI else ("strategy_codebook", "field_code")
    is_optional = {
        row["item_code"]: _is_optional(row) for row in rows("coding_items") if row["document_type"] == document_type
    }
    return {
        row["codebook_version"]
        for row in rows(seed)
        if wave in row["waves"].split("|") and is_optional.get(row[item], False) in optional
    }


def _version_order(version: str) -> tuple[int, str]:
    return len(version), version


def _is_optional(item: dict[str, str]) -> bool:
    """A workbook made before there were optional items does not have the column."""
    return item.get("is_optional", "").lower() == "true"


@_for_codebooks_in_force
def items(document_type: str, wave: str) -> tuple[Item, ...]:
    """The items of a document type in their order, each with the codes in use in this wave."""
    if document_type == FOI:
        codes = [(row["question_code"], row["description"], row) for row in rows("foi_codebook")]
    else:
        codes = [
            (row["field_code"], row["criteria"], row)
            for row in rows("strategy_codebook")
            if document_type in row["document_types"].split("|")
        ]
    in_use: dict[str, list[Code]] = {}
    for item_code, meaning, row in sorted(codes, key=lambda c: int(c[2]["code_order"])):
        if wave in row["waves"].split("|"):
            code = Code(row["code"], row["label"], meaning, row.get("parent_code", ""))
            in_use.setdefault(item_code, []).append(code)
    listed = [row for row in rows("coding_items") if row["document_type"] == document_type]
    return tuple(
        Item(
            item_code=row["item_code"],
            label=row["item_label"],
            is_themes=row["answer_type"] == "themes",
            scale=row["scale"],
            codes=tuple(in_use[row["item_code"]]),
            is_optional=_is_optional(row),
        )
        for row in sorted(listed, key=lambda r: int(r["item_order"]))
        if row["item_code"] in in_use
    )


def boards(councils: list[tuple[str, str]], financial_year: str) -> list[tuple[str, str]]:
    """The health and wellbeing boards of councils: one each, except where the bridge says they shared one.

    Takes and gives (code, name); a board is placed where its first council was.
    """
    shared = _members("board_bridge", "board_code", "board_name", financial_year)
    found: dict[str, str] = {}
    for code, name in councils:
        board_code, board_name = shared.get(code, (f"hwb_{code}", f"{name}: health and wellbeing board"))
        found.setdefault(board_code, board_name)
    return list(found.items())


def partnerships(councils: list[tuple[str, str]], financial_year: str) -> list[tuple[str, str]]:
    """The partnerships that councils belonged to, as (code, name); councils the bridge does not know have none."""
    known = _members("partnership_bridge", "partnership_code", "partnership_name", financial_year)
    found: dict[str, str] = {}
    for code, _ in councils:
        if code in known:
            found.setdefault(*known[code])
    return list(found.items())


def _members(seed: str, code: str, name: str, financial_year: str) -> dict[str, tuple[str, str]]:
    return {
        row["council_code"]: (row[code], row[name])
        for row in rows(seed)
        if row["valid_from_year"] <= financial_year
        and (not row["valid_to_year"] or financial_year <= row["valid_to_year"])
    }
