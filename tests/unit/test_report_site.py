"""The report from an invented warehouse: pages for every council, figures that are in the marts, text kept as text."""

import csv
import re
import shutil
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import invented_warehouse as invented
import pytest
from page_figures import figures_of

from reporting.build import build
from reporting.pages import admissions, profile, rules
from reporting.warehouse import NotPromised, Warehouse
from tests.mart_contracts import contracts, create_empty

PUBLICATION = {
    "publication_id": "test-1",
    "published_at": "2026-01-02T03:04:05Z",
    "code_version": "c",
    "is_sample": True,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    database = invented.build(folder / "warehouse.duckdb")
    earlier = invented.build(folder / "earlier.duckdb", is_shifted=True)
    causes = ["map change: map_x (<b>x</b>.xlsx), checksum aaaaaaaa became bbbbbbbb"]
    build(database, folder / "out", publication={**PUBLICATION, "causes": causes}, previous=earlier)
    return database, folder / "out"


def page(built, name):
    return (built[1] / "report" / name).read_text(encoding="utf-8")


def test_every_council_ever_in_the_register_has_a_page(built):
    pages = {p.stem for p in (built[1] / "report" / "councils").glob("*.html") if "-" not in p.stem}
    assert pages == {invented.code(n) for n in range(1, 13)}


def test_every_figure_of_every_page_is_in_its_mart(built):
    con = duckdb.connect(str(built[0]), read_only=True)
    wanted = defaultdict(set)
    for path in sorted((built[1] / "report").rglob("*.html")):
        for figure in figures_of(path.read_text(encoding="utf-8")):
            names = tuple(name for name, _ in figure.key)
            wanted[figure.mart, figure.column, names, figure.is_sum].add(
                (tuple(v for _, v in figure.key), figure.value)
            )
    for (mart, column, names, is_sum), figures in wanted.items():
        keys = ", ".join(f"coalesce(\"{name}\"::varchar, '')" for name in names)
        shown = f'sum("{column}")' if is_sum else f'"{column}"'
        rows = con.execute(f"select [{keys}], {shown} from marts.{mart} {'group by all' if is_sum else ''}").fetchall()
        held = defaultdict(list)
        for key, value in rows:
            held[tuple(key)].append(value)
        for key, value in figures:
            assert held[key] == [Decimal(value) if value else None], (mart, column, key)
    assert sum(len(figures) for figures in wanted.values()) > 1000


def test_names_meant_to_do_harm_are_text(built):
    everything = "".join(p.read_text(encoding="utf-8") for p in (built[1] / "report").rglob("*.html"))
    assert "<script>window.broken" not in everything
    assert "&lt;script&gt;window.broken=1&lt;/script&gt;" in everything
    assert "<bdi>مجلس ‮evil‬ المدينة</bdi>" in everything
    scripts = "".join(p.read_text(encoding="utf-8") for p in (built[1] / "report" / "data").glob("*.js"))
    assert "</script" not in scripts and "\\u003cscript" in scripts


def test_a_formula_in_a_name_stays_text_in_csv(built):
    sheet = (built[1] / "report" / "csv" / "councils.csv").read_text(encoding="utf-8-sig")
    cells = [line.split(",")[0].strip('"') for line in sheet.splitlines()]
    assert any(cell.startswith("'=cmd|") for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


def test_a_suppressed_rate_is_a_mark_and_never_a_number(built):
    text = page(built, f"councils/{invented.code(6)}.html")
    assert "[c]" in text and "suppressed" in text
    assert ">0.0<" not in text


def test_a_sample_says_so_on_every_page(built):
    for path in (built[1] / "report").rglob("*.html"):
        assert "Every council and every figure here is fictional" in path.read_text(encoding="utf-8"), path.name


def test_what_changed_names_every_moved_figure(built):
    text = page(built, "index.html")
    assert re.search(r"\d+ headline figures of 12 councils differ", text)
    assert re.search(rf'Councils: .*<a href="councils/{invented.code(1)}.html">', text)
    changed = text.split("Rules that changed")[-1]
    assert re.search(r"desk:355:advice.*12.5%.*25.0%.*Invented reason for advice", changed, re.DOTALL)
    assert "map change: map_x (&lt;b&gt;x&lt;/b&gt;.xlsx), checksum aaaaaaaa became bbbbbbbb" in text


def test_a_warehouse_that_holds_no_figures_gives_pages_that_say_so(tmp_path):
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as con:
        create_empty(con)
        con.execute("insert into marts.dim_council(council_code, council_name) values ('E06000001', 'Somewhere')")
    build(database, tmp_path / "out", publication={"publication_id": "p"}, previous=None)
    text = (tmp_path / "out" / "report" / "councils" / "E06000001.html").read_text(encoding="utf-8")
    assert "Not in this publication." in text


def test_a_page_that_asks_for_what_no_contract_has_stops_unless_the_file_is_of_an_earlier_version(built):
    for asked in (("mart_nobody_made", None), ("dim_council", ["council_code", "colour"])):
        with (
            Warehouse(built[0]) as warehouse,
            pytest.raises(NotPromised, match=r"mart_nobody_made|dim_council\.colour"),
        ):
            warehouse.read(*asked)
    with Warehouse(built[0], is_earlier=True) as earlier:
        assert earlier.read("mart_nobody_made") == []
        assert {r["colour"] for r in earlier.read("dim_council", ["council_code", "colour"])} == {None}


def test_a_rule_says_which_version_has_taken_its_place():
    blank = {**dict.fromkeys(contracts()["dim_rule"]), "rule_set": "desk_baseline", "valid_from_year": "2013-14"}
    tier = {
        **blank,
        "rule_set": "desk_baseline",
        "service_code": "reablement",
        "outcome_code": "one",
        "tier": "tertiary",
    }
    default = {
        **blank,
        "rule_set": "desk_baseline",
        "line_code": "*",
        "service_code": "rest",
        "valid_from_year": "2013-14",
    }
    rows = [
        {**tier, "rule_id": "old", "definition_version": "2026.1", "valid_from_year": "2013-14"},
        {**tier, "rule_id": "new", "definition_version": "2026.3", "valid_from_year": "2013-14"},
        {**tier, "rule_id": "other outcome", "definition_version": "2026.1", "outcome_code": "two"},
        {**default, "rule_id": "default of a section", "definition_version": "2026.1"},
        {**default, "rule_id": "default of another", "definition_version": "2026.2"},
        {**tier, "rule_id": "map", "definition_version": "1", "rule_set": "north:1"},
    ]
    facts = SimpleNamespace(warehouse=SimpleNamespace(read=lambda table: rows))
    years = {rule["rule_id"]: rule["years"] for rule in rules.context(facts, {})["rules"]}
    assert years["old"] == "from 2013-14; replaced by version 2026.3"
    assert years["new"] == "from 2013-14"
    assert sum("replaced" in words for words in years.values()) == 1


def test_many_rules_stand_folded_by_whose_they_are_and_which_step():
    given = {name: None for name in ("service_code", "rule_share", "low_share", "high_share", "basis", "confidence")}
    given |= {"valid_from_year": "2013-14", "valid_to_year": None, "reason": "", "source": "", "outcome_code": "x"}
    given["definition_version"] = "1"
    rows = [
        {
            **given,
            "rule_id": f"{rule_set}{tier}",
            "rule_set": rule_set,
            "line_code": None if tier else "355",
            "tier": tier,
        }
        for rule_set, tier in (("m:v1", None), ("desk_baseline", "primary"), ("desk_baseline", None))
    ]
    facts = SimpleNamespace(warehouse=SimpleNamespace(read=lambda table: rows))
    assert [(title, len(group)) for title, group in rules.context(facts, {})["groups"]] == [
        ("Desk baseline, what a line is spent on", 1),
        ("Desk baseline, what a service is for", 1),
        ("Map m:v1, what a line is spent on", 1),
    ]


def test_the_lines_behind_a_figure_name_file_sheet_row_and_column(built):
    text = page(built, f"councils/{invented.code(1)}-lines.html")
    cells = re.sub(r"</?[^>]+>", "|", text[text.index('id="cells"') :])
    assert re.search(r"invented 2023-24.csv\|+Sheet 1\|+8\|+E\|", cells)
    assert '<a href="../rules.html#desk:355:advice">desk:355:advice</a>' in text
    assert "Invented reason for advice" in page(built, "rules.html")
    council = page(built, f"councils/{invented.code(1)}.html")
    assert "prevention template --council E06000001 --year 2023-24" in council
    assert f'href="{invented.code(1)}-lines.html"' in council


def test_a_council_without_a_budget_is_shown_by_what_it_spent(tmp_path):
    database = invented.build(tmp_path / "warehouse.duckdb", councils=2)
    with duckdb.connect(str(database)) as con:
        for mart in ("mart_prevention_headline", "mart_prevention_spend", "fct_allocation", "fct_budget_line"):
            con.execute(f"update marts.{mart} set statement = 'outturn' where council_code = 'E06000002'")
    build(database, tmp_path / "out", publication=PUBLICATION, previous=None)
    text = (tmp_path / "out" / "report" / "councils" / "E06000002.html").read_text(encoding="utf-8")
    assert (
        "Invented Council 2 spent" not in text and "money &lt;script&gt;window.broken=1&lt;/script&gt; spent in" in text
    )
    bars = re.search(r'id="balance".*?class="chart-data">(.*?)</script>', text, re.DOTALL)
    assert '"t":"reactive"' in bars[1]


def test_a_council_that_has_sent_a_map_is_not_said_to_have_sent_none(built, tmp_path):
    database = tmp_path / "warehouse.duckdb"
    shutil.copyfile(built[0], database)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "update marts.mart_prevention_headline set rule_set = 'mixed', modelled_share = 0.125, is_modelled = true"
            " where council_code = ?",
            [invented.code(1)],
        )
        con.execute(
            "update marts.mart_prevention_headline set is_modelled = true where council_code = ?", [invented.code(2)]
        )
    build(database, tmp_path / "out", publication=PUBLICATION, previous=None)
    councils = tmp_path / "out" / "report" / "councils"
    with_map, without = ((councils / f"{invented.code(n)}.html").read_text(encoding="utf-8") for n in (1, 2))
    assert "12.5%</data> of the latest figure rests on the desk baseline" in with_map
    assert "no map of this council covers" not in with_map
    assert "no map of this council covers" in without and "Partly modelled" not in without


def test_where_nothing_moved_no_cause_is_given_for_it(built, tmp_path):
    database, _ = built
    given = {**PUBLICATION, "causes": ["code change: 1 became 2"]}
    build(database, tmp_path / "out", publication=given, previous=database)
    text = (tmp_path / "out" / "report" / "index.html").read_text(encoding="utf-8")
    assert "Nothing: every one of" in text and "code change" not in text


def test_a_year_that_one_publication_does_not_hold_is_no_zero(built, tmp_path):
    database, _ = built
    earlier = tmp_path / "earlier.duckdb"
    shutil.copyfile(database, earlier)
    with duckdb.connect(str(earlier)) as con:
        years = con.execute("select distinct financial_year from marts.mart_prevention_headline order by 1").fetchall()
        (last,) = years[-1]
        con.execute("delete from marts.mart_prevention_headline where financial_year = ?", [last])
        con.execute(
            "insert into marts.mart_prevention_headline select * replace ('1999-00' as financial_year)"
            " from marts.mart_prevention_headline where financial_year = ?",
            years[0],
        )
    build(database, tmp_path / "out", publication=PUBLICATION, previous=earlier)
    sheet = (tmp_path / "out" / "report" / "csv" / "changes.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(sheet.splitlines()))
    assert {row["Year"] for row in rows} == {last, "1999-00"}
    for row in rows:
        there, missing = ("Now £", "Before £") if row["Year"] == last else ("Before £", "Now £")
        assert row[there].startswith("£") and row[missing] == row["Difference £"] == "–", row


def test_without_a_return_that_splits_long_term_support_no_page_speaks_of_wider_figures(tmp_path, built):
    database = invented.build(tmp_path / "warehouse.duckdb", councils=3)
    with duckdb.connect(str(database)) as con:
        con.execute("delete from marts.mart_driver_share")
    build(database, tmp_path / "out", publication=PUBLICATION, previous=None)
    pages = ("index.html", f"councils/{invented.code(1)}.html")
    for name in pages:
        text = (tmp_path / "out" / "report" / name).read_text(encoding="utf-8")
        assert "No finance return is held that tells care homes from care at home" in text, name
        assert "counting home care too" not in text and "For adults of all ages" not in text, name
        assert "No finance return is held" not in page(built, name), name
    assert "counting home care too" in page(built, "index.html")


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "£0"), ("0.004", "under 1p"), ("0.03", "£0.03"), ("0.44", "£0.44"), ("-2.6", "−£2.60"), ("9.996", "£10")],
)
def test_what_is_spent_shows_and_nothing_is_printed_as_nought_point_nought(value, text):
    assert profile.pounds_each(Decimal(value)) == text


def test_a_rate_of_too_few_people_is_not_called_unusual():
    limits = {
        name: Decimal(value)
        for name, value in zip(admissions.LIMITS.values(), (111, 1372, 9, 1997, 0, 606, 566), strict=True)
    }
    row = {**limits, "admissions_per_100k": Decimal(0), "spread_class": "below_998"}
    assert admissions.unusual(row).startswith("well below") and admissions.is_outside(row)
    row["spread_class"] = "too_few_to_tell"
    assert "too few" in admissions.unusual(row) and not admissions.is_outside(row)


def test_a_break_is_drawn_only_between_years_that_are():
    years = ["2017-18", "2018-19", "2019-20"]
    rows = [{"financial_year": y, "admissions_per_100k": 1, "is_break_in_series": y != "2017-18"} for y in years]
    assert [b["x"] for b in admissions.series_breaks(rows)] == [2018, 2019]
    rows[2]["admissions_per_100k"] = None
    assert [b["x"] for b in admissions.series_breaks(rows)] == [2018]
