"""Fictional agreed codes of the councils' replies, whose totals are those printed for waves 2016 and 2017.

Only totals are real. Which fictional council gets which code is chance; nothing is said of any real council.
"""

from ingest.submitted.codings import codebook
from sample.chance import draw
from sample.tallies import NO, YES, Readings, by_strength, dealt, shuffled, themes

SILENT = {"2016": 3, "2017": 4}

# Question a of each pair, strongest answer first; the request of 2016 ended with question 3. "2017" 2a: 104 + 31 + 1,
# and 12 without a usable answer.
PART_A = {
    "2016": {
        "q2a": {"yes": 88, "in_process": 27, "other_or_earlier_plans": 22, "no": 4, "unclear": 3, "not_answered": 5},
        "q3a": {"yes": 36, "in_process": 25, "refreshed_existing": 53, "no": 20, "unclear": 6, "not_answered": 9},
    },
    "2017": {
        "q2a": {"yes": 104, "in_process": 31, "no": 1, "unclear": 5, "not_answered": 7},
        "q3a": {"yes": 57, "in_process": 49, "no": 30, "unclear": 4, "not_answered": 8},
        "q4a": {"yes": 117, "in_process": 19, "no": 5, "not_answered": 7},
        "q5a": {"yes": 73, "in_process": 60, "no": 5, "not_answered": 10},
    },
}

# Part b by the answer to part a; whoever is not named is not applicable.
PART_B = {
    "2016": {
        "q2b": {
            "yes": {"yes": 45, "examples_not_specified": 26, "no": 15, "not_answered": 2},
            "in_process": {"yes": 18, "no": 6, "not_answered": 3},
        },
        "q3b": {
            "yes": {"yes": 20, "examples_not_specified": 9, "no": 7},
            "refreshed_existing": {"yes": 10, "no": 25, "not_applicable": 18},
        },
    },
    "2017": {
        "q2b": {"yes": {"yes": 95, "no": 7, "not_answered": 2}},
        "q3b": {"yes": {"yes": 36, "no": 18, "not_answered": 3}, "no": {"no": 9, "not_applicable": 21}},
    },
}

# Councils that answered the open questions, and themes whose number the reports print or put into words.
ANSWERED = {"2016": {}, "2017": {"q4b": 120, "q5b": 92, "q6": 138, "services_named": 131, "unmet_need_met": 84}}
# Open questions that follow from an answer, with the question it was given to.
FOLLOWS = {"q4b": "q4a", "q5b": "q5a", "unmet_need_met": "q5a"}
# The wave whose sheets have the optional items; the other shows that a sheet without them is complete.
WITH_OPTIONAL = "2017"
COUNTED = {
    "2016": {"q1": {"information_and_advice": 79, "new_services": 54, "carer_services": 18}},
    "2017": {
        "q1": {"new_services": 72, "information_and_advice": 64, "carer_services": 30, "partner_bodies": 49},
        "q4b": {"voluntary_sector": 25},
        "q5b": {"jsna": 18, "market_position_statement": 9},
        "q6": {"better_care_fund": 53, "multidisciplinary_teams": 58},
    },
}
# Codes that are written alone, with the codes they may be beside; and how many replies carry them.
ALONE = {
    "q1": ("information_only", 6, ("information_and_advice", "guidance_or_training", "revised_procedures")),
    "q5b": ("assessment_only", 5, ("assessment_process",)),
    "q6": ("no_action_or_early_stage", 7, ()),
    "unmet_need_met": ("plan_only", 9, ()),
}
PARTS_OF_NEW_SERVICES = ("carer_services", "at_risk_outreach", "opened_to_new_cohorts")


def replies(wave: str, councils: list[str]) -> Readings:
    """Agreed codes by council and column for one wave."""
    order = shuffled(councils, wave, "response")
    silent = set(order[: SILENT[wave]])
    readings: Readings = {unit: {"response": "none" if unit in silent else "received"} for unit in councils}
    replied = {unit: reading for unit, reading in readings.items() if unit not in silent}
    for question, counts in PART_A[wave].items():
        _spread(replied, question, dealt(by_strength(list(replied), wave, question), counts))
    for question, branches in PART_B[wave].items():
        _part_b(replied, wave, question, branches)
    for item in codebook.items(codebook.FOI, wave):
        if item.is_themes and (wave == WITH_OPTIONAL or not item.is_optional):
            _open_question(replied, wave, item.item_code)
    return readings


def _spread(readings: Readings, column: str, codes: dict[str, str]) -> None:
    for unit, code in codes.items():
        readings[unit][column] = code


def _part_b(replied: Readings, wave: str, question: str, branches: dict[str, dict[str, int]]) -> None:
    part_a = question.replace("b", "a")
    for reading in replied.values():
        reading[question] = "not_applicable"
    for answer, counts in branches.items():
        units = [unit for unit, reading in replied.items() if reading[part_a] == answer]
        _spread(replied, question, dealt(by_strength(units, wave, question), counts))


def _open_question(replied: Readings, wave: str, question: str) -> None:
    """Themes of an open question among the councils that answered it, a parent wherever a part of it is."""
    codes = next(item for item in codebook.items(codebook.FOI, wave) if item.item_code == question).codes
    names = [code.code for code in codes if code.code != "answered"]
    could = list(replied)
    if question in FOLLOWS:
        could = [unit for unit in replied if replied[unit][FOLLOWS[question]] in ("yes", "in_process")]
    answered = shuffled(could, wave, question)[: ANSWERED[wave].get(question, len(could))]
    positives = _positives(wave, question, names, answered)
    for code in codes:
        if code.parent:
            positives[code.parent] = sorted({*positives[code.parent], *positives[code.code]})
    for unit, reading in replied.items():
        reading[f"{question}:answered"] = YES if unit in answered else NO
    themes({unit: replied[unit] for unit in sorted(answered)}, question, names, positives)


def _positives(wave: str, question: str, names: list[str], answered: list[str]) -> dict[str, list[str]]:
    alone, how_many, beside = ALONE.get(question, ("", 0, ()))
    lone = answered[:how_many]
    free = answered[how_many:]
    counted = COUNTED[wave].get(question, {})
    positives = {}
    for name in names:
        if name == alone:
            positives[name] = lone
            continue
        # A part is drawn from its parent's replies where the parent's number is printed.
        among = positives["new_services"] if name in PARTS_OF_NEW_SERVICES else free
        most = min(58, len(among))
        count = counted.get(name, draw(12, 38, wave, question, name) * most // 100)
        chosen = shuffled(among, wave, question, name)[:count]
        if len(chosen) != count:
            raise ValueError(f"{question} {name}: {count} replies wanted, {len(chosen)} there")
        positives[name] = chosen + (lone if name in beside[:1] and name not in counted else [])
    return positives
