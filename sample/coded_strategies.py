"""Fictional agreed codes of boards' strategies and of partnerships' plans, with the totals printed for them.

Totals that hold across two fields are kept as well: of 41 strategies that mention the Care Act in 2017, 35
are strong or very strong. Which fictional board gets which code is chance.
"""

from dataclasses import dataclass, field

from ingest.submitted.codings import codebook
from sample.chance import draw
from sample.tallies import NO, YES, Readings, by_strength, dealt, shuffled, themes

STRONG = ("very_strong", "strong")
# The wave whose sheets hold every optional item; of the other, years alone.
WITH_OPTIONAL = "2017"
# Strategies, per cent, that state no period.
SILENT_ON_DATES = 8
# Strategies, per cent, updated since 2014: the report of 2016 prints "around a third"; that of 2017 is invented.
UPDATED_SINCE_2014 = {"2016": 33, "2017": 58}
CRITERIA = {
    "very_strong": ("emphasised", "early_intervention_in_part", "covers_all_three_tiers", "before_during_after_crisis"),
    "strong": ("emphasised", "early_intervention_in_part"),
    "neither_strong_nor_weak": ("emphasised",),
    "weak": ("emphasised", "awareness_only"),
    "very_weak": (),
}
TERMS = {
    "full": ("primary_secondary_tertiary", "prevent_reduce_delay", "both_sets"),
    "part": ("primary_secondary_only", "primary_only", "delay_reduce_only"),
    "none": ("no_terms", "no_terms", "own_terms_fewer_tiers", "own_terms_three_tiers"),
}


@dataclass(frozen=True)
class Totals:
    """Printed totals of one document type and wave.

    `mentions` counts strategies by policy; `strong_mentions` how many of them are strong or very strong.
    `second_placements` are strategies counted under two placements, as the 2016 report must have done once.
    `odd_criteria` is how many agreed labels are not those that the agreed criteria imply.
    """

    labels: dict[str, int]
    placements: dict[str, int]
    summaries: dict[str, int]
    triple: dict[str, int]
    mentions: dict[str, int]
    strong_mentions: dict[str, int] = field(default_factory=dict)
    section_two: int = 0
    part_primary_secondary: int | None = None
    not_mentioned: int = 0
    second_placements: int = 0
    odd_criteria: int = 0


TOTALS = {
    ("jhws", "2016"): Totals(
        labels={"very_strong": 57, "strong": 38, "neither_strong_nor_weak": 48, "weak": 7, "very_weak": 1},
        placements={"primary_principle": 10, "principle": 66, "priority": 55, "goal": 5, "vision": 4},
        summaries={"yes": 80, "no": 40, "no_summary": 31},
        triple={"full": 12, "part": 46, "none": 93},
        mentions={
            "care_act": 32,
            "five_year_forward_view": 10,
            "better_care_fund": 37,
            "loneliness": 88,
            "wellbeing_defined": 52,
            "voluntary_sector": 118,
        },
        section_two=5,
        not_mentioned=1,
        second_placements=1,
        odd_criteria=4,
    ),
    ("jhws", "2017"): Totals(
        labels={"very_strong": 61, "strong": 34, "neither_strong_nor_weak": 50, "weak": 5, "very_weak": 1},
        placements={"primary_principle": 11, "principle": 45, "priority": 56, "goal": 5, "vision": 8},
        summaries={"yes": 84, "no": 37, "no_summary": 30},
        triple={"full": 17, "part": 68, "none": 66},
        mentions={
            "care_act": 41,
            "five_year_forward_view": 39,
            "better_care_fund": 54,
            "loneliness": 104,
            "wellbeing_defined": 58,
            "voluntary_sector": 121,
        },
        strong_mentions={"care_act": 35, "five_year_forward_view": 26},
        section_two=9,
        odd_criteria=3,
    ),
    ("stp", "2017"): Totals(
        labels={"very_strong": 35, "strong": 5, "neither_strong_nor_weak": 4},
        placements={"priority": 32, "principle": 5, "primary_principle": 1, "vision": 2},
        summaries={"yes": 39, "no": 3, "no_summary": 2},
        triple={"full": 8, "part": 18, "none": 18},
        mentions={
            "care_act": 6,
            "five_year_forward_view": 41,
            "vanguards": 34,
            "better_care_fund": 19,
            "integration": 44,
            "person_centred": 28,
            "personalising_care_only": 10,
            "voluntary_sector": 44,
            "loneliness": 26,
            "wellbeing_defined": 15,
        },
        section_two=2,
        part_primary_secondary=14,
        odd_criteria=1,
    ),
}


def strategies(document_type: str, wave: str, units: list[str]) -> Readings:
    """Agreed codes by unit and column for one document type and wave."""
    totals = TOTALS[document_type, wave]
    name = (document_type, wave)
    ranked = by_strength(units, *name, "label")
    labels = dealt(ranked, totals.labels)
    readings: Readings = {unit: {"label": labels[unit]} for unit in units}
    last = ranked[-1:]
    _placement(readings, name, totals, ranked)
    _single(readings, "q1_mentioned", {unit: YES for unit in units} | {u: NO for u in last[: totals.not_mentioned]})
    # The weakest strategy has nothing to say in its summary; who has one at all is chance.
    order = shuffled([unit for unit in units if unit not in last], *name, "summary")
    summaries = totals.summaries | {NO: totals.summaries[NO] - 1}
    _single(readings, "q2_in_summary", dealt(order, summaries) | {last[0]: NO})
    _triple(readings, name, totals, ranked)
    _mentions(readings, name, totals)
    _criteria(readings, name, totals)
    flags = [code.code for code in _item(document_type, wave, "flag").codes]
    drawn = {flag: shuffled(units, *name, flag)[: len(units) * draw(9, 24, *name, flag) // 100] for flag in flags}
    themes(readings, "flag", flags, drawn)
    _dates(readings, name)
    if wave == WITH_OPTIONAL:
        for item_code in ("services_named", "integration_means"):
            _named(readings, name, item_code)
    return readings


def _dates(readings: Readings, name: tuple[str, str]) -> None:
    """Years of each strategy: "around a third" updated since 2014 in the first wave, some run out, some silent."""
    wave = int(name[1])
    updated = set(shuffled(sorted(readings), *name, "updated")[: len(readings) * UPDATED_SINCE_2014[name[1]] // 100])
    for unit, reading in sorted(readings.items()):
        first, last = (2014, wave) if unit in updated else (2011, 2013)
        year = draw(first, last, *name, unit, "update")
        start = draw(2010, year, *name, unit, "start")
        is_silent = draw(0, 99, *name, unit, "silent") < SILENT_ON_DATES
        reading["start_year"] = "not_stated" if is_silent else str(start)
        reading["end_year"] = "not_stated" if is_silent else str(start + draw(3, 6, *name, unit, "end"))
        reading["updated_year"] = str(year)


def _named(readings: Readings, name: tuple[str, str], item_code: str) -> None:
    """Services or means of integration, among the strategies or plans that name any."""
    codes = [code.code for code in _item(*name, item_code).codes if code.code != "answered"]
    order = shuffled(sorted(readings), *name, item_code)
    answered = sorted(order[: len(order) * 9 // 10])
    for unit, reading in readings.items():
        reading[f"{item_code}:answered"] = YES if unit in answered else NO
    counts = {code: len(answered) * draw(20, 70, *name, item_code, code) // 100 for code in codes}
    drawn = {code: shuffled(answered, *name, item_code, code)[: counts[code]] for code in codes}
    themes({unit: readings[unit] for unit in answered}, item_code, codes, drawn)


def _item(document_type: str, wave: str, item_code: str) -> codebook.Item:
    return next(item for item in codebook.items(document_type, wave) if item.item_code == item_code)


def _single(readings: Readings, column: str, codes: dict[str, str]) -> None:
    for unit, code in codes.items():
        readings[unit][column] = code


def _placement(readings: Readings, name: tuple[str, str], totals: Totals, ranked: list[str]) -> None:
    """Placements go to the strongest strategies first, so that a strong label has a placement to rest on."""
    placed = ranked[: sum(totals.placements.values())]
    codes = dealt(shuffled(placed, *name, "placement"), totals.placements)
    positives = {code: [unit for unit in placed if codes[unit] == code] for code in totals.placements}
    positives["not_placed"] = ranked[len(placed) :]
    positives["vision"] = positives["vision"] + positives["priority"][: totals.second_placements]
    names = [code.code for code in _item(*name, "placement").codes]
    themes(readings, "placement", names, positives)
    for reading in readings.values():
        where = {code for code in names if reading[f"placement:{code}"] == YES}
        reading["q3_in_vision"] = YES if where & {"vision", "goal"} else NO
        reading["q4_in_priority"] = YES if "priority" in where else NO
        reading["q5_in_principle"] = (
            "primary" if "primary_principle" in where else "listed" if "principle" in where else NO
        )


def _triple(readings: Readings, name: tuple[str, str], totals: Totals, ranked: list[str]) -> None:
    codes = dealt(by_strength(ranked, *name, "triple"), totals.triple)
    _single(readings, "triple_definition", codes)
    for answer, terms in TERMS.items():
        units = shuffled([unit for unit in ranked if codes[unit] == answer], *name, "terms")
        first = totals.part_primary_secondary if answer == "part" else None
        for number, unit in enumerate(units):
            rest = terms[1:] if first is not None else terms
            is_first = first is not None and number < first
            readings[unit]["terminology"] = terms[0] if is_first else rest[number % len(rest)]


def _mentions(readings: Readings, name: tuple[str, str], totals: Totals) -> None:
    units = sorted(readings)
    strong = [unit for unit in units if readings[unit]["label"] in STRONG]
    others = [unit for unit in units if readings[unit]["label"] not in STRONG]
    positives: dict[str, list[str]] = {}
    for policy, count in totals.mentions.items():
        order = shuffled(units, *name, policy)
        if policy in totals.strong_mentions:
            of_strong = totals.strong_mentions[policy]
            chosen = shuffled(strong, *name, policy)[:of_strong]
            chosen += shuffled(others, *name, policy)[: count - of_strong]
        elif policy == "personalising_care_only":
            chosen = [unit for unit in order if unit not in positives["person_centred"]][:count]
        else:
            chosen = order[:count]
        positives[policy] = chosen
    positives["care_act_section_2"] = shuffled(positives["care_act"], *name, "section")[: totals.section_two]
    themes(readings, "policy_mention", [code.code for code in _item(*name, "policy_mention").codes], positives)


def _criteria(readings: Readings, name: tuple[str, str], totals: Totals) -> None:
    """The criteria of each label, save for a few very strong ones whose reach over a crisis is coded no."""
    names = [code.code for code in _item(*name, "criterion").codes]
    very_strong = [unit for unit in sorted(readings) if readings[unit]["label"] == "very_strong"]
    odd = set(shuffled(very_strong, *name, "odd")[: totals.odd_criteria])
    positives: dict[str, list[str]] = {code: [] for code in names}
    for unit in sorted(readings):
        for code in CRITERIA[readings[unit]["label"]]:
            if not (unit in odd and code == "before_during_after_crisis"):
                positives[code].append(unit)
    themes(readings, "criterion", names, positives)
