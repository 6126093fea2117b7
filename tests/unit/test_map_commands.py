"""`prevention template` and `prevention check-map` on a small published warehouse."""

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner
from service_maps import BUDGET, FILLED, line_cell, spoil, tier_cell

from ingest.submitted.service_maps import service_map_template
from ingest.submitted.service_maps.map_layout import BUDGET_LINES, LISTS
from orchestration.cli import main


@pytest.fixture
def home(tmp_path):
    published = tmp_path / "home" / "published"
    published.mkdir(parents=True)
    with duckdb.connect(str(published / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            """create table marts.dim_council as select * from (values
                 ('E06000047', 'County Durham', '2009-10', null), ('E06000054', 'Wiltshire', '2009-10', '2010-11')
               ) as t (council_code, council_name, valid_from_year, valid_to_year)"""
        )
        connection.execute(
            """create table marts.dim_service as select * from (values
                 ('telecare', 'Telecare', 'national'), ('information_and_advice', 'Advice', 'national'),
                 ('E06000001.own', 'Own', 'council_map')) as t (service_code, service_name, origin)"""
        )
        connection.execute(
            """create table marts.fct_budget_line (council_code text, financial_year text, statement text,
                 measure text, line_code text, line_name text, section text, amount_gbp decimal(18, 2),
                 is_total boolean default false, body_kind text default 'council')"""
        )
        connection.execute(
            """create table marts.fct_allocation (council_code text, financial_year text, statement text,
                 line_code text, service_code text, cost_view text, amount_gbp decimal(18, 2))"""
        )
        for line in BUDGET:
            key = ("E06000047", "2025-26", "budget")
            connection.execute(
                "insert into marts.fct_budget_line values (?, ?, ?, 'net_current_expenditure', ?, ?, ?, ?, false, "
                "'council')",
                [*key, line["line_code"], line["line_name"], "adult_social_care", line["amount_gbp"]],
            )
            for service, share in (("telecare", 1), ("information_and_advice", 3)):
                connection.execute(
                    "insert into marts.fct_allocation values (?, ?, ?, ?, ?, 'direct', ?)",
                    [*key, line["line_code"], service, line["amount_gbp"] * share / 4],
                )
        connection.execute(
            """insert into marts.fct_budget_line values ('E06000047', '2025-26', 'budget', 'net_current_expenditure',
                 '999', 'Not in scope', 'other', 5, false, 'council'),
                 ('E06000047', '2024-25', 'outturn', 'net_current_expenditure', '301', 'Physical support',
                 'adult_social_care', 7, false, 'council'),
                 ('E06000047', '2021-22', 'outturn', 'net_current_expenditure', '360', 'Adult social care',
                 'adult_social_care', 7, true, 'council'),
                 ('E06000047', '2025-26', 'budget', 'net_current_expenditure', '271', 'Concessionary fares',
                 'highways_and_transport', -9, false, 'council')"""
        )
        connection.execute(
            """insert into marts.fct_allocation values
                 ('E06000047', '2024-25', 'outturn', '301', 'telecare', 'direct', 7),
                 ('E06000047', '2021-22', 'outturn', '360', 'telecare', 'direct', 7)"""
        )
        connection.execute(
            """create table marts.dim_line_scope as select * from (values
                 ('highways_and_transport', '271', 'on_map', '2013-14', null::varchar)
               ) as t (section, line_code, scope, valid_from_year, valid_to_year)"""
        )
    return published.parent


def run(home, *words):
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)])


@pytest.mark.parametrize("council", ["E06000047", "county durham"])
def test_template_holds_the_published_lines(home, tmp_path, council):
    out = tmp_path / "map.xlsx"
    result = run(home, "template", "--council", council, "--year", "2025-26", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(out)
    workbook = openpyxl.load_workbook(out, data_only=True)
    rows = {row[0].value: row for row in workbook[BUDGET_LINES].iter_rows(min_row=7)}
    assert sorted(rows) == sorted([*(line["line_code"] for line in BUDGET), "271"])
    assert "unless a map takes it in" in rows["271"][9].value
    assert rows["330"][4].value == 1200000
    assert rows["330"][9].value == "Advice 75%; Telecare 25%"
    words = {cell.value for row in workbook[LISTS].iter_rows() for cell in row}
    assert {"telecare", "information_and_advice"} <= words
    assert "E06000001.own" not in words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--council", "E06000047", "--year", "2019-20"), "budget: 2025-26; outturn: 2024-25"),
        (("--council", "E06000047", "--year", "2025"), "no published budget"),
        (
            ("--council", "E06000054", "--year", "2025-26"),
            "Wiltshire (E06000054) was no council of 2025-26: the register has it from 2009-10 to 2010-11.",
        ),
        (("--council", "County Durhan", "--year", "2025-26"), "Near it: County Durham (E06000047)."),
        (("--council", "E06000074", "--year", "2025-26"), "Near it: County Durham (E06000047)."),
        (("--council", "E06000047"), "needs --council and --year"),
    ],
)
def test_template_that_cannot_be_written_says_why(home, words, message):
    result = run(home, "template", *words)
    assert result.exit_code == 2
    assert message in result.output


def test_template_of_a_year_with_an_outturn_alone_is_one_of_the_outturn(home, tmp_path):
    out = tmp_path / "map.xlsx"
    result = run(home, "template", "--council", "E06000047", "--year", "2024-25", "--out", out)
    assert result.exit_code == 0, result.output
    assert "1 outturn lines" in result.stderr
    details = openpyxl.load_workbook(out)["Details"]
    assert {"Outturn"} <= {cell.value for row in details.iter_rows() for cell in row}


def test_a_year_that_prints_only_a_total_has_nothing_to_map(home):
    result = run(home, "template", "--council", "E06000047", "--year", "2021-22", "--statement", "outturn")
    assert result.exit_code == 2
    assert "budget: 2025-26; outturn: 2024-25" in result.output


def test_a_line_that_only_a_map_takes_in_can_be_mapped(home, tmp_path):
    def change(workbook):
        line_cell(workbook, "Falls visits", "Line code").value = "271"

    result = run(home, "check-map", spoil(filled_map(tmp_path), change))
    assert result.exit_code == 0, result.output


def filled_map(tmp_path):
    path = tmp_path / "map.xlsx"
    service_map_template.write(path, {"code": "E06000047", "name": "Durham"}, "2025-26", BUDGET, filled=FILLED)
    return path


def test_check_map_takes_a_good_map(home, tmp_path):
    result = run(home, "check-map", filled_map(tmp_path))
    assert result.exit_code == 0, result.output
    assert "can be taken as it is" in result.stderr


def test_check_map_prints_every_problem_and_knows_the_published_lines(home, tmp_path):
    def change(workbook):
        line_cell(workbook, "Falls visits", "Line code").value = "999"
        tier_cell(workbook, "Careline telecare", "Tier").value = "early"

    result = run(home, "check-map", spoil(filled_map(tmp_path), change))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "E06000047 has no published line of this code that a map can split" in result.stdout
    assert "pick one of these: primary; secondary" in result.stdout


def test_check_map_works_before_anything_is_published(tmp_path):
    result = run(tmp_path / "new", "check-map", filled_map(tmp_path))
    assert result.exit_code == 0
    assert "is not checked" in result.stderr
