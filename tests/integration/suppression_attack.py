"""An attacker with every published table and the public population figures, and a linear-programming solver.

For each hidden council count the attacker writes down all that is known: group counts are sums over councils,
totals are sums over breakdowns, measures of a family share counts, a printed rate times a denominator gives a
count to within half its last decimal, and denominators are looked up where none is published. The smallest and
the largest count that fit say how closely it is pinned.
"""

from collections import defaultdict
from dataclasses import dataclass

import duckdb
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

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
COUNTED_CENTRALLY = "ascof_time_series_2024-25"


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


def attack(warehouse: str, measure_code: str | None = None) -> list[Pinned]:
    """Every hidden numerator of the published outcome table (or of one measure), and what the attacker learns."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        cells = connection.sql("select * from marts.fct_outcome_measure").df()
        members = connection.sql(MEMBERS).df()
        residents = connection.sql(RESIDENTS).df()
    if measure_code:
        cells = cells[cells["measure_code"] == measure_code]
    covered = defaultdict(list)
    for kind, code, year, council in members.itertuples(index=False):
        covered[kind, code, year].append(council)
    people = {(r.area_code, r.financial_year): r for r in residents.itertuples(index=False)}
    found = []
    for family in families(cells):
        found.extend(_attack_family(family, covered, people))
    return found


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


def families(cells):
    """Cells of one year whose measures share counts, where something is hidden and some group row shows a figure."""
    linked = {code: min(a[0] for a in pair) for pair in SAME_COUNT for code in (pair[0][0], pair[1][0])}
    family = cells["measure_code"].map(lambda code: linked.get(code, code))
    for _, group in cells.groupby([cells["financial_year"], family], sort=True):
        councils = group["geography_kind"] == "council"
        is_hidden = councils & (group["is_suppressed"] | group["is_withheld"])
        shows = group.loc[~councils, ["numerator", "denominator", "outcome_value"]].notna().any(axis=None)
        if is_hidden.any() and shows:
            yield group


class _Contradiction(Exception):
    """The figures cannot all be true as the attacker reads them."""


class _Program:
    """A linear program over council counts, built row by row."""

    def __init__(self, slack: int):
        self.index, self.bounds, self.slack = {}, [], slack
        self.rows = {"eq": [], "ub": []}

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
        at, ends = self.index[key], []
        matrices = {kind: self._matrix(rows) for kind, rows in self.rows.items()}
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
        data, i, j = [], [], []
        for n, (terms, _) in enumerate(rows):
            for at, weight in terms:
                data.append(weight), i.append(n), j.append(at)
        return csr_matrix((data, (i, j)), shape=(len(rows), len(self.bounds))), [bound for _, bound in rows]


def _attack_family(group, covered, people) -> list[Pinned]:
    """Looked-up denominators are not always the publisher's: brackets widen until the figures fit together.

    In the series counted centrally since 2024-25 the printed rates of councils, regions and England contradict each
    other in some measures whatever is hidden; the whole set of equations then tells an attacker nothing.
    """
    for slack in SLACKS:
        try:
            return _attack_with(group, covered, people, slack)
        except _Contradiction:
            continue
    if set(group["release_id"]) == {COUNTED_CENTRALLY}:
        return []
    raise AssertionError(f"nothing fits {group['measure_code'].iloc[0]} of {group['financial_year'].iloc[0]}")


def _attack_with(group, covered, people, slack: int) -> list[Pinned]:
    program, hidden = _Program(slack), []
    year = group["financial_year"].iloc[0]
    councils = group[group["geography_kind"] == "council"]
    for row in councils.itertuples(index=False):
        _know_council(program, row, people)
        if row.is_suppressed or row.is_withheld:
            hidden.append((row.council_code, row.measure_code, row.breakdown))
    shown = defaultdict(set)
    touched = {council for council, _, _ in hidden}
    for row in councils.itertuples(index=False):
        if row.council_code in touched:
            shown[row.council_code, row.measure_code].add(row.breakdown)
    _link_breakdowns(program, shown)
    _link_measures(program)
    for row in group[group["geography_kind"] != "council"].itertuples(index=False):
        if not row.geography_code.startswith("unnamed_"):
            _know_group(program, row, covered[row.geography_kind, row.geography_code, year], people)
    return [Pinned(c, year, m, b, *program.range_of((c, m, b, "N"))) for c, m, b in hidden]


def _know_council(program: _Program, row, people) -> None:
    n, d = ((row.council_code, row.measure_code, row.breakdown, part) for part in "ND")
    at_n, at_d = program.variable(n), program.variable(d)
    resident = people.get((row.council_code, row.financial_year))
    base = getattr(resident, BASES[row.measure_code]) if resident and row.measure_code in BASES else None
    if row.denominator == row.denominator:
        program.fix(d, float(row.denominator), float(row.denominator))
    elif base is not None:
        program.fix(d, float(base), float(base))
    if row.numerator == row.numerator:
        program.fix(n, float(row.numerator), float(row.numerator))
    elif row.outcome_value == row.outcome_value:
        _bracket(program, [at_n], [at_d], row)
    if row.unit == "percent":
        program.add("ub", [(at_n, 1.0), (at_d, -1.0)], 0.0)


def _know_group(program: _Program, row, members: list[str], people) -> None:
    keys = [(c, row.measure_code, row.breakdown) for c in members]
    at = {part: [program.variable((*key, part)) for key in keys] for part in "ND"}
    for part, value in (("N", row.numerator), ("D", row.denominator)):
        if value == value:
            program.add("eq", [(i, 1.0) for i in at[part]], float(value))
    if row.outcome_value != row.outcome_value or row.is_recomputed:
        return
    resident = people.get((row.geography_code, row.financial_year))
    if resident is not None and row.measure_code in BASES:
        _bracket(program, at["N"], [], row, float(getattr(resident, BASES[row.measure_code])))
    else:
        _bracket(program, at["N"], at["D"], row)


def _bracket(program: _Program, numerators: list[int], denominators: list[int], row, looked_up: float = 0.0) -> None:
    """A printed rate: numerator between denominator times rate less, and plus, half its last decimal."""
    for sign in (1, -1):
        rate = (float(row.outcome_value) + sign * HALF_DECIMAL * program.slack) / SCALES[row.unit]
        terms = [(i, float(sign)) for i in numerators] + [(i, -sign * rate) for i in denominators]
        program.add("ub", terms, sign * rate * looked_up + 1e-6)


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
