"""What if for England on the sample: every council's own pennies, added up, and a map that all of them share."""

import base64
import json
from pathlib import Path

import openpyxl
import pytest

from ingest.submitted.service_maps import service_map

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def report(refreshed) -> Path:
    return refreshed / "published" / "report"


@pytest.fixture
def changing_england(watched, report):
    watched.goto(f"{report.as_uri()}/index.html")
    watched.get_by_role("link", name="What if it were spent on something else").click()
    watched.wait_for_selector("#what-if-result tbody tr")
    return watched


def test_england_split_anew_by_the_rules_in_force_is_england_to_the_penny(changing_england):
    found = changing_england.evaluate(
        """() => JSON.stringify([whatIf.recomputed(), whatIf.data.lines.filter((l) => l[6]).length],
                                (_, v) => (typeof v === "bigint" ? v.toString() : v))"""
    )
    totals, ruled = json.loads(found)
    assert ruled and totals
    for perimeter, sums in totals.items():
        assert sums["then"] == sums["now"], perimeter


def test_a_rule_changed_for_england_is_each_councils_own_change_added_up(changing_england, report):
    line, service, councils = changing_england.evaluate(
        """() => {
            const line = whatIf.data.lines.find((l) => l[6] && l[4].narrow && l[4].narrow[0] !== "0");
            return [line[0], line[6][0][0], whatIf.data.councils];
        }"""
    )
    held = []
    for council in councils:
        text = (report / "data" / f"what-if-{council}.js").read_text(encoding="utf-8")
        own = json.loads(text.split('"]=', 1)[1].rstrip(";\n"))
        held += [[one[2], one[4]] for one in own["lines"] if one[0] == line and one[6]]
    assert len(held) > 100
    england, alone = json.loads(
        changing_england.evaluate(
            """([line, service, held]) => {
                const change = { rows: [[service, "37.5"]], points: "15" };
                const totals = whatIf.set({ lines: [[line, change]] });
                const [weight, low, high] = ["37.5", "22.5", "52.5"].map(apportion.weightOf);
                const tiersOf = (of) => whatIf.data.services[of][2].map(([tier, ...given]) => {
                    const [weight, low, high] = given.slice(0, 3).map(apportion.weightOf);
                    return { tier, weight, low, high, home: given[3] };
                });
                const england = {}, alone = {};
                for (const [name, { now, then }] of Object.entries(totals)) {
                    england[name] = then.map((value, i) => `${value - now[i]}`);
                    let sums = [0n, 0n, 0n];
                    for (const [pence, bounds] of held) {
                        const cells = apportion.line(BigInt(pence), [{ service, weight, low, high }], tiersOf);
                        const found = apportion.perimeter(BigInt(pence), cells, apportion.PERIMETERS[name]);
                        const old = (bounds[name] || ["0", "0", "0"]).map(BigInt);
                        sums = [found.central, found.low, found.high].map((value, i) => sums[i] + value - old[i]);
                    }
                    alone[name] = sums.map(String);
                }
                return JSON.stringify([england, alone]);
            }""",
            [line, service, held],
        )
    )
    assert england == alone and any(moved != "0" for moved in england["narrow"])


def test_a_purpose_changed_for_england_moves_every_line_that_pays_for_it(changing_england):
    service = changing_england.evaluate("whatIf.data.lines.find((l) => l[6] && l[4].narrow)[6][0][0]")
    moved = changing_england.evaluate(
        "(service) => { const { narrow } = whatIf.set({ lines: [], tiers: [[service, [['primary', '100']]]] });"
        " return [narrow.now[0], narrow.then[0]].map(String); }",
        service,
    )
    assert moved[0] != moved[1]


def test_a_map_of_every_service_that_is_offered_is_accepted_and_holds_each(changing_england, tmp_path):
    offered, lines, sheet = changing_england.evaluate(
        "[whatIf.offered(), whatIf.data.lines.map((l) => l[0]), whatIf.data.layout.sheets.tiers]"
    )
    parts = [offered[i : i + 8] for i in range(0, len(offered), 8)]
    assert len(parts) <= len(lines)
    given = [
        [line, {"rows": [[s, "12.5"] for s in part], "points": "5"}] for line, part in zip(lines, parts, strict=False)
    ]
    changing_england.evaluate("(lines) => { whatIf.set({ lines }); }", given)
    path = tmp_path / "every.xlsx"
    path.write_bytes(base64.b64decode(changing_england.evaluate("btoa(String.fromCharCode(...whatIf.map()))")))
    assert service_map.check(path) == []
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=2, values_only=True)
    assert len({row[0] for row in rows if row[0]}) == len(offered)


def test_the_map_of_england_is_accepted_as_a_shared_one(changing_england, tmp_path):
    changing_england.locator("#what-if-lines summary", has_text="Change").first.click()
    changing_england.locator("#what-if-lines input[aria-label^='Per cent']").first.fill("0.5")
    changing_england.fill("#why", "What the rule ought to be")
    for which in ("map", "wholeMap"):
        path = tmp_path / f"{which}.xlsx"
        path.write_bytes(base64.b64decode(changing_england.evaluate(f"btoa(String.fromCharCode(...whatIf.{which}()))")))
        assert service_map.check(path) == [], which
    assert changing_england.faults == []
