"""The published report, workbook, data package and cookbook of the sample, each figure asked of its mart."""

import hashlib
import json
import random
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import pandas as pd
import pytest
from page_figures import read

from reporting import catalogue, cookbook, sql, words
from reporting.pages import profile
from reporting.sheets import HEADER_ROW, NAME_ROW
from reporting.warehouse import Warehouse

pytestmark = pytest.mark.slow

COOKBOOK = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
HOW_MANY = 5
SEED = 2016
SHAPES = (words.pounds, words.millions, words.modelled_millions, words.per_head, words.modelled_pounds, words.share)
SHAPES += (words.rate, words.number, words.exact, profile.pounds_each, lambda value: words.number(value, 2))
# Numbers of the words around the figures: ages, limits, shares that a note names, years of the code of practice.
SPOKEN = {"65", "64", "18", "95", "99.8", "100,000", "1", "2", "2013", "360", "3.0"}


@pytest.fixture(scope="module")
def published(refreshed):
    return refreshed / "published"


def test_there_are_at_least_fifteen_questions():
    assert len(cookbook.questions(COOKBOOK)) >= 15


@pytest.mark.parametrize("position", range(len(cookbook.questions(COOKBOOK))))
def test_a_question_of_the_cookbook_is_answered(published, position):
    query, printed = cookbook.questions(COOKBOOK)[position]
    columns, rows = sql.ask(published / "warehouse.duckdb", query)
    assert printed and printed.splitlines()[0].split() == columns
    assert rows or "mart_restatements" in query


def test_the_parts_of_every_line_have_the_same_sum_in_both_views(published):
    query = next(q for q, _ in cookbook.questions(COOKBOOK) if "largest_gbp" in q and "fct_allocation" in q)
    (differences, council_years, largest) = sql.ask(published / "warehouse.duckdb", query)[1][0]
    assert (differences, largest) == (0, 0) and council_years > 100


def test_budget_cell_driver_share_and_tier_share_multiply_to_the_figure(published):
    query = next(q for q, _ in cookbook.questions(COOKBOOK) if "mart_driver_share" in q)
    columns, rows = sql.ask(published / "warehouse.duckdb", query)
    for row in (dict(zip(columns, row, strict=True)) for row in rows):
        product = row["budget_cell_gbp"] * row["driver_share"] * row["tier_share"]
        # Shares are printed to six places.
        assert abs(product - row["amount_gbp"]) <= row["budget_cell_gbp"] / 1_000_000, row


def test_every_number_of_some_council_pages_is_in_a_mart(published):
    con = duckdb.connect(str(published / "warehouse.duckdb"), read_only=True)
    known = con.execute("select distinct council_code from marts.mart_prevention_headline order by 1").fetchall()
    pages = [published / "report" / "councils" / f"{code}.html" for (code,) in known]
    chosen = random.Random(SEED).sample(pages, HOW_MANY)
    for path in chosen:
        figures, text = read(path.read_text(encoding="utf-8"))
        assert len(figures) > 50, path.name
        for figure in figures:
            where = " and ".join(f"coalesce(\"{k}\"::varchar, '') = ?" for k, _ in figure.key)
            shown = f'sum("{figure.column}")' if figure.is_sum else f'"{figure.column}"'
            query = f"select {shown} from marts.{figure.mart} where {where}"
            found = con.execute(query, [v for _, v in figure.key]).fetchall()
            assert len(found) == 1, (path.name, figure)
            held = found[0][0]
            assert (held is None) if figure.value == "" else Decimal(figure.value) == held, (path.name, figure)
            assert figure.value == "" or _is_printed_form(figure, held), (path.name, figure)
        said = _numbers_of_marts(con, path.stem) | {n for f in figures for n in _forms(f.value)} | SPOKEN
        said |= {n for n in NUMBER.findall(json.dumps(json.loads((published / "manifest.json").read_text())))}
        strange = [n for n in NUMBER.findall(text) if n not in said]
        assert strange == [], (path.name, strange)


def _forms(value: str) -> set[str]:
    """A figure's value in every form that words can give it, and a share as pence in the pound."""
    if not value:
        return set()
    number = Decimal(value)
    forms = {n for shape in SHAPES for n in NUMBER.findall(shape(number))}
    return forms | set(NUMBER.findall(words.number(number * 100)))


def _is_printed_form(figure, held) -> bool:
    parts = NUMBER.findall(figure.text)
    return bool(parts) and parts[0] in {n for shape in SHAPES for n in NUMBER.findall(shape(held))}


def _numbers_of_marts(con, council_code: str) -> set[str]:
    """Numbers inside the marts' own words about the council: names, codes, notes, years, rules."""
    found: set[str] = set()
    tables = con.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'marts' group by all"
    ).fetchall()
    for table, columns in tables:
        if "council_code" in columns:
            where = f"where council_code = '{council_code}'"
        elif table.startswith("dim_") or table in ("fct_outcome_measure",):
            where = ""
        else:
            continue
        for column, kind in con.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = ?",
            [table],
        ).fetchall():
            if kind == "VARCHAR":
                for (value,) in con.execute(f'select distinct "{column}" from marts.{table} {where}').fetchall():
                    found |= set(NUMBER.findall(value or ""))
    return found


def test_a_year_printed_only_as_a_total_has_no_headline_and_nothing_moves_from_it(published):
    con = duckdb.connect(str(published / "warehouse.duckdb"), read_only=True)
    year = "financial_year = '2021-22' and statement = 'outturn'"
    (unclassified,) = con.execute(
        f"select sum(amount_gbp) from marts.mart_prevention_spend where {year} and tier = 'unclassified'"
    ).fetchone()
    assert unclassified > 0
    assert con.execute(f"select count(*) from marts.mart_prevention_headline where {year}").fetchone() == (0,)
    later = con.execute(
        "select count(*), count(movement_gbp) from marts.mart_prevention_headline "
        "where financial_year = '2022-23' and statement = 'outturn'"
    ).fetchone()
    assert later[0] > 0 and later[1] == 0


def test_every_declared_key_finds_one_row(published):
    with Warehouse(published / "warehouse.duckdb") as warehouse:
        for table, key in catalogue.KEYS.items():
            columns = ", ".join(key)
            assert set(key) <= set(warehouse.columns(table)), table
            assert not warehouse.query(f"select 1 from marts.{table} group by {columns} having count(*) > 1 limit 1"), (
                table
            )


def test_the_data_package_describes_the_parquet_files_beside_it(published):
    package = frictionless.Package.from_descriptor(json.loads((published / "datapackage.json").read_text("utf-8")))
    assert len(package.resources) == len(list((published / "parquet").glob("*.parquet")))
    for resource in package.resources:
        content = (published / resource.path).read_bytes()
        assert resource.hash == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert all(field.description for field in resource.schema.fields), resource.name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_the_workbook_comes_back_from_libreoffice_with_the_same_figures(published, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "ods", "--outdir", str(tmp_path)]
    workbook = str(published / "prevention_marts.xlsx")
    subprocess.run([*command, workbook], check=True, capture_output=True, timeout=300)
    ways = [(published / "prevention_marts.xlsx", "openpyxl"), (tmp_path / "prevention_marts.ods", "calamine")]
    options = {"header": NAME_ROW, "skiprows": [HEADER_ROW], "na_values": ["[x]", "[c]", "[z]"]}
    options["sheet_name"] = "prevention_headline"
    ours, theirs = (pd.read_excel(path, engine=engine, **options) for path, engine in ways)
    assert len(ours) > 1000
    money = [c for c in ours.columns if c.endswith("_gbp")]
    pd.testing.assert_frame_equal(ours[money].astype(float), theirs[money].astype(float), check_exact=True)
    assert list(ours["council_code"]) == list(theirs["council_code"])
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as con:
        total = con.execute(
            "select sum(amount_gbp) from marts.mart_prevention_headline"
            " where cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'"
        ).fetchone()[0]
    assert sum(Decimal(str(v)) for v in theirs["amount_gbp"].dropna()) == total
