"""The made-up map and ledger: both are taken by the readers, and the ledger comes to its line exactly."""

from dataclasses import replace
from decimal import Decimal

import pytest
from service_maps import BUDGET, COUNCIL, YEAR

from ingest import land
from ingest.submitted.ledgers import ledger
from ingest.submitted.service_maps import service_map
from sample import examples


def test_examples_are_valid_submissions(tmp_path):
    lines = [{**line, "amount_gbp": line["amount_gbp"] + Decimal("0.07")} for line in BUDGET]
    examples.write(tmp_path, COUNCIL, lines, YEAR)
    found = {f.path.suffix: f for f in land.find(tmp_path)}
    assert service_map.check(found[".xlsx"].path) == []
    land.land(found[".csv"], tmp_path / "landing")
    (edition,) = land.editions(tmp_path / "landing")
    parsed = ledger.read(edition)
    assert parsed.rejects == []
    rows = [row for block in parsed.frames["ledger_lines"] for row in block.to_pylist()]
    assert {row["line_code"] for row in rows} == {"301"}
    mapped = service_map.read(replace(edition, path=found[".xlsx"].path)).frames["service_map_lines"]
    assert {row["service_code"] for row in rows} == set(mapped.service_code)
    assert sum(row["net_gbp"] for row in rows) == Decimal("2220000.07")


def test_examples_are_the_same_bytes_each_time(tmp_path):
    for name in ("a", "b"):
        examples.write(tmp_path / name, COUNCIL, BUDGET, YEAR)
    first, second = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("a", "b")
    )
    assert len(first) == 3
    assert first == second


def test_examples_need_two_lines_with_money(tmp_path):
    with pytest.raises(ValueError, match="at least two lines"):
        examples.write(tmp_path, COUNCIL, BUDGET[:1], YEAR)
