"""The methods of the benchmark of apportionment that are installed by default give the same pennies."""

import duckdb
import pytest

from benchmarks import one_apportionment
from benchmarks.apportionment import LEDGER, RULES, checked


@pytest.fixture
def folder(tmp_path):
    """Lines that a row holds, and what goes through the window: a line too large for its rule, a rule of five."""
    with duckdb.connect() as connection:
        connection.execute(LEDGER.format(lines=2000, folder=tmp_path))
        connection.execute(RULES.format(folder=tmp_path))
        connection.execute(
            f"copy (from '{tmp_path}/ledger.parquet' union all select 2001, 40, -100003 "
            f"union all select 2002, 1, 12345678901234567) to '{tmp_path}/more.parquet' (format parquet)"
        )
        connection.execute(
            f"copy (from '{tmp_path}/rules.parquet' union all select 40, p, 400 + p, p * 7 from range(1, 6) as r (p)) "
            f"to '{tmp_path}/more_rules.parquet' (format parquet)"
        )
    (tmp_path / "more.parquet").replace(tmp_path / "ledger.parquet")
    (tmp_path / "more_rules.parquet").replace(tmp_path / "rules.parquet")
    return tmp_path


def test_all_methods_give_the_same_pennies_and_all_of_them(folder):
    found = set()
    for method in ("row_form", "window_form"):
        one_apportionment.METHODS[method](folder)
        found.add(checked(folder, method))
    assert found == {(next(iter(found))[0], None)}
    assert next(iter(found))[0].startswith("7,009 rows")


def test_pandas_gives_them_too_where_64_bits_hold_every_product(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(LEDGER.format(lines=2000, folder=tmp_path))
        connection.execute(RULES.format(folder=tmp_path))
    found = set()
    for method in ("row_form", "window_form", "pandas"):
        one_apportionment.METHODS[method](tmp_path)
        found.add(checked(tmp_path, method))
    assert len(found) == 1
    assert next(iter(found))[1] is None


def test_a_penny_that_is_lost_is_told(folder):
    one_apportionment.METHODS["row_form"](folder)
    written = folder / "row_form.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table kept as from '{written}'")
        connection.execute(
            "update kept set service_pence = service_pence - 1 where line_key = 97 and service_key = 171"
        )
        connection.execute(f"copy kept to '{written}' (format parquet)")
    assert "allocations sum to" in checked(folder, "row_form")[1]
