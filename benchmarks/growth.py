"""What more councils and more years cost: the models of a home built from its raw tables, and from so many times them.

    python -m benchmarks.growth HOME [--times 2 5 10] [--of councils years] [--folder DIR]

HOME is a refreshed home. Of councils: every body that spends, and what is published of it, comes again under other
codes and names; regions, England and the files' own totals stay as they are. Of years: every publication of one year
comes again so many years later. Seeds and models are built by dbt in DuckDB, each size in a process of its own; tests
are left out, since totals that were printed do not hold for what was multiplied. The rows of allocations say whether
the size has grown as asked.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from benchmarks import measure
from ingest.tables import TABLES
from orchestration import dbt_run
from orchestration.dbt_run import NotBuilt
from orchestration.home import Home, sql_text

# Where a body is named in a raw table.
CODES = (
    *("body_code", "ons_code", "geography_code", "area_code", "council_code", "cassr_code", "ecode", "registry_code"),
    *("neighbour_code", "lower_code", "upper_code", "replaced_by"),
)
NAMES = (
    *("body_name", "body_name_published", "geography_name", "area_name", "council_name", "official_name"),
    *("nice_name", "lower_name", "upper_name", "variant"),
)
# What is published of bodies; maps, ledgers and codings are of a few councils and stay as they are.
OF_BODIES = (
    *("finance_cells", "ascof_cells", "population_cells", "deprivation_cells", "asc_fr_cells", "council_register"),
    *("cassr_codes", "area_lookup", "council_name_variants", "nearest_neighbours"),
)
ROWS = "select count(*) from {}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("home", type=Path)
    options.add_argument("--times", type=int, nargs="+", default=[2, 5, 10])
    options.add_argument("--of", nargs="+", choices=["councils", "years"], default=["councils", "years"])
    options.add_argument("--folder", type=Path, help="where to build (default: the temporary folder)")
    options.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.build:
        return _build(Home(given.home.resolve()))
    print("| what | published cells | allocations | processor s | of once | wall s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    snapshot = Home(given.home.resolve()).snapshot
    once = _measured("once", snapshot, 1, "councils", given.folder, None)
    for kind in given.of:
        for times in given.times:
            _measured(f"{kind} × {times}", snapshot, times, kind, given.folder, once)
    return 0


def _measured(name: str, snapshot: Path, times: int, kind: str, folder: Path | None, once: float | None) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        home = Home(Path(temporary))
        multiply(snapshot, home.snapshot, times, kind)
        taken = measure.run("benchmarks.growth", str(home.root), "--build")
        with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
            (cells,) = connection.execute(ROWS.format("marts.fct_budget_line_edition")).fetchone()
            (allocations,) = connection.execute(ROWS.format("marts.fct_allocation")).fetchone()
    ratio = taken.processor / (once or taken.processor)
    print(
        f"| {name} | {cells:,} | {allocations:,} | {taken.processor:.0f} | {ratio:.1f} | {taken.wall:.0f} "
        f"| {taken.peak_mb:,.0f} |",
        flush=True,
    )
    return taken.processor


def multiply(snapshot: Path, target: Path, times: int, kind: str) -> None:
    """The raw tables of a snapshot, with so many times the councils or the years, in another folder."""
    with duckdb.connect() as connection:
        for name, table in TABLES.items():
            files = f"read_parquet({sql_text(snapshot / name / '*.parquet')})"
            columns = [field.name for field in table.schema]
            if kind == "councils":
                again = _other_councils(name, columns)
            else:
                again = _later_years(columns, f"read_parquet({sql_text(snapshot / 'releases' / '*.parquet')})")
            sql = f"select {', '.join(columns)} from {files}"
            if again is not None and times > 1:
                sql += f" union all select {again[0]} from {files} as r, range(1, {times}) as n (copy) where {again[1]}"
            rows = connection.execute(sql).to_arrow_table()
            (target / name).mkdir(parents=True)
            pq.write_table(rows.cast(table.schema), target / name / "rows.parquet")


def _other_councils(table: str, columns: list[str]) -> tuple[str, str] | None:
    """Expressions of a copy's columns, and which rows are copied; none for a table that does not grow."""
    if table not in OF_BODIES:
        return None
    changed = {code: f"r.{code} || '.' || copy" for code in CODES}
    changed |= {name: f"r.{name} || ' ' || copy" for name in NAMES}
    which = {
        "finance_cells": "not r.is_control",
        "ascof_cells": "r.geography_level = 'council'",
        "asc_fr_cells": "r.cassr_code is not null",
    }
    return ", ".join(changed.get(column, f"r.{column}") for column in columns), which.get(table, "true")


def _later_years(columns: list[str], releases: str) -> tuple[str, str] | None:
    """The same of a table whose rows belong to publications of one year: as many years later as are held."""
    if "release_id" not in columns or not {"financial_year", "mid_year"} & set(columns):
        return None
    starts = f"(select cast(left(financial_year, 4) as integer) as y from {releases} where financial_year is not null)"
    span = f"(select max(y) - min(y) + 1 from {starts})"

    def later(year: str) -> str:
        start = f"cast(left(r.{year}, 4) as integer) + {span} * copy"
        return f"({start}) || '-' || lpad(cast(({start} + 1) % 100 as varchar), 2, '0')"

    changed = {
        "release_id": "r.release_id || '+' || copy",
        "release_of": "r.release_of || '+' || copy",
        "financial_year": later("financial_year"),
        "framework_year": later("framework_year"),
        "mid_year": f"r.mid_year + {span} * copy",
    }
    which = f"r.release_id in (select release_id from {releases} where financial_year is not null)"
    return ", ".join(changed.get(column, f"r.{column}") for column in columns), which


def _build(home: Home) -> int:
    kinds = ("--resource-type", "model", "--resource-type", "seed")
    lost = [one.message for one in dbt_run.build(home, *kinds) if isinstance(one, NotBuilt)]
    for message in lost:
        print(message, file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
