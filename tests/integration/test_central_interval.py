"""The central interval: its ends are those of draws of the same errors, and a map narrows it as foretold."""

from decimal import Decimal

import numpy as np
from scipy.special import ndtr

from tests.apportionment_warehouse import EAST, NEW, NORTH, OUTCOME, SOUTH

DRAWS = 40_000
PERIMETERS = {"narrow": ("primary", "secondary"), "camden": ("primary", "secondary", "tertiary")}


class Errors:
    """Draws of every rule's error: uniform deviates that correlate between councils as declared."""

    def __init__(self, seed: int):
        self.random = np.random.default_rng(seed)
        self.common: dict[str, np.ndarray] = {}
        self.own: dict[tuple, np.ndarray] = {}

    def uniform(self, key: str, council: str, correlation: float) -> np.ndarray:
        common = self.common.setdefault(key, self.random.standard_normal(DRAWS))
        if (key, council) not in self.own:
            self.own[key, council] = self.random.standard_normal(DRAWS)
        return ndtr(np.sqrt(correlation) * common + np.sqrt(1 - correlation) * self.own[key, council])

    def of(self, key: str, council: str, correlation: float, low: float, central: float, high: float) -> np.ndarray:
        """Central share plus error: triangles on both sides with the central share as mean, on one side at an end."""
        if high <= low:
            return np.zeros(DRAWS)
        u = self.uniform(key, council, correlation)
        below = (high - central) / (high - low) if low < central < high else float(central >= high)
        lower = low + (central - low) * np.sqrt(np.minimum(u / below, 1)) if below else central
        upper = high - (high - central) * np.sqrt(np.minimum((1 - u) / (1 - below), 1)) if below < 1 else central
        return np.where(u < below, lower, upper) - central


def moved(parts: list[tuple[float, np.ndarray]], variances: list[float]) -> list[np.ndarray]:
    """Shares of one whole after their errors: what one gains, the others that err give up, widened as declared."""
    errors = sum(error for _, error in parts)
    # A millionth of rounding in a share is no error.
    erring = [i for i, v in enumerate(variances) if v > 1e-11]
    givers = erring if len(erring) > 1 and sum(parts[i][0] for i in erring) > 0 else range(len(parts))
    given = sum(parts[i][0] for i in givers)
    gives = [central / given if i in givers else 0 for i, (central, _) in enumerate(parts)]
    scaled = [error - share * errors for share, (_, error) in zip(gives, parts, strict=True)]
    whole = sum(variances)
    kept = sum(v * (1 - 2 * g) + whole * g * g for g, v in zip(gives, variances, strict=True))
    wider = np.sqrt(whole / kept) if whole and kept > 0 else 1
    means = [s.mean() for s in scaled]
    return [c + m + wider * (s - m) for (c, _), s, m in zip(parts, scaled, means, strict=True)]


def variance(low: float, central: float, high: float) -> float:
    return (high - low) ** 2 / 18 if central in (low, high) else (central - low) * (high - central) / 6


def drawn(tiny, council: str, errors: Errors) -> dict[str, np.ndarray]:
    """Adult social care of a council in each perimeter, drawn from the shares and their ranges alone."""
    rho = dict(
        tiny.run(
            "select step || ' ' || rule_kind, correlation_share::double from reference.rule_distributions"
        ).fetchall()
    )
    tiers: dict[str, list] = {}
    for service, *tier in tiny.run(
        "select service_code, tier, tier_rule_id, (weight / sum(weight) over (partition by tier_list_key))::double,"
        " low_ppm / 1e6, high_ppm / 1e6 from intermediate.int_tier_shares where outcome_code = ? and"
        " tier_rule_year = ? and tier_rule_set = 'desk_baseline' order by 1, 2",
        *(OUTCOME, NEW),
    ).fetchall():
        tiers.setdefault(service, []).append(tier)
    taken = {}
    for service, listed in tiers.items():
        central = [
            (t[2], errors.of(t[1], council, rho["service_to_tier desk_share"], t[3], t[2], t[4])) for t in listed
        ]
        shares = moved(central, [variance(t[3], t[2], t[4]) for t in listed])
        taken[service] = {
            name: sum((s for t, s in zip(listed, shares, strict=True) if t[0] in inside), np.zeros(DRAWS))
            for name, inside in PERIMETERS.items()
        }
    lines: dict[int, list] = {}
    for key, *share in tiny.run(
        "select l.line_key, l.amount_pence / 100.0, s.service_code, s.rule_id, coalesce(d.driver_kind, 'share'),"
        " (s.weight / sum(s.weight) over (partition by s.line_key))::double, s.low_ppm / 1e6, s.high_ppm / 1e6"
        " from intermediate.int_line_shares as s inner join intermediate.int_apportioned_lines as l using (line_key)"
        " left join (select rule_id, min(driver_kind) as driver_kind from reference.desk_baseline_lines group by 1)"
        " as d using (rule_id) where l.council_code = ? and l.financial_year = ? and not l.is_restated and"
        " l.department = 'adult_social_care' order by 1, 3",
        *(council, NEW),
    ).fetchall():
        lines.setdefault(key, []).append(share)
    totals = {name: np.zeros(DRAWS) for name in PERIMETERS}
    for listed in lines.values():
        parts = []
        for _, service, rule, kind, central, low, high in listed:
            by_service = kind == "asc_fr"
            correlation = rho["line_to_service asc_fr" if by_service else "line_to_service desk_share"]
            key = f"asc_fr:{service}" if by_service else f"{rule}:{service}"
            parts.append((central, errors.of(key, council, correlation, low, central, high)))
        shares = moved(parts, [variance(row[5], row[4], row[6]) for row in listed])
        for row, share in zip(listed, shares, strict=True):
            for name in PERIMETERS:
                totals[name] += float(row[0]) * share * taken[row[1]][name]
    return totals


def interval(tiny, area: str, perimeter: str) -> tuple:
    low, middle, high = tiny.run(
        "select adult_social_care_low_off_gbp, adult_social_care_middle_off_gbp, adult_social_care_high_off_gbp from"
        " intermediate.int_central_intervals where area_code = ? and financial_year = ? and perimeter = ?"
        " and outcome_code = ?",
        *(area, NEW, perimeter, OUTCOME),
    ).fetchone()
    (central,) = tiny.run(
        "select sum(adult_social_care_gbp)::double from marts.mart_prevention_headline where financial_year = ? and"
        " perimeter = ? and cost_view = 'direct' and (council_code = ? or ? = 'E92000001') and outcome_code = ?",
        *(NEW, perimeter, area, area, OUTCOME),
    ).fetchone()
    return central + low, central + middle, central + high


def test_the_ends_are_those_of_draws_of_the_same_errors(tiny):
    errors = Errors(seed=20261126)
    of_councils = {council: drawn(tiny, council, errors) for council in (NORTH, SOUTH, EAST)}
    england = {name: sum(totals[name] for totals in of_councils.values()) for name in PERIMETERS}
    for area, totals in (*of_councils.items(), ("E92000001", england)):
        for name in PERIMETERS:
            ends = np.quantile(totals[name], [0.05, 0.5, 0.95])
            off = np.abs(np.array(interval(tiny, area, name)) - ends) / (ends[2] - ends[0])
            # Chance in the draws is a fiftieth; the rest is the shape, told from three moments.
            assert off.max() < 0.06, (area, name, off)


def test_errors_of_councils_partly_cancel_in_england(tiny):
    widths = {}
    for area in (NORTH, SOUTH, EAST, "E92000001"):
        low, _, high = interval(tiny, area, "narrow")
        widths[area] = high - low
    assert max(widths[c] for c in (NORTH, SOUTH, EAST)) < widths["E92000001"]
    assert widths["E92000001"] < 0.97 * (widths[NORTH] + widths[SOUTH] + widths[EAST])


def test_a_councils_own_map_narrows_the_interval_by_the_amount_foretold(tiny):
    where = "area_code = ? and financial_year = ? and perimeter = 'camden'"
    before = tiny.run(
        f"select line_code, narrows_by_gbp, interval_width_gbp from marts.mart_interval_contributors where {where}"
        " order by contributor_rank",
        *(NORTH, NEW),
    ).fetchall()
    line, foretold, width = before[0]
    assert foretold > width / 10 and len(before) > 3
    tiny.add_map("north:1", NORTH, [(line, "falls_clinic", "share", "1")], [("falls_clinic", "secondary", "1")])
    tiny.build()
    after = tiny.run(
        f"select line_code, interval_width_gbp from marts.mart_interval_contributors where {where}", *(NORTH, NEW)
    ).fetchall()
    assert line not in dict(after)
    # Errors are whole pounds, line by line.
    assert abs(width - after[0][1] - foretold) <= foretold / 10_000
    # The other cost view has no interval.
    assert tiny.run(
        "select count(*) from marts.mart_prevention_headline where council_code = ? and cost_view = 'full_cost' and"
        " adult_social_care_central_low_gbp is not null",
        NORTH,
    ).fetchone() == (0,)


def test_a_share_that_is_certain_gives_up_nothing(tiny):
    """Information and early intervention both prevent, and the part for others is printed: nothing moves the sum."""
    year = "2022-23"
    for code, pounds in (
        ("355", "1000"),
        ("355_65_plus", "600"),
        ("355_18_64", "400"),
        ("333", "500"),
        ("360", "1500"),
    ):
        section = "adult_social_care_of_which" if "_" in code else "adult_social_care"
        amount = Decimal(pounds) * 1000
        tiny.add_line(EAST, year, section, code, amount, is_total=code == "360", statement="outturn")
    tiny.run(
        "insert into intermediate.int_interval_members values ('council', ?, 'all', ?, ?, 'outturn')", EAST, EAST, year
    )
    tiny.build()
    errors = dict(
        tiny.run(
            "select perimeter, adult_social_care_error_gbp from intermediate.int_central_intervals"
            " where area_code = ? and financial_year = ? and statement = 'outturn'",
            *(EAST, year),
        ).fetchall()
    )
    assert errors.get("narrow", 0) == 0
    assert errors["camden"] > 0
