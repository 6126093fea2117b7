"""Where two coders differ: the sheet written, decided and read back, and what it does to the figures.

The two coders' sheets of one wave of the sample go through the very models of the warehouse, once without and once
with the decisions. What should come out is counted here from the readings as they were dealt, by other code.
"""

from collections import Counter
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from ingest.submitted.codings import coding_sheet
from ingest.submitted.codings.coding_layout import FIRST_ROW, HEADER_ROW, SHEET, columns
from orchestration.cli import main
from orchestration.home import Home
from sample import codings
from sample.coded_replies import replies
from sample.councils import in_force
from tests.dbt_models import Compiled, load_seeds
from tests.integration.test_coding_models import MODELS, SEEDS, TABLES

pytestmark = pytest.mark.slow

DOCUMENT, WAVE = "foi_response", "2017"
COUNCILS = [(council.council_code, council.name) for council in in_force("2016-17")]
DEALT = replies(WAVE, [code for code, _ in COUNCILS])
# Of the cells on which the coders differ, some of this column stay undecided.
OPEN, LEFT_OPEN = "q1:partner_bodies", 5
RECORDS = ("unit_code", "unit_name", "wave", "series", "document_type", "item_code", "code", "is_present", "coder",
           "quotation", "page", "source_row", "source_column")  # fmt: skip


@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> list[Path]:
    written = codings.write(tmp_path_factory.mktemp("sample"), COUNCILS)
    return [path for path in written if path.stem in (f"{DOCUMENT}_{WAVE}_{coder}" for coder in codings.CODERS)]


@pytest.fixture(scope="module")
def differing() -> dict[tuple[str, str], tuple[str, str]]:
    """The cells in which the two coders differ, as they were dealt: unit and column, then both readings."""
    first, second = codings.coders(DOCUMENT, WAVE, DEALT)
    coded = [column.name for column in columns(DOCUMENT, WAVE) if column.choices]
    return {
        (unit, name): (first[unit][name], second[unit][name])
        for unit in DEALT
        for name in coded
        if name in first[unit] and name in second[unit] and first[unit][name] != second[unit][name]
    }


class Wave:
    """The models of the codings on the sheets of one wave, with a published database to ask."""

    def __init__(self, work: Path, compiled: Compiled):
        self.compiled = compiled.on_raw_tables()
        self.root = work / "home"
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        self.connection.execute(TABLES)
        load_seeds(self.connection, *SEEDS)
        self.connection.execute("delete from marts.dim_council")
        self.connection.executemany("insert into marts.dim_council values (?, ?, '2013-14', null)", COUNCILS)

    def send(self, path: Path) -> None:
        """Read a sheet as the warehouse does and add its rows."""
        reading = coding_sheet.parse(path)
        assert not reading.problems, [str(problem) for problem in reading.problems]
        self.connection.execute("insert into raw.releases values (?, true)", [path.stem])
        frame = pd.DataFrame(reading.records)[list(RECORDS)]
        frame = frame.assign(is_adjudicated=frame["coder"] == "adjudicated", release_id=path.stem, sheet=SHEET)
        self.connection.register("sent", frame.assign(coding_kind="foi", unit_kind="council", is_sample=True))
        self.connection.execute("insert into raw.codings by name from sent")
        self.connection.unregister("sent")

    def publish(self) -> None:
        """Build every model anew and publish what the command asks for."""
        self.compiled.build(self.connection, *MODELS)
        publication = self.root / "publications" / "one"
        publication.mkdir(parents=True, exist_ok=True)
        database = publication / "warehouse.duckdb"
        database.unlink(missing_ok=True)
        self.connection.execute(f"attach '{database}' as published")
        self.connection.execute("create schema published.marts")
        for mart in ("dim_council", "mart_coding_disagreements"):
            self.connection.execute(f"create table published.marts.{mart} as from marts.{mart}")
        self.connection.execute("detach published")
        if not (self.root / "published").exists():
            (self.root / "published").symlink_to("publications/one")

    def run(self, *words):
        return CliRunner().invoke(main, ["--home", str(Home(self.root).root), *map(str, words)])

    def summary(self) -> dict[tuple[str, str], tuple]:
        """By column of the sheet and code: units that carry it, cells undecided, and the most units that could."""
        rows = self.connection.sql(
            """select case when item_answer_type = 'themes' then item_code || ':' || code else item_code end, code,
                      numerator, undecided, high_numerator
               from intermediate.int_coding_summary where wave = '2017' and document_type = 'foi_response'"""
        ).fetchall()
        return {(column, code): tuple(counts) for column, code, *counts in rows}

    def findings(self) -> Counter:
        """Printed figures of this wave's replies that need no other wave, by status."""
        return Counter(
            status
            for (status,) in self.connection.sql(
                """select f.status from marts.mart_published_findings as f
                   inner join reference.finding_recipes as r using (finding_id)
                   where f.document_type = 'foi_response' and f.wave = '2017' and r.from_wave is null
                   and f.method != 'none'"""
            ).fetchall()
        )


def decide(path: Path, open_cells: set[tuple[str, str]]) -> int:
    """Fill in the column “decision” with the codes dealt, as a person would, and leave some blank."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    place = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    decided = 0
    for row in range(FIRST_ROW, sheet.max_row + 1):
        cell = (sheet.cell(row, place["unit_code"]).value, sheet.cell(row, place["column"]).value)
        if cell not in open_cells:
            sheet.cell(row, place["decision"]).value = DEALT[cell[0]][cell[1]]
            decided += 1
    book.save(path)
    return decided


def expected(differing: dict, open_cells: set, column: str, code: str, before: bool) -> int:
    """Units that carry a code when only agreed and decided cells count."""
    first, _ = codings.coders(DOCUMENT, WAVE, DEALT)
    carried = "yes" if ":" in column else code
    counted = 0
    for unit, reading in first.items():
        cell = (unit, column)
        if cell in differing:
            counted += not before and cell not in open_cells and DEALT[unit][column] == carried
        else:
            counted += reading.get(column) == carried
    return counted


def test_the_sheet_of_differing_cells_is_decided_and_read_back(tmp_path_factory, sheets, differing, compiled):
    work = tmp_path_factory.mktemp("decided")
    wave = Wave(work, compiled)
    for path in sheets:
        wave.send(path)
    wave.publish()
    before, findings_before = wave.summary(), wave.findings()

    written = wave.run("disagreements", "--document", DOCUMENT, "--wave", WAVE, "--out", work / "out")
    assert written.exit_code == 0, written.output
    (path,) = (work / "out").iterdir()
    assert f"{len(differing)} cells" in written.stderr
    rows = [row for row in openpyxl.load_workbook(path)[SHEET].iter_rows(min_row=FIRST_ROW, values_only=True) if row[0]]
    assert {(row[0], row[2]): (row[5], row[8]) for row in rows} == {
        cell: tuple(f"{coder}: {code}" for coder, code in zip(codings.CODERS, pair, strict=True))
        for cell, pair in differing.items()
    }

    # Nothing decided is a sheet without a fault that changes nothing.
    assert wave.run("check-map", path).exit_code == 0
    open_cells = set(sorted(cell for cell in differing if cell[1] == OPEN)[:LEFT_OPEN])
    assert decide(path, open_cells) == len(differing) - LEFT_OPEN
    checked = wave.run("check-map", path)
    assert checked.exit_code == 0, checked.output
    wave.send(path)
    wave.publish()
    after, findings_after = wave.summary(), wave.findings()

    for (column, code), (numerator, undecided, highest) in before.items():
        of_column = [cell for cell in differing if cell[1] == column]
        assert undecided == len(of_column), column
        if not column.endswith("b"):  # The base of a part b hangs on part a, where that is undecided too.
            assert numerator == expected(differing, open_cells, column, code, before=True), (column, code)
        assert after[column, code][0] == expected(differing, open_cells, column, code, before=False), (column, code)
        assert after[column, code][1] == (LEFT_OPEN if column == OPEN else 0)
        # What was said to be possible before holds what was decided.
        assert numerator <= after[column, code][0] <= highest
    assert any(after[cell][0] > before[cell][0] for cell in before)

    # Figures that could not be judged are judged now, but those that rest on the answers left open.
    assert findings_before["not_yet_decided"] > findings_after["not_yet_decided"] > 0
    assert findings_after["agrees"] > findings_before["agrees"]
    assert sum(findings_before.values()) == sum(findings_after.values())

    # What is still open, and nothing else, is on the next sheet.
    again = wave.run("disagreements", "--out", work / "again")
    assert again.exit_code == 0 and f"{LEFT_OPEN} cells of {LEFT_OPEN} units" in again.stderr
    (path,) = (work / "again").iterdir()
    left = openpyxl.load_workbook(path)[SHEET].iter_rows(min_row=FIRST_ROW, values_only=True)
    assert {(row[0], row[2]) for row in left if row[0]} == open_cells
