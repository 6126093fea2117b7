"""The mapping file of an export: which of its columns is which question, which of its values is which code.

It lies beside the export as `<name>.mapping.yml` and serves every export whose name begins with its own.
Everything in it is text, so that `yes` and `1` stay what they are written as.

    document_type: foi_response
    wave: 2017
    unit: Council                 # column with the unit's code or name
    coder: {column: Your alias}   # or the alias itself
    ignore: [Remarks]
    questions:
      Have you developed a local approach to prevention?: {item: q2a, values: {In development: in_process}}
      Which themes does the reply mention?: {item: q1, separator: ";", values: {New services: new_services}}
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from rapidfuzz import process

from ingest.problems import InputError, Problem
from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_layout import PAGE, QUOTATION
from ingest.submitted.service_maps.map_layout import folded

SUFFIX = ".mapping.yml"
EXAMPLE = "compare it with the example in docs/codings.md"
WIDE, LONG = "one_row_per_unit", "one_row_per_code"
_KEYS = (
    "document_type",
    "wave",
    "series",
    "coder",
    "unit",
    "unit_name",
    "units",
    "shape",
    "header_row",
    "sheet",
    "ignore",
    "questions",
    "question",
    "code",
    "quotation",
    "page",
    "values",
    "is_unlisted_no",
)
_QUESTION_KEYS = ("item", "theme", "evidence", "separator", "values")


@dataclass(frozen=True)
class Question:
    """What one column of an export holds.

    The answer to an item; where `theme` is set whether this theme applies; where `separator` is set every theme
    that does; where `evidence` is set the quotation or page of the item. `values` gives codes for its words.
    """

    item: str
    theme: str | None = None
    evidence: str | None = None
    separator: str | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """A mapping file, checked. Columns are named by their header; `coder` is an alias, `coder_column` a column.

    `is_unlisted_no` says of a long table that a theme it does not list for a unit was looked for and not found.
    """

    document_type: str
    wave: str
    series: str
    coder: str | None
    coder_column: str | None
    unit: str
    unit_name: str | None
    units: dict[str, str]
    shape: str
    header_row: int | None
    sheet: str | None
    ignore: tuple[str, ...]
    questions: dict[str, Question]
    long_columns: dict[str, str]
    values: dict[str, str]
    is_unlisted_no: bool


def beside(path: Path) -> Path | None:
    """The mapping file that goes with an export: the one whose name the export's begins with, the longest such."""
    fits = [found for found in path.parent.glob(f"*{SUFFIX}") if path.stem.startswith(found.name.removesuffix(SUFFIX))]
    return max(fits, key=lambda found: len(found.name), default=None)


def load(path: Path) -> Mapping:
    """Read a mapping file. Raises InputError with every problem of it."""
    try:
        settings = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        what, value = "the mapping file is not valid YAML", str(error).split("\n")[0][:120]
        raise InputError(Problem(path.name, what, EXAMPLE, value=value)) from error
    return _Reader(path.name, settings if isinstance(settings, dict) else {}).mapping()


class _Reader:
    def __init__(self, file: str, settings: dict):
        self.file, self.settings = file, settings
        self.problems: list[Problem] = []

    def _fault(self, key: str, what: str, remedy: str, value=None) -> None:
        shown = None if value in (None, "") else str(value)[:120]
        self.problems.append(Problem(self.file, what, remedy, column=f"“{key}”", value=shown))

    def _text(self, key: str, default: str = "") -> str:
        value = self.settings.get(key, default)
        if not isinstance(value, str):
            self._fault(key, "a single text is needed here", EXAMPLE, value)
            return default
        return value

    def _dict(self, key: str) -> dict:
        value = self.settings.get(key) or {}
        if not isinstance(value, dict):
            self._fault(key, "a list of “name: value” lines is needed here", EXAMPLE, value)
            return {}
        return value

    def mapping(self) -> Mapping:
        for key in self.settings:
            if key not in _KEYS:
                near = process.extractOne(str(key), _KEYS)
                self._fault(key, "there is no such setting", f"delete it, or correct it: the nearest is {near[0]}")
        document_type, wave = self._text("document_type"), self._text("wave")
        if document_type not in (codebook.FOI, *codebook.STRATEGIES):
            remedy = "write foi_response, jhws or stp"
            self._fault("document_type", "the document type is missing or not known", remedy, document_type)
        elif wave not in codebook.waves(document_type):
            known = ", ".join(codebook.waves(document_type))
            self._fault("wave", f"the codebook has no such wave of {document_type}", f"write one of {known}", wave)
        shape = self._text("shape", WIDE)
        if shape not in (WIDE, LONG):
            self._fault("shape", "the shape is not known", f"write {WIDE} or {LONG}", shape)
        series = self._text("series", "1")
        if not series.isdigit():
            self._fault("series", "the series is not a whole number", "write 1, or the next number", series)
        coder = self.settings.get("coder", "" if shape == WIDE else {"column": "coder"})
        is_column = isinstance(coder, dict)
        if not coder or (is_column and not coder.get("column")):
            self._fault("coder", "nobody is named as coder", "write an alias, or {column: the column with aliases}")
        questions = {} if self.problems else self._questions(document_type, wave)
        if shape == WIDE and not self.problems and not questions:
            self._fault("questions", "no column is given to a question", EXAMPLE)
        header_row = self._text("header_row", "") or None
        if header_row and not header_row.isdigit():
            self._fault("header_row", "the header row is not a whole number", "write 1, or its number", header_row)
        if self.problems:
            raise InputError(self.problems)
        return Mapping(
            document_type=document_type,
            wave=wave,
            series=series,
            coder=None if is_column else coder.lower(),
            coder_column=coder["column"] if is_column else None,
            unit=self._text("unit", "unit_code"),
            unit_name=self.settings.get("unit_name"),
            units={folded(name): code for name, code in self._dict("units").items()},
            shape=shape,
            header_row=int(header_row) if header_row else None,
            sheet=self.settings.get("sheet"),
            ignore=tuple(folded(name) for name in self.settings.get("ignore") or ()),
            questions=questions,
            long_columns={name: self._text(name, name) for name in ("question", "code", QUOTATION, PAGE)},
            values=self._codes(self._dict("values")),
            is_unlisted_no=self._text("is_unlisted_no", "false").lower() in ("true", "yes"),
        )

    @staticmethod
    def _codes(values: dict) -> dict[str, str]:
        return {folded(str(word)): str(code) for word, code in values.items()}

    def _questions(self, document_type: str, wave: str) -> dict[str, Question]:
        items = {item.item_code: item for item in codebook.items(document_type, wave)}
        found = {}
        for header, given in self._dict("questions").items():
            given = {"item": given} if isinstance(given, str) else given
            for key in given:
                if key not in _QUESTION_KEYS:
                    self._fault(header, f"“{key}” is no setting of a question", f"use {', '.join(_QUESTION_KEYS)}")
            name = given.get("item", "")
            if name not in items:
                near = process.extractOne(name, list(items))
                self._fault(header, "the codebook has no such question in this wave", f"the nearest is {near[0]}", name)
                continue
            item, values = items[name], self._codes(given.get("values") or {})
            theme, evidence = given.get("theme"), given.get("evidence")
            if theme and not (item.is_themes and item.code(theme)):
                self._fault(header, f"{name} has no such theme", "write a code of the question", theme)
            if evidence not in (None, QUOTATION, PAGE):
                self._fault(header, "the kind of evidence is not known", "write quotation or page", evidence)
            separator = given.get("separator", ";" if item.is_themes and not (theme or evidence) else None)
            if not theme and not evidence:
                for word, code in values.items():
                    if not item.code(code):
                        self._fault(header, f"{name} has no such code, given for “{word}”", "write one of its", code)
            found[folded(header)] = Question(name, theme, evidence, separator, values)
        return found
