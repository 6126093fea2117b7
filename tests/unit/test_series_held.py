"""Part of the files publishes what it can: what is absent is said, and an empty table is no fault then."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.suites import RAW, TOTALS
from ingest import catalogue
from orchestration.home import Home
from orchestration.series_held import ALL, due, series_held
from orchestration.snapshot import FILLED_BY
from orchestration.sources import Inputs, take

EVERY = [source.name for source in catalogue.load().sources.values() if source.is_required and not source.is_sample]


def snapshot(folder, held: list[tuple[str, str | None]]):
    place = folder / "releases" / "0.parquet"
    place.parent.mkdir(parents=True)
    columns = {"source": [name for name, _ in held], "financial_year": [year for _, year in held]}
    pq.write_table(
        pa.table(columns, schema=pa.schema([("source", pa.string()), ("financial_year", pa.string())])), place
    )
    return folder


@pytest.mark.parametrize(
    ("absent", "years", "is_whole"),
    [
        ("", ("2021-22", "2023-24"), True),
        ("", ("2023-24", "2023-24"), False),
        ("ons_population", ("2021-22", "2023-24"), False),
        ("mhclg_revenue_account", (), False),
    ],
)
def test_an_empty_table_is_a_fault_where_every_series_or_its_own_is_held(tmp_path, absent, years, is_whole):
    held = [(name, None) for name in EVERY if name != absent] + [("mhclg_revenue_account", year) for year in years]
    raw = snapshot(tmp_path, held)
    assert (ALL in series_held(raw)) == is_whole
    must = {suite.name for suite in due(RAW, raw, FILLED_BY) if suite.must_have_rows}
    assert "raw_releases" in must
    assert ("raw_population_cells" in must) == (absent != "ons_population")
    assert ("raw_finance_cells" in must) == (absent != "mhclg_revenue_account")
    of_totals = {suite.name for suite in due(TOTALS, raw) if suite.must_have_rows}
    assert bool(of_totals) == is_whole


def test_a_series_that_tells_the_same_stands_in_for_one_that_is_not_held(tmp_path):
    source = catalogue.load().sources["nhs_asc_fr"]
    file = tmp_path / "data" / "CSV ASCFR Totals.csv"
    file.parent.mkdir()
    file.write_text("a file of the series itself\n", encoding="utf-8")
    by_the_same_name = replace(source, name="another", instead=["nhs_asc_fr"])
    inputs = Inputs((file.parent,), is_sample=False)
    home = Home(tmp_path / "home")
    assert take(by_the_same_name, home, inputs).problems == []
    (said,) = take(replace(by_the_same_name, instead=["ascof_stack"]), home, inputs).problems
    assert "is held. It would add" in said


@pytest.mark.parametrize("name", EVERY)
def test_a_series_that_is_not_held_says_what_it_would_add_and_only_the_register_blocks(tmp_path, name):
    source = catalogue.load().sources[name]
    taken = take(source, Home(tmp_path / "home"), Inputs((tmp_path,), is_sample=False))
    (said,) = taken.problems
    assert source.adds and f"It would add {source.adds}." in said and "What to do: " in said
    assert taken.is_blocking == (name == "council_registry")
