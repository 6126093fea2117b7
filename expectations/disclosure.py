"""An attacker with every published table and the public population figures, and a linear-programming solver.

For each hidden council count the attacker writes down all that is known: group counts are sums over councils,
totals are sums over breakdowns, measures of a family share counts, a printed rate times a denominator gives a
count to within half its last decimal, denominators are looked up where none is published, and a second publication of
the rate counts like the first. The smallest and the largest count that fit say how closely it is pinned. A count
pinned more closely than the publisher's own rounding blocks the publication.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from expectations.kept_attacks import attacked
from expectations.results import ERROR, WARN, CheckResult

MEANING = "A linear programme over everything published tries to work out each withheld count"
SUBJECT = "marts.fct_outcome_measure"
PLACE = "expectations/disclosure.py"
HIDDEN, TRIED = "withheld_counts_cannot_be_worked_out", "withheld_counts_could_be_tried"
# The publisher rounds counts to fives: pinned to no closer than this, a count is as good as withheld.
HALF_OF_FIVE = 2.5
TOLERANCE = 1e-6

AGE_AND_SEX = (
    ("Female", "Male"),
    ("18-64", "65 and over"),
    ("64 and under", "65-84", "85 and over"),
    ("65-74", "75-84", "85 and over"),
)
SAME_COUNT = (
    (("self_directed_support_users", "D"), ("direct_payments_users", "D")),
    (("self_directed_support_carers", "D"), ("direct_payments_carers", "D")),
    (("learning_disability_employment", "D"), ("learning_disability_settled_home", "D")),
    (("reablement_still_at_home", "D"), ("reablement_offered", "N")),
)
BASES = {"admissions_65_plus": "population_65_plus", "admissions_18_64": "population_18_64"}
SCALES = {"per_100k": 100_000, "percent": 100, "score": 1}
HALF_DECIMAL = 0.05
SLACKS = (1, 3, 10, 30, 100, 300)


class Cell(NamedTuple):
    """One row of the published outcomes, with the rate a second publication gives for it."""

    council_code: str | None
    geography_kind: str
    geography_code: str
    financial_year: str
    measure_code: str
    breakdown: str
    unit: str
    numerator: float | None
    denominator: float | None
    outcome_value: float | None
    is_recomputed: bool
    is_hidden: bool
    release_id: str
    second_value: float | None


class Residents(NamedTuple):
    """People of an area that anybody can look up."""

    area_code: str
    financial_year: str
    population_65_plus: int | None
    population_18_64: int | None


@dataclass(frozen=True)
class Pinned:
    """How closely a hidden count is pinned: the smallest and largest count that fit what is published."""

    council_code: str
    financial_year: str
    measure_code: str
    breakdown: str
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Attack:
    """What an attack found, and the measures, years and publications whose figures contradict each other."""

    pinned: list[Pinned]
    contradicted: set[tuple[str, str, str]]


def check(warehouse: Path, kept: Path | None = None) -> list[CheckResult]:
    """The attack on the tables about to be published, as two checks: nothing is given away, and all could be tried.

    `kept` is the file of earlier answers: what has not changed since is not attacked again.
    """
    found = attack(str(warehouse), kept=kept)
    close = [one for one in found.pinned if one.half_width < HALF_OF_FIVE - TOLERANCE]
    tightest = min((one.half_width for one in found.pinned), default=math.inf)
    # Never the count itself: a message is read by more people than may know it.
    sentences = [
        f"{one.council_code}, {one.measure_code}, {one.breakdown}, {one.financial_year}: what is published gives this "
        f"withheld count away to within {one.half_width:.2f} either way; withhold one more figure of its region, "
        "class, breakdown or second source"
        for one in close
    ]
    accepted, held = _accepted(str(warehouse))
    contradicted = [
        f"{publication}, {measure}, {year}: published rates of councils, regions and England contradict each other, so "
        "that what they give away together was not tried, only each region, class and England by itself"
        for measure, year, publication in sorted(found.contradicted - accepted)
    ]
    contradicted += [
        f"{publication}, {measure}, {year}: the accepted contradiction is gone; take it off accepted_contradictions"
        for measure, year, publication in sorted(accepted - found.contradicted)
        if publication in held
    ]
    return [
        _result(HIDDEN, ERROR, len(found.pinned), sentences, f"within {tightest:g} either way"),
        _result(
            TRIED,
            WARN,
            len(found.pinned) + len(contradicted),
            contradicted,
            f"{len(found.contradicted)} contradictions, {len(found.contradicted & accepted)} of them accepted",
        ),
    ]


def _result(name: str, severity: str, compared: int, sentences: list[str], observed: str) -> CheckResult:
    worded = ("fail" if severity == ERROR else "warn") if sentences else "pass" if compared else "empty"
    return CheckResult(
        name=name,
        subject=SUBJECT,
        severity=severity,
        status=worded,
        compared=compared,
        failed=len(sentences),
        expected=f"no withheld count known more closely than {HALF_OF_FIVE} either way",
        observed=observed if compared else "nothing withheld beside a group that shows a figure",
        difference=str(len(sentences)),
        detail=MEANING,
        place=PLACE,
        rows=[{"sentence": sentence} for sentence in sentences],
    )


def _accepted(warehouse: str) -> tuple[set[tuple[str, str, str]], set[str]]:
    """The contradictions that were looked at and accepted, and the publications that figures are served from.

    None of these where it is not known which councils a type of London boroughs covers: then it is not seen what
    types contradict.
    """
    with duckdb.connect(warehouse, read_only=True) as connection:
        accepted = connection.execute(
            "select measure_code, financial_year, publication from reference.accepted_contradictions"
        ).fetchall()
        held = connection.execute(
            "select distinct split_part(release_id, '@', 1) from marts.fct_outcome_measure "
            "where exists (select 1 from staging.stg_register__cassr_codes)"
        )
        return {(measure, year, of) for measure, year, of in accepted}, {release for (release,) in held.fetchall()}


def attack(warehouse: str, measure_code: str | None = None, kept: Path | None = None) -> Attack:
    """Every hidden numerator of the published outcome table (or of one measure), and what the attacker learns."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        cells = [Cell(*row) for row in connection.execute(CELLS, {"measure": measure_code}).fetchall()]
        members = connection.execute(MEMBERS).fetchall()
        residents = [Residents(*row) for row in connection.execute(RESIDENTS).fetchall()]
    covered = defaultdict(list)
    for kind, code, year, council in members:
        covered[kind, code, year].append(council)
    people = {(r.area_code, r.financial_year): r for r in residents}
    pinned: list[Pinned] = []
    contradicted: set[tuple[str, str, str]] = set()
    tried = list(families(cells))
    answers = attacked(tried, covered, people, _attack_family, Pinned, kept)
    for family, (found, is_contradicted) in zip(tried, answers, strict=True):
        pinned += found
        if is_contradicted:
            measure, year = family[0].measure_code, family[0].financial_year
            contradicted |= {(measure, year, one.release_id.split("@")[0]) for one in family}
    return Attack(pinned, contradicted)


CELLS = """
    with second as (
        select geography_code, financial_year, measure_code, 'Total' as breakdown, second_opinion_value as second_value
        from marts.mart_outcome_second_opinion where second_opinion_value is not null
        union
        select geography_code, financial_year, measure_code, breakdown, coalesce(other_value, outcome_value)
        from marts.mart_outcome_publication_differences where coalesce(other_value, outcome_value) is not null
    )

    select
        o.council_code, o.geography_kind, o.geography_code, o.financial_year, o.measure_code, o.breakdown, o.unit,
        o.numerator::double, o.denominator::double, o.outcome_value::double, o.is_recomputed,
        o.is_suppressed or o.is_withheld, o.release_id, any_value(s.second_value)::double
    from marts.fct_outcome_measure as o
    left join second as s using (geography_code, financial_year, measure_code, breakdown)
    where coalesce(o.measure_code = $measure, true)
    group by all order by all
"""

MEMBERS = """
    with councils as (
        select c.council_code, c.valid_from_year, coalesce(c.valid_to_year, '9999-00') as valid_to_year,
            r.region_code,
            case when c.class != 'london_borough' then c.class
                 when k.council_type ilike 'inner%' then 'inner_london' else 'outer_london' end as type_code
        from marts.dim_council as c
        left join reference.region_codes as r on c.region = r.region
        left join staging.stg_register__cassr_codes as k on c.council_code = k.council_code
    )
    select distinct g.geography_kind, g.geography_code, g.financial_year, c.council_code
    from marts.fct_outcome_measure as g
    inner join councils as c
        on g.financial_year between c.valid_from_year and c.valid_to_year
        and (g.geography_kind = 'england' or g.geography_code in (c.region_code, c.type_code))
    where g.geography_kind != 'council'
"""

RESIDENTS = """
    select area_code, financial_year, population_65_plus,
        population_18_plus - population_65_plus as population_18_64
    from staging.stg_population__areas
    union
    select council_code, financial_year, population_65_plus, population_18_plus - population_65_plus
    from core.core_council_population where population_65_plus is not null
"""


def families(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Cells of one year whose measures share counts, where something is hidden and some group row shows a figure."""
    linked = {code: min(a[0] for a in pair) for pair in SAME_COUNT for code in (pair[0][0], pair[1][0])}
    grouped: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        grouped[cell.financial_year, linked.get(cell.measure_code, cell.measure_code)].append(cell)
    for _, group in sorted(grouped.items()):
        is_hidden = any(cell.geography_kind == "council" and cell.is_hidden for cell in group)
        shows = any(
            figure is not None
            for cell in group
            if cell.geography_kind != "council" or cell.is_hidden
            for figure in (cell.numerator, cell.denominator, cell.outcome_value, cell.second_value)
        )
        if is_hidden and shows:
            yield group


class _Contradiction(Exception):
    """The figures cannot all be true as the attacker reads them."""


class _Program:
    """A linear program over council counts, built row by row."""

    def __init__(self, slack: int):
        self.index: dict[tuple, int] = {}
        self.bounds: list[tuple[float, float | None]] = []
        self.slack = slack
        self.rows: dict[str, list] = {"eq": [], "ub": []}
        self._matrices: dict[str, Any] | None = None

    def variable(self, key) -> int:
        if key not in self.index:
            self.index[key] = len(self.bounds)
            self.bounds.append((0.0, None))
        return self.index[key]

    def fix(self, key, low: float, high: float) -> None:
        at = self.variable(key)
        old_low, old_high = self.bounds[at]
        self.bounds[at] = (max(low, old_low), high if old_high is None else min(high, old_high))

    def add(self, kind: str, terms: list[tuple[int, float]], bound: float) -> None:
        self.rows[kind].append((terms, bound))

    def range_of(self, key) -> tuple[float, float]:
        import numpy as np
        from scipy.optimize import linprog

        at, ends = self.index[key], []
        if self._matrices is None:
            self._matrices = {kind: self._matrix(rows) for kind, rows in self.rows.items()}
        matrices = self._matrices
        for sign in (1, -1):
            cost = np.zeros(len(self.bounds))
            cost[at] = sign
            result = linprog(
                cost,
                A_eq=matrices["eq"][0],
                b_eq=matrices["eq"][1],
                A_ub=matrices["ub"][0],
                b_ub=matrices["ub"][1],
                bounds=self.bounds,
                method="highs",
            )
            if result.status not in (0, 3):
                raise _Contradiction(key)
            ends.append(sign * result.fun if result.status == 0 else np.inf)
        return ends[0], ends[1]

    def _matrix(self, rows):
        if not rows:
            return None, None
        from scipy.sparse import csr_matrix

        data, i, j = [], [], []
        for n, (terms, _) in enumerate(rows):
            for at, weight in terms:
                data.append(weight), i.append(n), j.append(at)
        return csr_matrix((data, (i, j)), shape=(len(rows), len(self.bounds))), [bound for _, bound in rows]


def _attack_family(group: list[Cell], covered: dict, people: dict) -> tuple[list[Pinned], bool]:
    """What the family gives away, and whether its figures contradict each other.

    Looked-up denominators are not always the publisher's: brackets widen until the figures fit together. Where the
    printed figures of councils, regions and England contradict each other whatever is hidden, an attacker tries one
    group row after the other. Contradictions that were looked at stand in the seed accepted_contradictions.
    """
    pinned = _with_any_slack(group, covered, people)
    if pinned is not None:
        return pinned, False
    closest: dict[tuple, Pinned] = {}
    for row in group:
        if row.geography_kind == "council":
            continue
        members = set(covered[row.geography_kind, row.geography_code, row.financial_year])
        beside = [c for c in group if c.council_code in members and c.measure_code == row.measure_code]
        for one in _with_any_slack([*beside, row], covered, people) or []:
            key = (one.council_code, one.measure_code, one.breakdown)
            if key not in closest or one.half_width < closest[key].half_width:
                closest[key] = one
    return list(closest.values()), True


def _with_any_slack(group: list[Cell], covered: dict, people: dict) -> list[Pinned] | None:
    for slack in SLACKS:
        try:
            return _attack_with(group, covered, people, slack)
        except _Contradiction:
            continue
    return None


def _attack_with(group: list[Cell], covered: dict, people: dict, slack: int) -> list[Pinned]:
    program, hidden = _Program(slack), []
    councils = [cell for cell in group if cell.geography_kind == "council"]
    for cell in councils:
        _know_council(program, cell, people)
        if cell.is_hidden:
            hidden.append((cell.geography_code, cell.measure_code, cell.breakdown))
    shown = defaultdict(set)
    touched = {council for council, _, _ in hidden}
    for cell in councils:
        if cell.council_code in touched:
            shown[cell.council_code, cell.measure_code].add(cell.breakdown)
    _link_breakdowns(program, shown)
    _link_measures(program)
    for cell in group:
        if cell.geography_kind != "council" and not cell.geography_code.startswith("unnamed_"):
            _know_group(program, cell, covered[cell.geography_kind, cell.geography_code, cell.financial_year], people)
    year = group[0].financial_year
    return [Pinned(c, year, m, b, *program.range_of((c, m, b, "N"))) for c, m, b in hidden]


def _know_council(program: _Program, cell: Cell, people: dict) -> None:
    n, d = ((cell.council_code, cell.measure_code, cell.breakdown, part) for part in "ND")
    at_n, at_d = program.variable(n), program.variable(d)
    resident = people.get((cell.council_code, cell.financial_year))
    base = getattr(resident, BASES[cell.measure_code]) if resident and cell.measure_code in BASES else None
    known = base if cell.denominator is None else cell.denominator
    if known is not None:
        program.fix(d, float(known), float(known))
    rate = cell.second_value if cell.outcome_value is None else cell.outcome_value
    if cell.numerator is not None:
        program.fix(n, cell.numerator, cell.numerator)
    elif rate is not None:
        _bracket(program, [at_n], [at_d], rate, cell.unit)
    if cell.unit == "percent":
        program.add("ub", [(at_n, 1.0), (at_d, -1.0)], 0.0)


def _know_group(program: _Program, cell: Cell, members: list[str], people: dict) -> None:
    keys = [(c, cell.measure_code, cell.breakdown) for c in members]
    at = {part: [program.variable((*key, part)) for key in keys] for part in "ND"}
    for part, value in (("N", cell.numerator), ("D", cell.denominator)):
        if value is not None:
            program.add("eq", [(i, 1.0) for i in at[part]], value)
    if cell.outcome_value is None or cell.is_recomputed:
        return
    resident = people.get((cell.geography_code, cell.financial_year))
    base = getattr(resident, BASES[cell.measure_code]) if resident and cell.measure_code in BASES else None
    _bracket(program, at["N"], [] if base else at["D"], cell.outcome_value, cell.unit, float(base or 0))


def _bracket(
    program: _Program, numerators: list[int], denominators: list[int], rate: float, unit: str, looked_up: float = 0.0
) -> None:
    """A printed rate: numerator between denominator times rate less, and plus, half its last decimal."""
    for sign in (1, -1):
        edge = (rate + sign * HALF_DECIMAL * program.slack) / SCALES[unit]
        terms = [(i, float(sign)) for i in numerators] + [(i, -sign * edge) for i in denominators]
        program.add("ub", terms, sign * edge * looked_up + 1e-6)


def _link_breakdowns(program: _Program, shown) -> None:
    for (council, measure), breakdowns in shown.items():
        for parts in AGE_AND_SEX:
            if {"Total", *parts} <= breakdowns:
                # Denominators of published breakdowns do not always sum to the total; numerators nearly always do.
                terms = [(program.variable((council, measure, part, "N")), -1.0) for part in parts]
                program.add("eq", [(program.variable((council, measure, "Total", "N")), 1.0), *terms], 0.0)


def _link_measures(program: _Program) -> None:
    same = {(m, part): other for (m, part), other in SAME_COUNT}
    for council, measure, breakdown, part in list(program.index):
        other = same.get((measure, part))
        if other and (council, other[0], breakdown, other[1]) in program.index:
            terms = [(program.index[council, measure, breakdown, part], 1.0)]
            terms.append((program.index[council, other[0], breakdown, other[1]], -1.0))
            program.add("eq", terms, 0.0)
