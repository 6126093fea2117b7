"""Every expectation fires on the fault it is there for, and a suite that compares nothing does not pass."""

import pandas as pd
import pytest

from expectations.run import judge, run
from expectations.suites import RAW, TOTALS

CASES = [(suite, number) for suite in [*RAW, *TOTALS] for number in range(len(suite.expectations))]


def good(suite) -> pd.DataFrame:
    """Two rows of which every expectation of the suite holds."""
    columns = {"release_id": ["a", "b"]}
    for kind, arguments, _ in suite.expectations:
        low = arguments.get("min_value", 0)
        columns[arguments["column"]] = ["a", "b"] if kind.endswith("Unique") else [low, low]
    return pd.DataFrame(columns)


def spoilt(suite, number) -> pd.DataFrame:
    """The same rows, with a fault in the first for one expectation."""
    frame = good(suite).astype(object)
    kind, arguments, _ = suite.expectations[number]
    value = {"Null": None, "Unique": "b", "Between": arguments.get("min_value", 0) - 1}
    frame.loc[0, arguments["column"]] = next(v for ending, v in value.items() if kind.endswith(ending))
    return frame


@pytest.fixture(scope="module")
def verdicts():
    """Every suite judged once on good rows, and once for each fault."""
    from dataclasses import replace

    suites, frames = [], {}
    for suite in [*RAW, *TOTALS]:
        suites.append(suite)
        frames[suite.name] = good(suite)
        for number in range(len(suite.expectations)):
            named = replace(suite, name=f"{suite.name}#{number}")
            suites.append(named)
            frames[named.name] = spoilt(suite, number)
    return judge(suites, frames)


def test_good_rows_pass_every_suite(verdicts):
    assert [v.name for v in verdicts if "#" not in v.name and v.status != "pass"] == []


@pytest.mark.parametrize(("suite", "number"), CASES, ids=[f"{s.name}-{n}" for s, n in CASES])
def test_each_expectation_fires_on_its_fault(verdicts, suite, number):
    _, arguments, severity = suite.expectations[number]
    wanted = f"{suite.name}#{number}__{arguments['column']}__"
    fired = [v for v in verdicts if v.name.startswith(wanted) and v.status != "pass"]
    assert fired
    assert all(v.failed >= 1 and v.compared >= 1 and v.is_blocking == (severity == "error") for v in fired)


def test_a_suite_with_nothing_to_compare_blocks_when_rows_must_be_there():
    results = run(TOTALS, {})
    assert [(r.status, r.compared) for r in results] == [("fail", 0)] * len(TOTALS)
    assert all(r.is_blocking for r in results)
