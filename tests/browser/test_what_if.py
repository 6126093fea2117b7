"""What if: the browser's pennies beside the warehouse's, and the map that a reader takes away."""

import base64
import json
import random
import re
from decimal import Decimal
from pathlib import Path

import invented_warehouse as invented
import pytest

from ingest.submitted.service_maps import map_layout, service_map
from reporting.build import build
from tests.apportionment_warehouse import BUDGET, NEW, OUTCOME, TinyWarehouse

pytestmark = pytest.mark.browser

ENGINE = Path(__file__).parents[2] / "reporting" / "static" / "whatif" / "apportion.js"
COUNCILS, LINES_EACH, SEED = 100, 10, 355
TIERS = ("primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope")
SERVICES = [f"service_{letter}" for letter in "abcdefgh"]
MAPPED = [code for code, (section, _) in BUDGET.items() if section in ("adult_social_care", "public_health")]


def parts(random_: random.Random, most: int) -> list[Decimal]:
    """Some shares in hundredths of a per cent that come to at most the whole, sometimes to it exactly."""
    count = random_.randint(1, most)
    cuts = sorted(random_.randint(0, 10_000) for _ in range(count))
    shares = [Decimal(b - a) / 10_000 for a, b in zip([0, *cuts], cuts, strict=False)]
    if random_.random() < 0.4:
        shares[-1] += 1 - sum(shares)
    return shares


def around(share: Decimal, points: int) -> tuple[Decimal, Decimal]:
    width = Decimal(points) / 100
    return max(Decimal(0), share - width), min(Decimal(1), share + width)


@pytest.fixture(scope="module")
def changes():
    """A thousand changes: for each of a hundred councils a map of ten lines, with the tiers of its services."""
    random_ = random.Random(SEED)
    found = []
    for n in range(COUNCILS):
        tiers = {}
        for service in SERVICES:
            named = random_.sample(TIERS, 3)
            shares = parts(random_, 3)
            tiers[service] = [(tier, share, random_.randint(0, 30)) for tier, share in zip(named, shares, strict=False)]
        lines = {}
        for line in random_.sample(MAPPED, LINES_EACH):
            shares = parts(random_, 4)
            points = random_.randint(0, 40)
            pounds = Decimal(random_.randint(-3_000_000, 90_000_000)) / 100
            lines[line] = (pounds, points, list(zip(random_.sample(SERVICES, len(shares)), shares, strict=True)))
        found.append((f"E0800{n:04d}", tiers, lines))
    return found


@pytest.fixture(scope="module")
def warehouse(changes, compiled):
    """The models built from those maps; what each line gives to each perimeter and tier."""
    tiny = TinyWarehouse(compiled).fill()
    for council, tiers, lines in changes:
        tiny.run("insert into marts.dim_council values (?, 'North West')", council)
        tiny.run("insert into core.core_council_population values (?, ?, 40000, 150000, 'mid_year')", council, NEW)
        totals = {"adult_social_care": Decimal(0), "public_health": Decimal(0)}
        for line, (pounds, points, shares) in lines.items():
            totals[BUDGET[line][0]] += pounds
            tiny.add_line(council, NEW, BUDGET[line][0], line, pounds)
            for service, share in shares:
                low, high = around(share, points)
                tiny.run(
                    "insert into staging.stg_service_map__lines values (?, 'council', ?, ?, null, '1', 'both', ?, ?, ?,"
                    " 'adult_social_care', 'expert_estimate', 'share', ?, ?, ?, 'low', '')",
                    *(f"{council}:m", council, NEW, line, service, service, share, low, high),
                )
        for section, code in (("adult_social_care", "360"), ("public_health", "390")):
            tiny.add_line(council, NEW, section, code, totals[section], is_total=True)
        for service, rows in tiers.items():
            for tier, share, points in rows:
                low, high = around(share, points)
                tiny.run(
                    "insert into staging.stg_service_map__tiers values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'low')",
                    *(f"{council}:m", council, service, OUTCOME, tier, share, low, high, service == "service_c"),
                )
    tiny.build()
    compiled.build(tiny.connection, "mart_line_perimeter")
    return tiny


@pytest.fixture(scope="module")
def computed(changes, chromium):
    """What the browser makes of the same changes: cells and perimeters by council and line, pence as text."""
    given = [
        {
            "council": council,
            "line": line,
            "pence": str(int(pounds * 100)),
            "rules": [[s, percent(share), *map(percent, around(share, points))] for s, share in shares],
            "tiers": {
                service: [[t, percent(share), *map(percent, around(share, p))] for t, share, p in rows]
                for service, rows in tiers.items()
            },
        }
        for council, tiers, lines in changes
        for line, (pounds, points, shares) in lines.items()
    ]
    page = chromium.new_page()
    page.add_script_tag(path=str(ENGINE))
    answers = page.evaluate(
        """(given) => JSON.stringify(given.map(({ pence, rules, tiers }) => {
            const w = apportion.weightOf;
            const amount = BigInt(pence);
            const rule = (name) => ([code, ...shares]) => {
                const [weight, low, high] = shares.map(w);
                return { [name]: code, weight, low, high };
            };
            const homed = (service) => (t) => ({ ...t, home: service === "service_c" });
            const tiersOf = (service) => tiers[service].map(rule("tier")).map(homed(service));
            const cells = apportion.line(amount, rules.map(rule("service")), tiersOf);
            const inside = ([p, takes]) => [p, apportion.perimeter(amount, cells, takes)];
            return { cells, perimeters: Object.fromEntries(Object.entries(apportion.PERIMETERS).map(inside)) };
        }), (_, value) => (typeof value === "bigint" ? value.toString() : value))""",
        given,
    )
    page.close()
    return {(g["council"], g["line"]): a for g, a in zip(given, json.loads(answers), strict=True)}


def percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}"


def test_a_thousand_changes_give_the_warehouses_pennies(warehouse, computed, changes):
    assert len(computed) == COUNCILS * LINES_EACH == 1000
    compared = 0
    rows = warehouse.run(
        "select council_code, line_code, service_code, tier, cast(amount_gbp * 100 as bigint) from marts.fct_allocation"
        f" where cost_view = 'direct' and outcome_code = '{OUTCOME}' and council_code like 'E0800%'"
        f" and financial_year = '{NEW}'"
    ).fetchall()
    held = {}
    for council, line, service, tier, pence in rows:
        if (council, line) in computed:
            held.setdefault((council, line), {})[service, tier] = pence
    for key, answer in computed.items():
        ours = {(c["service"], c["tier"]): int(c["pence"]) for c in answer["cells"]}
        assert {k: v for k, v in ours.items() if v} == {k: v for k, v in held[key].items() if v}, key
        compared += len(ours)
    assert compared > 3000


def test_their_perimeters_have_the_warehouses_bounds(warehouse, computed):
    pence = ", ".join(f"cast({c} * 100 as bigint)" for c in ("amount_gbp", "amount_low_gbp", "amount_high_gbp"))
    rows = warehouse.run(
        f"select council_code, line_code, perimeter, {pence} from marts.mart_line_perimeter where financial_year = ?",
        NEW,
    ).fetchall()
    held = {(c, line, p): values for c, line, p, *values in rows if (c, line) in computed}
    assert len(held) > 1000
    for (council, line), answer in computed.items():
        for name, ours in answer["perimeters"].items():
            values = [int(ours[k]) for k in ("central", "low", "high")]
            assert values == held.get((council, line, name), [0, 0, 0]), (council, line, name)


@pytest.fixture(scope="module")
def what_if_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("what_if_site")
    database = invented.build(folder / "warehouse.duckdb", councils=2)
    given = {"publication_id": "test", "published_at": "2026-01-02T03:04:05Z", "map_layout": map_layout.headers()}
    build(database, folder / "out", publication=given)
    return folder / "out" / "report"


@pytest.fixture
def changing(watched, what_if_site):
    watched.goto(f"{what_if_site.as_uri()}/councils/{invented.code(1)}-what-if.html")
    watched.wait_for_selector("#what-if-result tbody tr")
    return watched


def taken(page, which: str, path: Path) -> Path:
    path.write_bytes(base64.b64decode(page.evaluate(f"btoa(String.fromCharCode(...whatIf.{which}()))")))
    return path


def test_a_change_moves_the_figure_and_stays_in_the_address(changing, chromium):
    before = changing.locator("#what-if-result tbody tr").first.inner_text()
    changing.locator("#what-if-lines summary", has_text="Change").first.click()
    changing.locator("#what-if-lines input[aria-label^='Per cent']").first.fill("10")
    after = changing.locator("#what-if-result tbody tr").first.inner_text()
    assert before != after and "−£" in after.split("\t")[3]
    assert re.search(r"more for each person 65\+ than [01] of 1 other councils", after)
    assert "Illustrative: one line changed" in changing.inner_text("#what-if-said")
    other = chromium.new_page()
    other.goto(changing.url)
    other.wait_for_selector("#what-if-result tbody tr")
    assert other.locator("#what-if-result tbody tr").first.inner_text() == after
    other.close()
    assert changing.faults == []


def test_shares_above_the_whole_are_said_and_change_nothing(changing):
    before = changing.locator("#what-if-result tbody tr").first.inner_text()
    changing.locator("#what-if-lines summary", has_text="Change").first.click()
    changing.locator("#what-if-lines input[aria-label^='Per cent']").first.fill("100")
    assert "lower them to at most 100%" in changing.inner_text(".fault")
    assert changing.locator("#what-if-result tbody tr").first.inner_text() == before


def test_the_map_taken_away_is_accepted_as_it_is(changing, tmp_path):
    changing.locator("#what-if-lines summary", has_text="Change").first.click()
    changing.locator("#what-if-lines input[aria-label^='Per cent']").first.fill("12.5")
    changing.fill("#why", "A <reason> & more")
    for which in ("map", "wholeMap"):
        assert service_map.check(taken(changing, which, tmp_path / f"{which}.xlsx")) == [], which
