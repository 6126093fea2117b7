"""One council's map, from workbook to marts: its figures change and no other's, and the change is of definition."""

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest import land
from ingest.submitted.service_maps import service_map_template
from sample.councils import in_force
from sample.outcomes import SHIFTING_CODE
from sample.revenue_account import budgets, columns
from tests.shared_once import own_copy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
YEAR = "2021-22"
# Older people's physical support, equipment, and information: the three lines the map speaks of.
SPLITS = {
    "333": (("Home care", Decimal("0.4"), "tertiary", True), ("Care homes", Decimal("0.6"), "reactive", False)),
    "353": (("Careline", Decimal("0.7"), "secondary", False), ("Equipment store", Decimal("0.2"), "tertiary", False)),
    "355": (("Advice line", Decimal("1"), "primary", False),),
}


def council_with_a_map():
    """A council that has no map in the sample."""
    return next(council for council in in_force(YEAR) if council.council_code != SHIFTING_CODE)


def write_map(path: Path) -> None:
    council = council_with_a_map()
    names = {column.number: column.header for column in columns(YEAR).values()}
    amounts = budgets(YEAR)[council]
    lines = [
        {
            "line_code": code,
            "line_name": names[int(code)],
            "section": "adult_social_care",
            "department": "Adult social care",
            "amount_gbp": Decimal(amounts[int(code)]),
        }
        for code in SPLITS
    ]
    given = [(code, *split) for code, splits in SPLITS.items() for split in splits]
    filled = {
        "details": {"assessor_role": "Head of finance", "assessed_on": date(2021, 6, 2)},
        "lines": [
            {
                "line_code": code,
                "service_name": name,
                "department": "Adult social care",
                "basis": "Staff time",
                "share": share,
                "confidence": "medium",
            }
            for code, name, share, _, _ in given
        ],
        "tiers": [
            {
                "service_name": name,
                "tier": tier,
                "tier_share": 1,
                "confidence": "medium",
                "is_home_care": "Yes" if is_home_care else None,
            }
            for _, name, _, tier, is_home_care in given
        ],
        "targets": {"shift_target_share": Decimal("0.01"), "shift_target_year": "2024-25"},
    }
    whom = {"code": council.council_code, "name": council.name}
    service_map_template.write(path, whom, YEAR, lines, filled=filled)


def build(home: Path) -> Path:
    """The apportionment marts from what has landed in a home."""
    taken = [(edition, land.ingest(edition, home / "raw")) for edition in land.editions(home / "landing")]
    land.snapshot(taken, home / "raw", home / "snapshot", {"releases": land.releases_table(taken)})
    database = home / "with_map" / "warehouse.duckdb"
    database.parent.mkdir()
    environment = os.environ | {
        "PREVENTION_RAW": str(home / "snapshot"),
        "PREVENTION_CANDIDATE": str(database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    dbt = [sys.executable, "-m", "tests.dbt_command", str(home), "--quiet", "build"]
    paths = ["--target-path", str(home / "target"), "--log-path", str(home / "logs")]
    wanted = ["--exclude-resource-type", "test", "--select", "+mart_prevention_headline", "+fct_allocation"]
    done = subprocess.run([*dbt, *paths, *wanted], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return database


@pytest.fixture(scope="module")
def built(refreshed, tmp_path_factory):
    """The marts without the map, as the sample's refresh left them, and with it."""
    home = own_copy(refreshed, tmp_path_factory.mktemp("with_map") / "home")
    maps = tmp_path_factory.mktemp("maps") / "maps"
    maps.mkdir()
    write_map(maps / "our_council.xlsx")
    (found,) = land.find(maps.parent, is_sample=True)
    land.land(found, home / "landing")
    databases = {"before": (refreshed / "candidate" / "warehouse.duckdb").resolve(), "after": build(home)}
    connections = {name: duckdb.connect(str(path), read_only=True) for name, path in databases.items()}
    yield connections
    for connection in connections.values():
        connection.close()


def rows(connection, sql, *arguments):
    return connection.execute(sql, list(arguments)).fetchall()


def test_figures_of_this_council_change_and_no_others(built):
    changed = set()
    for table in ("fct_allocation", "mart_prevention_headline"):
        before, after = (set(rows(built[name], f"select * from marts.{table}")) for name in ("before", "after"))
        assert before != after
        changed |= {row[0] for row in before ^ after}
    assert changed == {council_with_a_map().council_code}


def test_every_pound_of_the_mapped_lines_is_still_there(built):
    sql = """select line_code, cost_view, sum(amount_gbp) from marts.fct_allocation
             where council_code = ? and financial_year = ? and statement = 'budget'
               and line_code in ('333', '353', '355')
             group by all order by all"""
    before, after = (rows(built[name], sql, council_with_a_map().council_code, YEAR) for name in ("before", "after"))
    assert len(before) == 6
    assert before == after


def test_allocations_follow_the_map(built):
    found = rows(
        built["after"],
        """select line_code, service_code, tier,
                  cast(round(100 * amount_gbp / sum(amount_gbp) over (partition by line_code)) as int), rule_set
           from marts.fct_allocation
           where council_code = ? and financial_year = ? and statement = 'budget' and cost_view = 'direct'
             and line_code in ('333', '353', '355')
           order by all""",
        council_with_a_map().council_code,
        YEAR,
    )
    own = council_with_a_map().council_code
    map_id = f"{own}:{YEAR}:v1"
    assert [row[:4] for row in found if row[1] != "unclassified"] == [
        ("333", f"{own}.care_homes", "reactive", 60),
        ("333", f"{own}.home_care", "tertiary", 40),
        ("353", f"{own}.careline", "secondary", 70),
        ("353", f"{own}.equipment_store", "tertiary", 20),
        ("355", f"{own}.advice_line", "primary", 100),
    ]
    assert {row[4] for row in found} == {map_id}
    assert [row[2:4] for row in found if row[1] == "unclassified"] == [("unclassified", 10)]


def test_the_change_is_of_definition_and_not_of_spending(built):
    sql = """select perimeter, amount_gbp, movement_gbp, movement_real_shift_gbp, movement_growth_gbp,
                    movement_definition_gbp, movement_mix_gbp
             from marts.mart_prevention_headline
             where council_code = ? and financial_year = ? and statement = 'budget' and cost_view = 'direct'
                 and outcome_code = 'delay_and_reduce_need_65_plus'
             order by perimeter"""
    before, after = (rows(built[name], sql, council_with_a_map().council_code, YEAR) for name in ("before", "after"))
    assert [row[0] for row in after] == ["camden", "narrow", "wide"]
    for old, new in zip(before, after, strict=True):
        assert old[5] == 0
        assert new[5] != 0
        assert new[2] == sum(part for part in new[3:] if part is not None)
        # What the map moved is the change in the amount; nearly all of it is named as definition.
        moved = new[1] - old[1]
        assert new[2] - old[2] == moved
        assert abs(new[5] - moved) <= abs(moved) / 10


def test_a_target_is_carried_to_the_headline(built):
    found = rows(
        built["after"],
        """select distinct shift_target_share, shift_target_year from marts.mart_prevention_headline
           where council_code = ? and financial_year = ?""",
        council_with_a_map().council_code,
        YEAR,
    )
    assert found == [(Decimal("0.010000"), "2024-25")]
