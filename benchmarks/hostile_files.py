"""What hostile files cost: peak memory and seconds of each, and the words it is refused in.

    python -m benchmarks.hostile_files [FOLDER]

Each file of the folder, and of a set made here, is taken in by a process of its own as a refresh or `check-map` would
take it in. The process that reads is counted with it. Exit code 1 when a file ends the process that took it in.
"""

import argparse
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tabulate import tabulate

from benchmarks import measure

LONGEST_WORDS = 110
SHEET = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{}</sheetData></worksheet>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
TABLE = (
    '<office:document-content xmlns:office="o" xmlns:table="t"><office:body><office:spreadsheet><table:table>'
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    'office:value="1"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>'
)
RA, OUTTURN = "RA_2018-19_data_by_LA.xlsx", "RSX_2022-23_data_by_LA.ods"
TEXT, PEOPLE = "RA_2021-22_data_by_LA.csv", "ukmidyearestimates2016.xls"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?")
    given = options.parse_args()
    rows, failed = [], 0
    with tempfile.TemporaryDirectory() as place:
        made = made_files(Path(place))
        found = sorted(p for p in given.folder.rglob("*") if p.is_file()) if given.folder else []
        for name, path in [(str(p.relative_to(given.folder)), p) for p in found if p.suffix != ".md"] + made:
            try:
                taken = measure.run("benchmarks.one_hostile_file", str(path))
            except RuntimeError as error:
                failed += 1
                rows.append([name, path.stat().st_size, "", "", "ENDED ITS PROCESS", str(error)[-LONGEST_WORDS:]])
                continue
            how, words = taken.said.strip().splitlines()[-1].split("\t")
            words = words.replace(str(path.parent) + "/", "")
            short = words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"
            rows.append([name, path.stat().st_size, f"{taken.wall:.1f}", f"{taken.peak_mb:.0f}", how, short])
    print(tabulate(rows, headers=["file", "bytes", "seconds", "peak MB", "taken in", "said"], intfmt=","))
    return 1 if failed else 0


def made_files(folder: Path) -> list[tuple[str, Path]]:
    """Files made to hurt, under names that publications have, each with the words it is listed by."""
    makers: dict[str, tuple[str, Callable[[Path], None]]] = {
        "cells in the far corner": (RA, lambda p: _packed(p, {"xl/worksheets/sheet1.xml": SHEET.format(FAR)})),
        "a value repeated over the grid": (OUTTURN, lambda p: _packed(p, {"content.xml": TABLE})),
        "a part that unpacks to 4 GB": (RA, lambda p: _bomb(p, 4_000)),
        "an archive in an archive": (RA, lambda p: _packed(p, {"inner.zip": "PK\x03\x04" * 50_000})),
        "6,000 parts": (RA, lambda p: _packed(p, {f"xl/part{n}.xml": "" for n in range(6_000)})),
        "20 million blank lines": (TEXT, lambda p: _written(p, b"\n" * 20_000_000)),
        "6 million rows": (TEXT, lambda p: _written(p, b"1,2\n" * 6_000_000)),
        "a field of 3 MB": (TEXT, lambda p: _written(p, b'"' + b"x" * 3_000_000 + b'"\n')),
        "a quotation mark that never closes": (TEXT, lambda p: _written(p, b'"' + b"a,b\n" * 1_000_000)),
        "bytes of nought": (TEXT, lambda p: _written(p, b"\0" * 10_000_000)),
        "no workbook behind the name": (PEOPLE, lambda p: _written(p, b"\xd0\xcf\x11\xe0" + b"\0" * 5_000)),
        "a sector chain that runs in a circle": (PEOPLE, lambda p: _written(p, _circle())),
    }
    made = []
    for name, (file, make) in makers.items():
        place = folder / name.replace(" ", "_")
        place.mkdir()
        make(place / file)
        made.append((f"{name} ({place.joinpath(file).suffix[1:]})", place / file))
    return made


def _written(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _packed(path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)


def _bomb(path: Path, megabytes: int) -> None:
    block = b"0" * 1_000_000
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(megabytes):
            part.write(block)


def _circle() -> bytes:
    """A compound file whose allocation table points each sector at itself."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    header[44:48] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:76] = b"\xfe\xff\xff\xff\0\0\0\0\xfe\xff\xff\xff\0\0\0\0"
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    table = b"".join(n.to_bytes(4, "little") for n in range(128))
    return bytes(header) + table * 3


if __name__ == "__main__":
    raise SystemExit(main())
