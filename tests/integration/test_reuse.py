"""A refresh that builds only what its inputs have changed has the tables of one that builds all."""

import random
import shutil
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pytest

from orchestration import dbt_run, reuse
from orchestration.home import Home
from tests import candidates, dbt_command
from tests.candidates import built, change, contents, numbers

# A part of the project with facts of every kind of source: money, outcomes, returns, maps, people, prices.
PART = ("--select", "+mart_driver_share", "+dim_rule", "+core_council_population", "+dim_financial_year")
CHECK = "not_null_mart_driver_share_council"


@pytest.fixture(scope="module")
def prepared(refreshed, tmp_path_factory) -> Home:
    """PART built on the raw tables of the sample."""
    home = candidates.with_raw_tables_of(refreshed, tmp_path_factory.mktemp("reuse") / "home")
    build(home)
    return home


@pytest.fixture
def home(prepared, tmp_path) -> Home:
    shutil.copytree(prepared.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def build(home: Home, *selection: str, leave_unchanged: bool = True) -> list:
    return candidates.build(home, *(selection or PART), leave_unchanged=leave_unchanged)


def without_some(rows):
    return rows.slice(1)


def without_half(rows):
    return rows.slice(rows.num_rows // 2)


def doubled(column: str):
    def how(rows):
        place = rows.schema.get_field_index(column)
        return rows.set_column(place, column, pc.add(rows[column], rows[column]))

    return how


def counted_otherwise(rows):
    """Nothing that a model reads: how many rows an edition was read to have."""
    place = rows.schema.get_field_index("rows")
    return rows.set_column(place, "rows", pc.add(rows["rows"], 1))


CHANGES = {
    "a map loses a line": ("service_map_lines", without_some),
    "people are counted twice": ("population_cells", doubled("persons")),
    "prices are dearer": ("deflators", doubled("deflator_index")),
    "a return loses half its rows": ("asc_fr_cells", without_half),
    "an edition says that it has more rows": ("releases", counted_otherwise),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_changes_the_tables_are_those_of_a_full_build(home, seed):
    drawn = random.Random(seed)
    for _ in range(2):
        for name in drawn.sample(sorted(CHANGES), k=2):
            change(home, *CHANGES[name])
        build(home)
    found = contents(home)
    home.candidate_database.unlink()
    build(home, leave_unchanged=False)
    whole = contents(home)
    assert found.keys() == whole.keys()
    assert [name for name in whole if found[name] != whole[name]] == []


def test_only_what_reads_the_change_is_built(home):
    before = numbers(home)
    change(home, *CHANGES["a map loses a line"])
    build(home)
    now = built(before, numbers(home))
    assert "dim_rule" in now
    assert not {"mart_driver_share", "core_council_population", "dim_council", CHECK} & now


def test_what_reads_a_table_that_came_out_otherwise_is_built(home):
    """Through tables, not views alone: the return is read by `int_asc_fr_quantities`, and that by the others."""
    before = numbers(home)
    change(home, *CHANGES["a return loses half its rows"])
    build(home)
    assert {"int_asc_fr_quantities", "int_asc_fr_splits", "mart_driver_share"} <= built(before, numbers(home))


def test_what_reads_rows_that_are_as_they_were_is_not_built(home):
    """The list of editions is read by nearly everything; what it says of an edition's size is read by nothing."""
    before = numbers(home)
    change(home, *CHANGES["an edition says that it has more rows"])
    build(home)
    now = built(before, numbers(home))
    assert "dim_council" in now, "it reads the list itself"
    assert not {"dim_rule", "mart_driver_share", "core_council_population"} & now


def test_a_check_that_failed_is_run_until_it_holds(home):
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute("update marts.mart_driver_share set council_code = null")
        connection.execute(f"delete from {reuse.RECORD}.record where unique_id like 'test.prevention.{CHECK}%'")
    checked = ("--select", CHECK, "--indirect-selection", "empty")
    for _ in range(2):
        (result,) = dbt_run.build(home, *checked, leave_unchanged=True)
        assert (result.name, result.status) == (CHECK, "fail")


def test_a_model_whose_building_was_cut_short_is_built(home):
    """Its table may be the old one or the new one, so its record holds no key meanwhile."""
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute(
            f"insert into {reuse.RECORD}.record select unique_id, null, version, content, "
            f"nextval('{reuse.RECORD}.number') from {reuse.RECORD}.record where unique_id = 'model.prevention.dim_rule'"
        )
    before = numbers(home)
    build(home)
    assert built(before, numbers(home)) >= {"dim_rule"}


def test_one_model_asked_for_is_built_though_nothing_changed(home):
    before = numbers(home)
    build(home, "--select", "dim_rule", leave_unchanged=False)
    assert "dim_rule" in built(before, numbers(home))


def test_what_dbt_builds_by_hand_is_built_again_by_the_next_refresh(home, monkeypatch):
    """It may have read other raw tables, or been told other things."""
    monkeypatch.setenv("PREVENTION_RAW", str(home.snapshot))
    monkeypatch.setenv("PREVENTION_CANDIDATE", str(home.candidate_database))
    assert dbt_command.run(home.root, "run", "--quiet", "--select", "dim_rule").success
    dbt_run.close_connections()
    before = numbers(home)
    build(home)
    now = built(before, numbers(home))
    assert "dim_rule" in now
    assert not {"mart_driver_share", "core_council_population", "dim_council"} & now


def test_the_record_of_other_code_is_not_trusted(home, monkeypatch):
    def versions() -> dict[str, str]:
        with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
            return dict(
                connection.execute(
                    f"select unique_id, version from {reuse.RECORD}.record where unique_id like 'model.%' "
                    "and content is null and version is not null"
                ).fetchall()
            )

    before = versions()
    monkeypatch.setattr(reuse, "_whose", lambda: "another engine")
    build(home)
    now = versions()
    assert before.keys() == now.keys() and "model.prevention.dim_rule" in now
    assert [model for model in now if now[model] == before[model]] == []


def test_a_model_that_the_project_has_no_more_leaves_the_database(home):
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute("create table marts.mart_of_last_year as select 1 as amount_gbp")
    build(home)
    assert "marts.mart_of_last_year" not in contents(home)


def test_a_new_candidate_begins_with_the_database_in_use(home, tmp_path: Path):
    reuse.take_over(home, tmp_path)
    assert (tmp_path / home.candidate_database.name).read_bytes() == home.candidate_database.read_bytes()
