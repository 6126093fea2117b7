"""Codes that cannot stand together in one row of a coding sheet.

Pairs of cells are declared in the seed `coding_contradictions`; what holds for whole questions (a silent reply, a
part without its parent, a flag that is alone) is written here. Each rule names the cell that has to give way,
so that the message can point at it; the other cells are kept.
"""

from collections.abc import Iterator
from functools import cache

from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_layout import NO, YES

# Themes that describe a service: with one of them a reply is more than information and advice.
SERVICE_THEMES = ("new_services", "existing_services_expanded", "carer_services", "at_risk_outreach")
Contradiction = tuple[str, str, str]
Condition = tuple[str, frozenset[str]]


def contradictions(document_type: str, wave: str, values: dict[str, str]) -> list[Contradiction]:
    """(column to leave out, what is wrong, what to do) for each rule broken by the values of one row.

    `values` holds the code of each column with one answer, yes or no of each theme column.
    """
    rules = _foi if document_type == codebook.FOI else _strategy
    found: dict[str, Contradiction] = {}
    for column, what, remedy in (
        *_themes(document_type, wave, values),
        *_declared(document_type, wave, values),
        *rules(wave, values),
    ):
        found.setdefault(column, (column, what, remedy))
    return list(found.values())


def _declared(document_type: str, wave: str, values: dict[str, str]) -> Iterator[Contradiction]:
    """Rules of the seed whose condition holds while none of the cells they need says so; a blank cell says nothing."""
    for when, needs, refused, what, remedy in _rules(document_type, wave):
        column, codes = when
        if values.get(column) not in codes or any(needed not in values for needed, _ in needs):
            continue
        if refused in values and not any(values[needed] in allowed for needed, allowed in needs):
            yield refused, what, remedy


@cache
def _rules(document_type: str, wave: str) -> list[tuple[Condition, list[Condition], str, str, str]]:
    return [
        (
            _condition(row["when_cells"]),
            [_condition(text) for text in row["needs_cells"].split(";")],
            row["refused_column"],
            row["what"],
            row["remedy"],
        )
        for row in codebook.rows("coding_contradictions")
        if document_type in row["document_types"].split("|") and wave in row["waves"].split("|")
    ]


def _condition(text: str) -> Condition:
    column, _, codes = text.partition("=")
    return column, frozenset(codes.split("|"))


def _themes(document_type: str, wave: str, values: dict[str, str]) -> Iterator[Contradiction]:
    for item in codebook.items(document_type, wave):
        if not item.is_themes:
            continue
        is_silent = values.get(f"{item.item_code}:answered") == NO
        for code in item.codes:
            column = f"{item.item_code}:{code.code}"
            if values.get(column) != YES:
                continue
            if is_silent and code.code != "answered":
                yield column, "a theme of a question that is coded as not answered", "write yes under answered, or no"
            elif code.parent and values.get(f"{item.item_code}:{code.parent}") == NO:
                yield column, f"part of {code.parent}, which is coded no", f"write yes under {code.parent}, or no here"


def _foi(_wave: str, values: dict[str, str]) -> Iterator[Contradiction]:
    if values.get("response") == "none":
        for column in values:
            if column != "response":
                yield column, "coded, though the council did not reply", "write received under response, or clear"
    if values.get("q1:information_only") == YES:
        services = [theme for theme in SERVICE_THEMES if values.get(f"q1:{theme}") == YES]
        if services:
            remedy = "write no: the flag holds only where no service theme applies"
            yield "q1:information_only", f"set beside the service theme {services[0]}", remedy
    if values.get("q5b:assessment_only") == YES:
        others = _others(values, "q5b", ("assessment_only", "assessment_process"))
        if others:
            yield "q5b:assessment_only", f"set beside {others[0]}", "write no: the flag holds for assessment alone"
    if values.get("q6:no_action_or_early_stage") == YES:
        others = _others(values, "q6", ("no_action_or_early_stage",))
        if others:
            yield "q6:no_action_or_early_stage", f"set beside {others[0]}", "write no: it excludes the other codes"
    if values.get("unmet_need_met:plan_only") == YES:
        others = _others(values, "unmet_need_met", ("plan_only",))
        if others:
            yield "unmet_need_met:plan_only", f"set beside {others[0]}", "write no: it excludes the other codes"


def _others(values: dict[str, str], item_code: str, but: tuple[str, ...]) -> list[str]:
    """Themes coded yes beside those named; examples of unmet need are no source and do not count."""
    return [code for code in _themes_of(item_code) if code not in but and values.get(f"{item_code}:{code}") == YES]


@cache
def _themes_of(question: str) -> list[str]:
    listed = codebook.rows("foi_codebook")
    themes = [r["code"] for r in listed if r["question_code"] == question and r["answer_type"] == "open_multi_theme"]
    return sorted(themes)


def _strategy(wave: str, values: dict[str, str]) -> Iterator[Contradiction]:
    placed = [c for c in values if c.startswith("placement:") and c != "placement:not_placed" and values[c] == YES]
    if placed and values.get("placement:not_placed") == YES:
        yield "placement:not_placed", f"set beside {placed[0]}", "write no: it holds only where nothing else does"
    # The 2016 report counts one strategy twice; from 2017 each is counted under one placement.
    if wave >= "2017" and len(placed) > 1:
        yield placed[1], f"a second placement beside {placed[0]}", "keep the most prominent one"
    yield from _dates(wave, values)


def _dates(wave: str, values: dict[str, str]) -> Iterator[Contradiction]:
    """Years of a strategy that cannot be: an end before its start, or a date after the wave that read it."""
    start, end = values.get("start_year", ""), values.get("end_year", "")
    if start.isdigit() and end.isdigit() and end < start:
        yield "end_year", f"the strategy would end before it starts, in {start}", "correct one of the two years"
    updated = values.get("updated_year", "")
    if updated.isdigit() and updated > wave:
        yield "updated_year", f"a year after the wave of {wave} read it", "write the year of the update that was read"
