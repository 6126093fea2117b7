"""The SQL limits for counts, beside the exact ones."""

from pathlib import Path

import duckdb
import jinja2
import pytest
from scipy.stats import chi2, poisson

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "poisson_limits.sql"
Z95, Z998 = 1.959964, 3.090232


def value_of(macro: str, count: float, *arguments: float) -> float:
    """What the macro gives for a count, computed by the database."""
    module = jinja2.Environment().from_string(MACROS.read_text(encoding="utf-8")).module
    expression = getattr(module, macro)("x", *arguments)
    return duckdb.sql(f"select {expression} from (select cast({count} as double) as x)").fetchone()[0]


@pytest.mark.parametrize("count", [5, 11, 40, 117, 1500])
def test_byar_limits_are_the_exact_ones_to_a_thousandth(count):
    lower, upper = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
    assert value_of("byar_lower", count, Z95) == pytest.approx(lower, abs=0.05, rel=1e-3)
    assert value_of("byar_upper", count, Z95) == pytest.approx(upper, abs=0.05, rel=1e-3)


def test_the_lower_limit_of_nought_is_nought():
    assert value_of("byar_lower", 0, Z95) == 0
    assert value_of("byar_upper", 0, Z95) == pytest.approx(chi2.ppf(0.975, 2) / 2, rel=0.02)


@pytest.mark.parametrize(("z", "tail"), [(Z95, 0.025), (Z998, 0.001)])
@pytest.mark.parametrize("expected", [30, 110, 900])
def test_funnel_limits_hold_the_share_of_counts_they_name(expected, z, tail):
    lower, upper = value_of("funnel_lower", expected, z, 0), value_of("funnel_upper", expected, z, 0)
    assert lower == pytest.approx(poisson.ppf(tail, expected), abs=2)
    assert upper == pytest.approx(poisson.ppf(1 - tail, expected), abs=3)


def test_variance_between_councils_is_added_to_that_of_chance():
    """On the square-root scale a count of 400 has a variance of 1/4 by chance and 400 times that between councils."""
    assert value_of("funnel_upper", 400, Z95, 0.01) ** 0.5 - 20 == pytest.approx(Z95 * (0.25 + 400 * 0.01) ** 0.5)
    assert 20 - value_of("funnel_lower", 400, Z95, 0.01) ** 0.5 == pytest.approx(Z95 * (0.25 + 400 * 0.01) ** 0.5)


def test_limits_never_fall_below_nought():
    assert value_of("funnel_lower", 1, Z998, 25) == 0
