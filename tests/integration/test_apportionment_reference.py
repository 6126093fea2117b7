"""The dbt models beside an independent implementation on exact fractions, on generated maps and lines."""

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt_models import load_seeds
from tests.reference_apportionment import Line, Split, direct, full_cost

CHAIN = (
    "int_serving_maps",
    "int_line_rule_candidates",
    "int_line_rules",
    "int_baseline_tiers",
    "int_service_rules",
    "int_line_shares",
    "int_tier_shares",
    "int_allocation_services",
    "int_allocation_tiers",
)
CHAIN += ("int_allocation_full_cost", "int_allocation_cells")
OUTCOME = "delay_and_reduce_need_65_plus"
TIERS = ("primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope")
YEAR = "2023-24"
SEEDED_EXAMPLES, LINES_A_SEED = 11, 1000

EMPTY = """
create schema staging; create schema core; create schema intermediate;
create schema marts; create schema audit;
create table staging.stg_service_map__lines (map_id varchar, map_kind varchar, council_code varchar,
    valid_from_year varchar, valid_to_year varchar, definition_version varchar, statement varchar, line_code varchar,
    service_code varchar, service_name varchar, department varchar, basis varchar, driver_kind varchar,
    driver_value decimal(18,12), low_share decimal(18,12), high_share decimal(18,12), confidence varchar,
    performance_measure varchar, evidence varchar, assessor_role varchar, assessed_on varchar, release_id varchar,
    sheet varchar, source_row integer);
create table staging.stg_service_map__tiers (map_id varchar, council_code varchar, service_code varchar,
    outcome_code varchar, tier varchar, tier_share decimal(18,12), low_share decimal(18,12), high_share decimal(18,12),
    is_home_care boolean, confidence varchar, evidence varchar, release_id varchar, source_row integer);
create table marts.fct_budget_line (council_code varchar, financial_year varchar, statement varchar,
    section varchar, line_code varchar, measure varchar, body_kind varchar, amount_gbp decimal(18,2));
create table intermediate.int_ledger_services (ledger_id varchar, council_code varchar, financial_year varchar,
    statement varchar, line_code varchar, service_code varchar, net_pence bigint, ledger_status varchar);
create table intermediate.int_asc_fr_splits (council_code varchar, driver_year varchar, support_reason varchar,
    service_code varchar, driver_level varchar, quantity bigint);
create table intermediate.int_restated_years (council_code varchar, statement varchar, rule_year varchar);
create table intermediate.int_apportioned_lines (line_key bigint, department_key varchar, council_code varchar,
    financial_year varchar, rule_year varchar, is_restated boolean, statement varchar, section varchar,
    line_code varchar, department varchar, amount_pence bigint, gross_pence bigint);
create table intermediate.int_return_breakdowns (council_code varchar, financial_year varchar, statement varchar,
    is_total_only boolean, is_broken_down boolean);
"""


@pytest.fixture(scope="module")
def warehouse():
    connection = duckdb.connect()
    connection.execute(EMPTY)
    load_seeds(connection, "tiers", "outcomes", "services", "desk_baseline_lines", "desk_baseline_tiers")
    load_seeds(connection, "desk_baseline_tiers_adults")
    load_seeds(connection, "rule_confidence_ranges", "driver_age_ranges")
    yield connection
    connection.close()


class Case:
    """One council: its lines and its map, in the form of both implementations."""

    def __init__(self, council: str):
        self.council = council
        self.lines: list[Line] = []
        self.tiers: dict[str, dict[str, Fraction]] = {}

    def add_line(self, amount: int, department: str, parts: list[tuple[str, str, Decimal]]) -> None:
        """`parts` are (service, `share` or `quantity`, value)."""
        splits = [
            Split(service, Fraction(value)) if kind == "share" else Split(service, None, Fraction(value))
            for service, kind, value in parts
        ]
        self.lines.append(Line(f"{self.council}|{len(self.lines)}", department, amount, splits))
        self.lines[-1].parts = parts

    def rename(self, council: str) -> None:
        self.council = council
        for number, line in enumerate(self.lines):
            line.key = f"{council}|{number}"

    def add_tiers(self, service: str, shares: dict[str, Decimal]) -> None:
        self.tiers[service] = {tier: Fraction(share) for tier, share in shares.items()}


def apportioned_by_sql(connection, compiled, cases: list[Case]) -> dict[str, dict[tuple, int]]:
    """Both views from the dbt models: pence by (line, service, tier), every case in one run."""
    lines, map_lines, map_tiers = [], [], []
    # In the warehouse the key of a line is a number.
    keys: list[str] = []
    for case in cases:
        map_id = f"{case.council}:map"
        step_one = (map_id, "council", case.council, YEAR, None, "1", "budget")
        for line in case.lines:
            code = line.key.split("|")[1]
            department = f"{case.council}|{line.department}"
            keys.append(line.key)
            place = (len(keys) - 1, department, case.council, YEAR, YEAR, False, "budget", "s", code, line.department)
            # Expenditure before income of the same size must split into the same pennies.
            lines.append((*place, line.amount, line.amount))
            for service, kind, value in line.parts:
                given = (code, service, service, "d", "activity", kind, value, None, None, "medium")
                map_lines.append((*step_one, *given, None, None, None, None, "r", "s", 1))
        for service, shares in case.tiers.items():
            for tier, share in shares.items():
                exact = Decimal(int(share * 10**12)).scaleb(-12)
                step_two = (map_id, case.council, service, OUTCOME, tier, exact)
                map_tiers.append((*step_two, None, None, False, "medium", None, "r", 1))
    for table, rows in (
        ("intermediate.int_apportioned_lines", lines),
        ("staging.stg_service_map__lines", map_lines),
        ("staging.stg_service_map__tiers", map_tiers),
    ):
        connection.execute(f"delete from {table}")
        if rows:
            insert(connection, table, rows)
    compiled.build(connection, *CHAIN)
    found: dict[str, dict[tuple, int]] = {"direct": {}, "full_cost": {}}
    for view, number, service, tier, pence in connection.execute(
        "select cost_view, line_key, service_code, tier, tier_pence from intermediate.int_allocation_cells"
        " where outcome_code = ?",
        [OUTCOME],
    ).fetchall():
        key = keys[number]
        assert (key, service, tier) not in found[view]
        found[view][key, service, tier] = pence
    return found


def insert(connection, table: str, rows: list[tuple]) -> None:
    """Many rows at once, decimals kept exact."""
    import pyarrow as pa

    types = [r[1] for r in connection.execute(f"describe {table}").fetchall()]
    arrow = {
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "BOOLEAN": pa.bool_(),
        "DECIMAL(18,12)": pa.decimal128(18, 12),
    }
    columns = [pa.array([row[i] for row in rows], type=arrow.get(kind, pa.string())) for i, kind in enumerate(types)]
    staged = pa.Table.from_arrays(columns, names=[f"c{i}" for i in range(len(types))])
    connection.register("staged", staged)
    connection.execute(f"insert into {table} select * from staged")
    connection.unregister("staged")


def assert_both_agree(connection, compiled, cases: list[Case]) -> int:
    """Compare every cell of both views, and each line's sum. Returns the number of lines compared."""
    found = apportioned_by_sql(connection, compiled, cases)
    wanted: dict[str, dict[tuple, int]] = {"direct": {}, "full_cost": {}}
    for case in cases:
        cells = direct(case.lines, case.tiers)
        wanted["direct"] |= cells
        wanted["full_cost"] |= full_cost(case.lines, cells)
    for view in wanted:
        differing = {
            key: (wanted[view].get(key, 0), found[view].get(key, 0))
            for key in wanted[view].keys() | found[view].keys()
            if wanted[view].get(key, 0) != found[view].get(key, 0)
        }
        assert not differing, f"{view}: {len(differing)} cells differ, such as {dict(list(differing.items())[:3])}"
        sums: dict[str, int] = defaultdict(int)
        for (key, _, _), pence in found[view].items():
            sums[key] += pence
        assert sums == {line.key: line.amount for case in cases for line in case.lines}
    disorder = connection.execute(
        "select count(*) from intermediate.int_allocation_cells "
        "where low_pence > abs(tier_pence) or abs(tier_pence) > high_pence or low_pence < 0"
    ).fetchone()[0]
    assert disorder == 0
    # These lines have no income: expenditure before income is split as what is left after it.
    unlike = "select count(*) from intermediate.int_allocation_cells where tier_gross_pence <> tier_pence"
    assert connection.execute(unlike).fetchone() == (0,)
    return sum(len(case.lines) for case in cases)


def random_case(rng: random.Random, council: str, lines: int) -> Case:
    """A council of awkward lines: credits, single pennies, zeros, thirds, ties, hundreds of services."""
    case = Case(council)
    services = [f"service_{n:03d}" for n in range(500)]
    for service in rng.sample(services, 60):
        case.add_tiers(service, dict(zip(rng.sample(TIERS, 3), shares(rng, 3), strict=True)))
    for _ in range(lines):
        amount = rng.choice([0, 1, -1, 2, 100, rng.randint(-(10**4), 10**4), rng.randint(-(10**11), 10**11)])
        width = rng.choices([1, 2, 3, 7, 40, 500], [20, 30, 30, 15, 4.5, 0.5])[0]
        chosen = rng.sample(services, width)
        kind = rng.choice(["share", "quantity", "equal", "mixed"])
        if kind == "share":
            parts = [(s, "share", v) for s, v in zip(chosen, shares(rng, width), strict=True)]
        elif kind == "quantity":
            parts = [(s, "quantity", Decimal(rng.randint(0, 10**7)).scaleb(-4)) for s in chosen]
        elif kind == "equal":
            parts = [(s, "quantity", Decimal(1)) for s in chosen]
        else:
            half = (width + 1) // 2
            parts = [(s, "share", v) for s, v in zip(chosen[:half], shares(rng, half), strict=True)]
            parts += [(s, "quantity", Decimal(rng.randint(0, 9))) for s in chosen[half:]]
        case.add_line(amount, rng.choice(["d1", "d2"]), parts)
    return case


def shares(rng: random.Random, count: int) -> list[Decimal]:
    """Shares of twelve places that sum to one at most, often exactly."""
    weights = [rng.randint(0, 1000) for _ in range(count)]
    total = max(sum(weights), 1)
    top = rng.choice([10**12, rng.randint(0, 10**12)])
    parts = [top * w // total for w in weights]
    if top == 10**12 and sum(weights):
        parts[0] += top - sum(parts)
    return [Decimal(p).scaleb(-12) for p in parts]


@pytest.mark.slow
def test_generated_councils_agree_to_the_penny(warehouse, compiled):
    compared = []

    @settings(max_examples=SEEDED_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(min_value=0, max_value=2**64 - 1))
    def check(seed):
        rng = random.Random(seed)
        cases = [random_case(rng, f"council_{n}", 20) for n in range(LINES_A_SEED // 20)]
        compared.append(assert_both_agree(warehouse, compiled, cases))

    check()
    assert sum(compared) >= 10_000, f"only {sum(compared)} lines were compared"


share_of_line = st.integers(0, 10**12).map(lambda n: Decimal(n).scaleb(-12))


@st.composite
def small_council(draw):
    """A council that hypothesis can shrink: few lines, few services."""
    case = Case("council")
    for service in ("a", "b", "c"):
        tiers = draw(st.lists(st.sampled_from(TIERS), max_size=3, unique=True))
        case.add_tiers(service, {tier: Decimal(draw(st.integers(0, 3 * 10**11))).scaleb(-12) for tier in tiers})
    for _ in range(draw(st.integers(1, 4))):
        services = draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3, unique=True))
        parts = []
        for service in services:
            if draw(st.booleans()):
                parts.append((service, "share", Decimal(draw(st.integers(0, 3 * 10**11))).scaleb(-12)))
            else:
                parts.append((service, "quantity", Decimal(draw(st.integers(0, 30000))).scaleb(-4)))
        case.add_line(draw(st.integers(-(10**6), 10**6)), draw(st.sampled_from(["d1", "d2"])), parts)
    return case


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(small_council(), min_size=1, max_size=6))
def test_small_councils_agree_to_the_penny(warehouse, compiled, cases):
    for number, case in enumerate(cases):
        case.rename(f"council_{number}")
    assert_both_agree(warehouse, compiled, cases)


@pytest.mark.parametrize("amount", [1, -1, 100, -100, 10**11 + 1])
def test_thirds_and_five_hundred_ways(warehouse, compiled, amount):
    thirds = Case("thirds")
    thirds.add_line(amount, "d1", [(s, "quantity", Decimal(1)) for s in ("a", "b", "c")])
    many = Case("many")
    many.add_line(amount, "d1", [(f"service_{n:03d}", "quantity", Decimal(1)) for n in range(500)])
    assert_both_agree(warehouse, compiled, [thirds, many])


def test_order_of_rows_does_not_matter(warehouse, compiled):
    rng = random.Random(7)
    case = random_case(rng, "shuffled", 40)
    first = apportioned_by_sql(warehouse, compiled, [case])
    for line in case.lines:
        rng.shuffle(line.parts)
    rng.shuffle(case.lines)
    case.tiers = dict(rng.sample(list(case.tiers.items()), len(case.tiers)))
    assert apportioned_by_sql(warehouse, compiled, [case]) == first


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("service_pence_remainder desc", "service_pence_remainder asc"),
        ("service_pence_r2 > service_pence_r1", "service_pence_r2 >= service_pence_r1"),
        ("< service_pence_left then sign(amount_pence)", "< service_pence_left then 2 * sign(amount_pence)"),
    ],
    ids=["window form", "tie in the row form", "penny in the row form"],
)
def test_a_wrong_penny_is_seen(warehouse, compiled, right, wrong):
    case = random_case(random.Random(3), "broken", 30)
    case.add_line(1, "d1", [(s, "quantity", Decimal(1)) for s in ("a", "b", "c")])
    broken = dict(compiled.sql)
    broken["int_allocation_services"] = broken["int_allocation_services"].replace(right, wrong)
    assert broken["int_allocation_services"] != compiled.sql["int_allocation_services"]
    with pytest.raises(AssertionError, match="cells differ"):
        assert_both_agree(warehouse, replace(compiled, sql=broken), [case])
