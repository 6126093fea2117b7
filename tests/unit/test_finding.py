"""Names people type: each leads to a council of the register."""

import csv
from pathlib import Path

import duckdb
import pytest

from reporting import finding
from reporting.facts import Facts
from reporting.warehouse import Warehouse
from tests.mart_contracts import create_empty

ENGLISH_AREAS = 100


@pytest.fixture
def register(tmp_path):
    """A warehouse that holds the names of the project's own seeds alone, with two councils of one name."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        create_empty(con)
        con.execute(
            "insert into marts.dim_council(council_code, council_name, valid_to_year) values"
            " ('E06000060', 'Buckinghamshire', null),"
            " ('E10000002', 'Buckinghamshire County', '2019-20'), ('E08000013', 'St. Helens', null)"
        )
    with Warehouse(path) as warehouse:
        yield Facts(warehouse, {})


def test_a_short_name_stands_with_each_council_it_means(register):
    entries = {entry[0]: entry for entry in finding.index(register, [])["entries"]}
    assert "Bucks" in entries["Buckinghamshire"][1] and "Bucks" in entries["Buckinghamshire County"][1]
    assert entries["Buckinghamshire County"][3] == "ended 2019-20"


def test_a_postcode_area_leads_to_councils_that_stand_today(register):
    index = finding.index(register, [])
    areas = {area: [index["entries"][at][0] for at in held] for area, _, held in index["areas"]}
    assert areas["HP"] == ["Buckinghamshire"] and areas["WA"] == ["St. Helens"] and "TR" not in areas


def test_names_are_compared_without_marks_or_case():
    assert finding.fold("St. Helens") == finding.fold("ST HELENS") == "st helens"
    assert finding.fold("Stockton-on-Tees") == "stockton on tees"
    assert finding.fold("Telford & Wrekin") == "telford and wrekin"


def test_every_area_and_name_stands_once():
    for file, column in (("postcode_areas.csv", "area"), ("other_names.csv", "name")):
        with (Path(finding.NAMES) / file).open(encoding="utf-8", newline="") as handle:
            names = [row[column] for row in csv.DictReader(handle)]
        assert len(names) == len(set(names)) > 60, file


@pytest.mark.real
def test_every_council_named_is_in_the_published_register(real_data):
    with (real_data / "raw" / "council_reference" / "ascof_ons_codes.csv").open(encoding="utf-8-sig") as handle:
        text = finding.fold(handle.read())
    areas = finding._rows("postcode_areas.csv")
    assert len(areas) >= ENGLISH_AREAS
    for row in [*areas, *finding._rows("other_names.csv")]:
        for name in finding._split(row):
            words = finding.fold(name).removesuffix(" council").removesuffix(" county").removeprefix("city of ")
            assert words in text, row
