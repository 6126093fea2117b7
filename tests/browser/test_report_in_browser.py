"""The report as a reader meets it: from disk and over loopback, on a desk, on a phone and on paper."""

import json
import re
from pathlib import Path

import invented_warehouse as invented
import pytest
from playwright.sync_api import expect

from reporting import sql

pytestmark = pytest.mark.browser
# Long enough for a busy machine: what is waited for comes, or the test fails.
expect.set_options(timeout=60_000)

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
PAGES = [
    "index.html",
    "compare.html",
    "councils.html",
    "evidence.html",
    "quality.html",
    "rules.html",
    f"councils/{invented.code(1)}.html",
    f"councils/{invented.code(2)}.html",
    f"councils/{invented.code(6)}.html",
    f"councils/{invented.code(12)}.html",
    f"councils/{invented.code(1)}-lines.html",
    "places/region-mid-vale.html",
    "what-if.html",
    "ask.html",
]
# Marks that a drawing of each kind must have, as they stand in the SVG.
MARKS = "path, circle, rect, line"


def drawn(page) -> list[dict]:
    """Each chart shown with the number of its marks that have a size, once every one of them is drawn."""
    # Not by a function that is polled in the page: its policy allows no evaluation.
    expect(page.locator("figure.chart:not([hidden]) .plot:not([data-width])")).to_have_count(0)
    return page.evaluate(
        """(marks) => [...document.querySelectorAll("figure.chart:not([hidden])")].map((figure) => ({
            id: figure.id,
            marks: [...figure.querySelectorAll("svg[data-drawing]")].flatMap((svg) => [...svg.querySelectorAll(marks)])
                .map((mark) => mark.getBoundingClientRect()).filter((box) => box.width + box.height > 0).length,
            samples: figure.querySelectorAll("svg[data-drawing] .watermark").length,
            svgs: figure.querySelectorAll("svg[data-drawing]").length,
            label: figure.querySelector(".plot").getAttribute("aria-label"),
        }))""",
        MARKS,
    )


@pytest.mark.parametrize("way", ["disk", "loopback"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_errors_and_asks_nothing_of_the_network(site, loopback, watched, way, name):
    base = site.as_uri() if way == "disk" else loopback
    watched.goto(f"{base}/{name}")
    watched.wait_for_load_state("networkidle")
    assert watched.faults == []
    assert watched.strays == []
    for chart in drawn(watched):
        assert chart["svgs"] and chart["marks"] >= 3, (name, chart)
        assert chart["label"], (name, chart)
        assert chart["samples"] == chart["svgs"], (name, chart)


def test_a_request_off_the_machine_would_be_seen(watched, site):
    watched.goto(f"{site.as_uri()}/index.html")
    watched.evaluate("fetch('http://127.0.0.2:9/').catch(() => {})")
    watched.wait_for_timeout(200)
    assert watched.strays == ["http://127.0.0.2:9/"]


def test_the_council_page_draws_every_chart(site, watched):
    watched.goto(f"{site.as_uri()}/councils/{invented.code(1)}.html")
    assert [c["id"] for c in drawn(watched)] == ["trend", "balance", "flow", "admissions", "funnel"]


def test_a_break_in_series_leaves_the_line_open(site, watched):
    watched.goto(f"{site.as_uri()}/index.html")
    drawn(watched)
    line = watched.evaluate(
        """() => [...document.querySelectorAll("#national-admissions svg[data-drawing] [aria-label=line] path")]
            .map((path) => path.getAttribute("d"))"""
    )
    # The years: one, a break, one, a year that is not held, two, another that is not held, one.
    assert sum(d.count("M") for d in line) == 4


def rows(page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('#council-table tbody tr')].map((row) => row.dataset.code)")


def test_filters_narrow_the_table_and_the_address_brings_them_back(site, watched, chromium):
    watched.goto(f"{site.as_uri()}/compare.html")
    watched.wait_for_selector("#council-table")
    assert len(rows(watched)) == 11
    watched.select_option("#f-region", "Mid Vale")
    watched.select_option("#f-perimeter", "wide")
    watched.wait_for_selector("#council-table caption:has-text('4 councils, budget 2023-24, wide perimeter')")
    watched.click("#council-table thead th:nth-child(5) button")
    watched.wait_for_selector("#council-table th[aria-sort=descending]")
    first = rows(watched)
    assert first == [invented.code(n) for n in (10, 7, 4, 1)]
    watched.check(f"tr[data-code='{invented.code(7)}'] input")
    watched.check(f"tr[data-code='{invented.code(1)}'] input")
    assert watched.locator("#side-by-side table thead th").count() == 3
    shared = watched.url
    context = chromium.new_context()
    other = context.new_page()
    other.goto(shared)
    other.wait_for_selector("#council-table")
    assert rows(other) == first
    assert other.input_value("#f-perimeter") == "wide"
    assert other.locator("#side-by-side table thead a").all_inner_texts() == [
        "Invented Council 7",
        "Invented Council 1",
    ]
    context.close()


def test_figures_of_another_year_are_those_of_the_mart(site, watched):
    watched.goto(f"{site.as_uri()}/compare.html#period=2017-18+budget&perimeter=narrow")
    watched.wait_for_selector("#council-table caption:has-text('budget 2017-18')")
    amount = sum(
        invented.line_amount(1, "2017-18", line) * share
        for line, share in (("355", 1), ("353", invented.Decimal("0.5")))
    )
    shown = watched.locator(f"tr[data-code='{invented.code(1)}'] td").nth(3).inner_text()
    assert shown == f"£{amount / 1_000_000:.1f}m"


def test_choosing_a_council_marks_it_in_the_charts(site, watched):
    watched.goto(f"{site.as_uri()}/compare.html")
    drawn(watched)
    before = watched.locator("#scatter svg text", has_text="Invented Council 9").count()
    watched.check(f"tr[data-code='{invented.code(9)}'] input")
    assert before == 0
    assert watched.locator("#scatter svg text", has_text="Invented Council 9").count() == 1


# Texts of one drawing that cover each other, and those that reach over its edge.
COLLISIONS = """() => [...document.querySelectorAll("figure.chart svg[data-drawing]")].flatMap((svg) => {
    const all = [...svg.querySelectorAll("text:not(.watermark)")];
    const texts = all.map((t) => [t.textContent, t.getBoundingClientRect()]);
    const edge = svg.getBoundingClientRect();
    const over = texts.filter(([, box]) => box.right > edge.right + 1 || box.left < edge.left - 1).map(([t]) => t);
    const cover = ([, a], [, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
    const covered = (a, i) => texts.slice(0, i).filter((b) => cover(a, b)).map((b) => `${a[0]} on ${b[0]}`);
    return over.concat(texts.flatMap(covered));
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_names_of_ten_chosen_councils_keep_clear_of_each_other(site, watched, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto(f"{site.as_uri()}/compare.html#with={'.'.join(invented.code(n) for n in range(1, 11))}")
    drawn(watched)
    assert watched.locator("#council-table tr.chosen").count() == 10
    for measure in watched.locator("#f-measure option").all():
        watched.select_option("#f-measure", measure.get_attribute("value"))
        assert watched.locator("#spread svg text", has_text="Invented Council 1").count()
        assert watched.evaluate(COLLISIONS) == []


@pytest.mark.parametrize(
    ("typed", "lands"), [("invented council 12", 12), ("E06000009", 9), ("e0008", 8), ("o'weir", 4)]
)
def test_the_search_box_finds_by_name_and_code(site, watched, typed, lands):
    watched.goto(f"{site.as_uri()}/quality.html")
    watched.fill("#search", typed)
    if lands == 12:
        watched.locator("#search-results a", has_text="ended 2018-19").click()
    else:
        watched.press("#search", "Enter")
    watched.wait_for_url(f"**/councils/{invented.code(lands)}.html")


def test_a_former_name_leads_to_the_council_that_followed(site, watched):
    watched.goto(f"{site.as_uri()}/index.html")
    found(watched, "Invented Council 12")
    assert "also Invented Council 12" in watched.locator("#search-results").inner_text()


def found(page, typed: str) -> tuple[str, list[str]]:
    page.fill("#search", typed)
    expect(page.locator("#search-panel")).to_have_attribute("data-answers", typed)
    return page.inner_text("#search-status"), page.locator("#search-results bdi").all_inner_texts()


@pytest.fixture
def searching(watched):
    """A page whose search box knows names as the register writes them."""
    entries = [
        ["St. Helens", "St Helens Metropolitan Borough Council", "E08000013 E4303", "North West", "councils/1.html"],
        ["Stockton-on-Tees", "Stockton", "E06000004 E0704", "North East", "councils/2.html"],
        ["Buckinghamshire", "Bucks", "E06000060 E0402", "South East", "councils/3.html"],
        ["Cumbria", "", "E10000006 E0920", "ended 2022-23", "councils/4.html"],
        ["Cumberland", "Carlisle; Cumbria", "E06000063 E0901", "North West", "councils/5.html"],
        ["Kensington and Chelsea", "RBKC", "E09000020 E5016", "London", "councils/6.html"],
    ]
    areas = [["CA", "Carlisle", [4]], ["WA", "Warrington", [0]]]
    watched.route("**/data/search.js", lambda route: route.fulfill(body=_script(entries, areas)))
    return watched


def _script(entries, areas) -> str:
    held = json.dumps({"search": {"entries": entries, "areas": areas}})
    return f"window.reportData = Object.assign(window.reportData || {{}}, {held});"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("St Helens", "St. Helens"),
        ("sthelens", "St. Helens"),
        ("STOCKTON ON TEES", "Stockton-on-Tees"),
        ("Bucks", "Buckinghamshire"),
        ("cumbria county council", "Cumbria"),
        ("carlisle", "Cumberland"),
        ("CA1 1AA", "Cumberland"),
        ("wa", "St. Helens"),
        ("Kensington & Chelsea", "Kensington and Chelsea"),
        ("Royal Borough of Kensington", "Kensington and Chelsea"),
        ("e4303", "St. Helens"),
    ],
)
def test_a_name_is_found_however_it_is_written(loopback, searching, typed, first):
    searching.goto(f"{loopback}/quality.html")
    said, names = found(searching, typed)
    assert names[0] == first and "found" in said


def test_a_name_that_fits_nothing_is_said_and_the_near_ones_shown(loopback, searching):
    searching.goto(f"{loopback}/quality.html")
    assert found(searching, "Buckinghamshrie") == (
        "No council or place is called “Buckinghamshrie”. The nearest names:",
        ["Buckinghamshire"],
    )
    searching.press("#search", "Enter")
    assert searching.url.endswith("quality.html")
    said, names = found(searching, "xxxxxxx")
    assert names == [] and "No name is near it" in said


def test_the_search_box_works_by_keyboard(loopback, searching):
    searching.goto(f"{loopback}/quality.html")
    found(searching, "cumb")
    searching.press("#search", "ArrowDown")
    searching.press("#search", "ArrowDown")
    active = searching.get_attribute("#search", "aria-activedescendant")
    assert searching.get_attribute(f"#{active}", "aria-selected") == "true"
    searching.press("#search", "Escape")
    assert not searching.locator("#search-panel").is_visible()


def test_a_figure_shows_the_query_it_came_from(site, watched):
    watched.goto(f"{site.as_uri()}/{PAGES[6]}")
    watched.locator(".points data").first.focus()
    watched.keyboard.press("Enter")
    query = watched.inner_text("dialog.origin pre")
    database = site.parent.parent / "warehouse.duckdb"
    (held,) = sql.ask(database, query)[1]
    assert str(held[0]) == watched.locator(".points data").first.get_attribute("value")
    assert "ask.html#q=select" in watched.get_attribute("dialog.origin a", "href")
    watched.keyboard.press("Escape")
    watched.locator("#profile td.number:not([hidden]) data").nth(1).click()
    query = watched.inner_text("dialog.origin pre")
    assert str(sql.ask(database, query)[1][0][0]) == watched.locator("#profile td.number:not([hidden]) data").nth(
        1
    ).get_attribute("value")


def test_figures_that_a_choice_draws_show_their_query_too(site, watched):
    watched.goto(f"{site.as_uri()}/compare.html")
    drawn(watched)
    database = site.parent.parent / "warehouse.duckdb"
    for perimeter in ("narrow", "wide"):
        watched.select_option("#f-perimeter", perimeter)
        expect(watched.locator("#council-table caption")).to_contain_text(f"{perimeter} perimeter")
        for place in (0, 6):
            held = watched.locator("#council-table td.number data").nth(place)
            held.click()
            query = watched.inner_text("dialog.origin pre")
            ((found,),) = sql.ask(database, query)[1]
            assert float(found) == float(held.get_attribute("value"))
            watched.keyboard.press("Escape")


def test_names_meant_to_do_harm_are_shown_and_do_nothing(site, watched):
    for name in ("compare.html", "councils.html", f"councils/{invented.code(2)}.html"):
        watched.goto(f"{site.as_uri()}/{name}")
        assert watched.get_by_text("<script>window.broken=1</script>").count() >= 1
        assert watched.evaluate("window.broken") is None
    assert watched.faults == []


@pytest.mark.parametrize(
    "name", ["index.html", "compare.html", "quality.html", "evidence.html", PAGES[6], PAGES[10], PAGES[11]]
)
def test_a_page_fits_a_small_phone(site, watched, name):
    watched.set_viewport_size({"width": 360, "height": 780})
    watched.goto(f"{site.as_uri()}/{name}")
    assert watched.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    ("name", "table"),
    [(PAGES[6], "#profile"), (PAGES[12], "#what-if-result, #what-if-lines"), ("evidence.html", ".two-way")],
)
def test_on_a_phone_no_cell_of_a_wide_table_is_out_of_sight(site, watched, name, table):
    watched.set_viewport_size({"width": 390, "height": 844})
    watched.goto(f"{site.as_uri()}/{name}")
    cells = watched.locator(f":is({table}) tbody :is(th, td):visible")
    expect(cells.first).to_be_visible()
    ends = cells.evaluate_all("(all) => all.map((c) => c.getBoundingClientRect().right)")
    assert len(ends) > 5 and max(ends) <= 390
    captions = watched.locator("caption:visible")
    assert max(captions.evaluate_all("(all) => all.map((c) => c.getBoundingClientRect().right)")) <= 390


def test_an_address_that_names_a_row_of_a_folded_table_opens_it(site, loopback, watched):
    text = (site / "rules.html").read_text(encoding="utf-8")
    table = re.search(r'<div class="table-box".*?</div>', text, re.DOTALL)[0]
    rule = re.search(r'<tr id="([^"]+)"', table)[1]
    folded = f'<details class="folded"><summary>Rules</summary><noscript>{table}</noscript></details>'
    watched.route(
        "**/rules.html", lambda route: route.fulfill(body=text.replace(table, folded), content_type="text/html")
    )
    watched.goto(f"{loopback}/rules.html")
    assert watched.locator("details.folded tr").count() == 0
    watched.goto("about:blank")
    watched.goto(f"{loopback}/rules.html#{rule}")
    expect(watched.locator(f"[id='{rule}']")).to_be_visible()


def test_on_paper_there_is_no_navigation_and_tables_stand_open(site, watched):
    watched.goto(f"{site.as_uri()}/index.html")
    watched.emulate_media(media="print")
    watched.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not watched.locator(".top nav").is_visible()
    assert watched.locator("#national-trend table").is_visible()
    assert watched.pdf(format="A4").startswith(b"%PDF")


def test_a_council_prints_on_two_sheets_and_no_drawing_is_cut(site, watched):
    watched.goto(f"{site.as_uri()}/{PAGES[6]}")
    drawn(watched)
    pdf = watched.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
    watched.emulate_media(media="print")
    watched.set_viewport_size({"width": 690, "height": 1000})
    over = watched.evaluate(
        """[...document.querySelectorAll("svg[data-drawing]")].filter((svg) => svg.getBoundingClientRect().right > 690)
            .map((svg) => svg.closest("figure").id)"""
    )
    assert over == []


def test_without_scripts_the_tables_hold_the_figures(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/compare.html")
    assert page.locator("#council-table tbody tr").count() == 11
    assert page.get_by_text("The drawing needs scripts").first.is_visible()
    context.close()


@pytest.mark.parametrize(
    ("scheme", "name"),
    [("light", p) for p in PAGES if p not in (PAGES[7], PAGES[8])]
    + [("dark", p) for p in (PAGES[0], PAGES[1], PAGES[6])],
)
def test_an_accessibility_engine_finds_nothing(site, chromium, scheme, name):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{name}")
    drawn(page)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    expect(page.locator("details > noscript")).to_have_count(0)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    context.close()
    assert found["passes"], "the engine looked at nothing"
    faults = [
        (v["id"], v["impact"], [n["target"] for n in v["nodes"][:3]], v["nodes"][0]["failureSummary"])
        for v in found["violations"]
    ]
    assert faults == []


@pytest.mark.parametrize(("name", "chart"), [("index.html", "national-trend"), (PAGES[6], "trend")])
def test_statement_and_year_drive_the_charts_over_time_and_stay_in_the_address(site, watched, name, chart):
    watched.goto(f"{site.as_uri()}/{name}")
    figure = watched.locator(f"#{chart}")
    as_opened = figure.locator("h3").inner_text()
    years = watched.locator("#period-year option").all_inner_texts()
    assert len(years) > 1 and years == sorted(years, reverse=True)
    watched.select_option("#period-year", years[1])
    said = figure.locator("h3").inner_text()
    assert said != as_opened and years[1] in said and years[0] not in said
    assert years[1] in figure.locator(".subtitle").inner_text()
    drawn = figure.locator(".plot").inner_text()
    assert years[0] not in drawn
    figure.locator("summary").first.click()
    rows = figure.locator(".table-under tbody tr:visible")
    # What a fold holds is made when the browser says that it was opened, which is not at once.
    expect(rows.first).to_be_visible()
    assert years[0] not in {row.split("\t")[0] for row in rows.all_inner_texts()}
    with watched.expect_download() as taken:
        figure.locator(".source a[download]").click()
    lines = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == rows.count() + 1 and not any(line.startswith(years[0]) for line in lines)
    address = watched.url
    watched.goto("about:blank")
    watched.goto(address)
    assert watched.locator(f"#{chart} h3").inner_text() == said
    watched.select_option("#period-year", years[0])
    assert watched.locator(f"#{chart} h3").inner_text() == as_opened
    assert watched.faults == []


UNPACKED = """async (name) => {
    const years = await reportTables.load(`years-${document.body.dataset.council}`);
    const statement = document.getElementById("periods").dataset.spoken;
    const year = document.getElementById("period-year").value;
    const box = document.createElement("template");
    box.innerHTML = reportTables.unpack(years.periods[`${statement} ${year}`][name], years.texts);
    const shown = document.getElementById(name).closest(".table-box").cloneNode(true);
    shown.querySelectorAll("[hidden]").forEach((cell) => cell.removeAttribute("hidden"));
    const rows = (part) => [...part.querySelectorAll("table > thead, table > tbody")].map((part) => part.outerHTML);
    return [rows(box.content), rows(shown)];
}"""


@pytest.mark.parametrize("name", ["profile", "perimeters", "tiers"])
def test_a_table_kept_as_data_is_the_markup_of_the_page(site, watched, name):
    watched.goto(f"{site.as_uri()}/{PAGES[6]}")
    unpacked, shown = watched.evaluate(UNPACKED, name)
    assert len(shown) == 2 and unpacked == shown


def test_the_year_drives_the_whole_council_page(site, watched, chromium):
    watched.goto(f"{site.as_uri()}/{PAGES[6]}")
    last, year = watched.locator("#period-year option").all_inner_texts()[:2]
    opened = {part: watched.locator(part).inner_text() for part in ("#profile", "#perimeters", "#tiers", "#flow h3")}
    watched.select_option("#period-year", year)
    watched.wait_for_selector(f"#perimeters caption:has-text('{year}')")
    for part in ("#profile caption", "#tiers caption", "#flow h3", "#flow .subtitle", "#admissions h3", "#funnel h3"):
        assert year in watched.locator(part).inner_text(), part
    expect(watched.locator("#funnel .subtitle")).to_contain_text(year)
    assert {row.split("\t")[1][:7] for row in watched.locator("#profile tbody tr").all_inner_texts()} == {year}
    assert not watched.locator("[data-opening-year]").first.is_visible()
    watched.locator("#flow summary").first.click()
    expect(watched.locator("#flow .table-under tbody tr").nth(3)).to_be_visible()
    with watched.expect_download() as taken:
        watched.locator(".standing-table", has=watched.locator("#perimeters")).locator("a[download]").click()
    lines = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    (held,) = sql.ask(
        site.parent.parent / "warehouse.duckdb",
        "select adult_social_care_gbp from mart_prevention_headline where perimeter = 'narrow' and"
        f" cost_view = 'direct' and statement = 'budget' and financial_year = '{year}' and outcome_code ="
        f" 'delay_and_reduce_need_65_plus' and council_code = '{invented.code(1)}'",
    )[1]
    narrow = next(line for line in lines if line.startswith(("Narrow", '"Narrow')))
    assert f",{held[0]}," in narrow
    other = chromium.new_page()
    other.goto(watched.url)
    other.wait_for_selector(f"#perimeters caption:has-text('{year}')")
    assert other.locator("#perimeters").inner_text() == watched.locator("#perimeters").inner_text()
    other.close()
    watched.select_option("#period-year", last)
    watched.wait_for_selector(f"#perimeters caption:has-text('{last}')")
    assert {part: watched.locator(part).inner_text() for part in opened} == opened
    assert watched.faults == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_heavy_before_anything_is_opened(site, watched, name):
    watched.goto(f"{site.as_uri()}/{name}")
    watched.wait_for_load_state("networkidle")
    assert watched.evaluate("document.querySelectorAll('*').length") < 3000


@pytest.mark.parametrize("name", ["quality.html", "evidence.html"])
def test_long_tables_stay_folded_on_paper_and_name_their_file(site, watched, name):
    watched.goto(f"{site.as_uri()}/{name}")
    folded = watched.locator("details.folded")
    watched.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert watched.locator("details.folded[open]").count() == 0
    watched.evaluate("window.dispatchEvent(new Event('afterprint'))")
    watched.emulate_media(media="print")
    for i in range(folded.count()):
        source = folded.nth(i).locator("xpath=following-sibling::p[1]").inner_text()
        assert ".csv beside this report" in source
    watched.emulate_media(media="screen")
    for i in range(folded.count()):
        folded.nth(i).locator("summary").click()
        expect(folded.nth(i).locator("tbody tr").nth(40)).to_be_attached()
