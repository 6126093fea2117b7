"""What stops a publication, on the fictional files: totals that vanish or no longer fit."""

import csv

import pytest
from finance_warehouse import Warehouse, ask

pytestmark = pytest.mark.slow
FILE, RELEASE = "SAMPLE_RA_2021-22_data_by_LA.csv", "sample_ra_2021-22"


def build_with(sample_files, refreshed, tmp_path, edit):
    """A warehouse of the sample in which one budget file's rows were edited, and what dbt said."""
    warehouse = Warehouse(tmp_path / "home", refreshed)
    warehouse.land(sample_files, is_sample=True)
    # Edited where it is landed: a sample file of another checksum would not be served at all.
    (landed,) = warehouse.home.rglob(FILE)
    with landed.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    edit(rows)
    with landed.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    for receipt in (warehouse.home / "raw" / "receipts").glob(f"{RELEASE}*"):
        receipt.unlink()
    return warehouse, warehouse.build()


def test_the_sample_as_it_is_reconciles(refreshed):
    database = (refreshed / "candidate" / "warehouse.duckdb").resolve()
    frame = ask(
        database, "select status, sum(compared) as compared from audit.audit_reconciliation_publication group by status"
    )
    assert set(frame.status) == {"pass", "known"}
    assert frame.compared.sum() > 5_000
    restated = ask(database, "select * from marts.mart_restatements")
    assert set(restated.release_of) == {"sample_rsx_2021-22"}


def test_a_vanished_england_row_blocks(sample_files, refreshed, tmp_path):
    def remove(rows):
        rows[:] = [row for row in rows if "ENGLAND" not in row]

    _, run = build_with(sample_files, refreshed, tmp_path, remove)
    assert run.returncode == 1
    assert "assert_publication_totals_reconcile" in run.stdout


def test_a_changed_total_blocks_and_is_named(sample_files, refreshed, tmp_path):
    def change(rows):
        (england,) = (row for row in rows if "ENGLAND" in row)
        last = max(i for i, cell in enumerate(england) if cell.replace(",", "").lstrip("-").isdigit())
        england[last] = str(int(england[last].replace(",", "")) + 1)

    warehouse, run = build_with(sample_files, refreshed, tmp_path, change)
    assert run.returncode == 1
    failed = warehouse.ask("select * from audit.audit_reconciliation_publication where status = 'fail'")
    assert [(r.publication, r.group_name, r.line_code, r.difference) for r in failed.itertuples()] == [
        ("sample_ra_2021-22", "Eng", "all other lines", 1000)
    ]
