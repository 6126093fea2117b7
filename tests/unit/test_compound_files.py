"""An .xls file whose chains run in a circle, or whose cells span the grid, is refused before it is opened."""

import random
import struct

import pytest

from ingest import compound, sheets
from ingest.container import inspect
from ingest.problems import InputError

END, FREE, OF_TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
TABLE, DIRECTORY, WORKBOOK = 0, 1, 2
SECTOR = 512
BEGIN = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0010)


def number(row: int, column: int) -> bytes:
    return struct.pack("<HHHHHd", 0x0203, 14, row, column, 0, 1.0)


def several(row: int, first: int, last: int) -> bytes:
    cells = b"".join(struct.pack("<Hi", 0, 0) for _ in range(first, last + 1))
    return struct.pack("<HHHH", 0x00BD, 6 + len(cells), row, first) + cells + struct.pack("<H", last)


def compound_file(records: bytes, follows: dict[int, int] | None = None, further: int = END, size: int = 0) -> bytes:
    """A compound file of one workbook, with the entries of its table changed as given."""
    records = records.ljust(4096, b"\0")
    sectors = -(-len(records) // SECTOR)
    table = [OF_TABLE, END, *range(WORKBOOK + 1, WORKBOOK + sectors), END]
    table += [FREE] * (128 - len(table))
    for sector, following in (follows or {}).items():
        table[sector] = following
    header = bytearray(SECTOR)
    header[:8] = compound.SIGNATURE
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    struct.pack_into("<10I", header, 40, 0, 1, DIRECTORY, 0, 4096, END, 0, further, 0, TABLE)
    header[80:] = b"\xff" * (SECTOR - 80)
    entries = entry("Root Entry", 5, END, 0) + entry("Workbook", 2, WORKBOOK, size or len(records))
    entries = entries.ljust(SECTOR, b"\0")
    return bytes(header) + struct.pack("<128I", *table) + entries + records.ljust(sectors * SECTOR, b"\0")


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBiii", kind, 1, -1, -1, 1 if kind == 5 else -1)
    return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def refused(path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        sheets.open_workbook(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("follows", "further"),
    [({DIRECTORY: DIRECTORY}, END), ({WORKBOOK + 3: WORKBOOK}, END), ({}, DIRECTORY)],
    ids=["directory", "workbook", "list of the table's sectors"],
)
def test_a_chain_that_runs_in_a_circle_is_refused(tmp_path, follows, further):
    content = bytearray(compound_file(BEGIN, follows, further))
    if further != END:
        content[2 * SECTOR + 508 : 3 * SECTOR] = struct.pack("<I", further)
    assert "runs in a circle" in refused(tmp_path / "circle.xls", bytes(content))


def test_a_chain_that_leads_outside_and_a_workbook_cut_off_are_refused(tmp_path):
    assert "which the file does not have" in refused(tmp_path / "a.xls", compound_file(BEGIN, {WORKBOOK + 7: 100}))
    assert "which its table does not have" in refused(tmp_path / "b.xls", compound_file(BEGIN, {WORKBOOK + 7: 5000}))
    assert "workbook is cut off" in refused(tmp_path / "c.xls", compound_file(BEGIN, size=10**9))
    assert "header is cut off" in refused(tmp_path / "d.xls", compound_file(BEGIN)[:300])


def test_cells_in_the_far_corner_are_refused(tmp_path):
    far = BEGIN + number(0, 0) + number(65_535, 65_535)
    assert "span 65,536 rows and 65,536 columns" in refused(tmp_path / "far.xls", compound_file(far))


def test_the_cells_of_each_sheet_are_told_apart(tmp_path):
    path = tmp_path / "two.xls"
    path.write_bytes(compound_file(BEGIN + number(9, 3) + BEGIN + several(4, 2, 6) + number(2, 1)))
    assert list(compound.extents(path))[1:] == [(10, 4), (5, 7)]
    inspect(path)


def test_bytes_altered_at_random_raise_nothing_but_a_refusal(tmp_path):
    sound = compound_file(BEGIN + number(9, 3) + several(4, 2, 6))
    path, chance, said = tmp_path / "spoilt.xls", random.Random(1), 0
    for _ in range(600):
        spoilt = bytearray(sound)
        for _ in range(4):
            spoilt[chance.randrange(24, 3 * SECTOR)] = chance.choice([0, 1, 2, 5, 127, 254, 255])
        path.write_bytes(spoilt)
        try:
            list(compound.extents(path))
        except compound.Damaged:
            said += 1
    assert 50 < said < 600
