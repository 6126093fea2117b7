"""What a refresh costs beside its floor, and what each smaller thing costs beside a refresh.

    python -m benchmarks.refresh [--data folder/of/published/files] [--runs 3] [--folder somewhere]

The floor is the same files read by the same readers, the SQL of the same models run straight in DuckDB and the same
marts copied, by one plain script: no checks, no graph, no report. Without --data the bundled sample is refreshed, and
the two changes (one council's map, one file restated) are left out: a home of the sample takes no submissions. One
table; ratios are of processor seconds, floor and refresh in turn in the same run. What a step takes is by the clock of
the refresh's own messages, to the second.
"""

import argparse
import json
import re
import sys
import tempfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks import measure
from ingest import land
from ingest.submitted.service_maps import service_map_template
from orchestration.home import Home

COMMAND = "orchestration.cli"
# The message each step of a refresh begins with.
STEPS = (
    ("read", "reading "),
    ("check raw", "checking the raw"),
    ("build and test", "building "),
    ("publish", "writing "),
)
START_UP = {
    "--help": (COMMAND, "--help"),
    "status": (COMMAND, "--home", "{home}", "status"),
    "first query": (COMMAND, "--home", "{home}", "sql", "select count(*) from mart_prevention_headline"),
    "definitions of the graph": ("orchestration.definitions",),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="folder of the publishers' files")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path, help="where homes are made (default: the temporary folder)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(temporary)
        data = _linked(given.data.resolve(), folder / "data") if given.data else None
        taken: dict[str, list[measure.Taken]] = {"floor": [], "refresh": []}
        for turn in range(given.runs):
            home = Home(folder / f"home{turn}")
            taken["refresh"].append(refresh(home, data))
            taken["floor"].append(measure.run("benchmarks.one_refresh", "floor", str(home.root)))
        taken["no change"] = [refresh(home, data) for _ in range(given.runs)]
        if data is not None:
            taken["one council's map"] = [_after(home, data, _map, turn) for turn in range(given.runs)]
            taken["one file restated"] = [_after(home, data, _restated, turn) for turn in range(given.runs)]
        for name, command in START_UP.items():
            words = [word.format(home=home.root) for word in command]
            taken[name] = [measure.run(*words) for _ in range(given.runs)]
        _table(taken, home)
        _steps(taken)
        _pages(home)
    return 0


def refresh(home: Home, data: Path | None) -> measure.Taken:
    """One `prevention refresh`."""
    return measure.run(COMMAND, "--home", str(home.root), "refresh", *(["--data", str(data)] if data else []))


def _linked(data: Path, folder: Path) -> Path:
    """The files under other names of their own, so that one of them can be changed."""
    for path in land.files_of(data):
        link = folder / path.relative_to(data)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    return folder


def _after(home: Home, data: Path, change, turn: int) -> measure.Taken:
    change(home, data, turn)
    before = home.published_id()
    taken = refresh(home, data)
    if home.published_id() == before:
        raise RuntimeError(f"the change was not published: {taken.noted[-4000:]}")
    return taken


def _map(home: Home, data: Path, turn: int) -> None:
    """A council's map of one line; each turn gives the line to another share."""
    from orchestration.map_lines import council_lines

    found = council_lines((home.published / "warehouse.duckdb").resolve(), "Camden", "2021-22", None)
    line = max(found.lines, key=lambda line: line["amount_gbp"] or 0)
    row = {
        "line_code": line["line_code"],
        "service_name": "Early help",
        "department": "Adult social care",
        "basis": "Staff time",
        "share": 0.3 + turn / 100,
        "confidence": "medium",
        "performance_measure": "People who need no further support after 12 weeks",
        "evidence": "Job plans",
    }
    tier = {"service_name": "Early help", "tier": "primary", "tier_share": 1, "confidence": "medium"}
    (data / "maps").mkdir(exist_ok=True)
    service_map_template.write(
        data / "maps" / "camden_2021-22.xlsx",
        {"code": found.code, "name": found.name},
        "2021-22",
        found.lines,
        filled={
            "details": {"assessor_role": "Benchmark", "assessed_on": datetime(2026, 1, 1).date()},
            "lines": [row],
            "tiers": [tier],
        },
    )


def _restated(home: Home, data: Path, turn: int) -> None:
    """The same figures in a file of other bytes: a line feed more at the end of a budget file."""
    path = sorted(data.rglob("RA_*.csv"))[0]
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content + b"\n")


def _table(taken: dict[str, list[measure.Taken]], home: Home) -> None:
    least = median(one.processor for one in taken["floor"])
    whole = median(one.processor for one in taken["refresh"])
    size = sum(edition.path.stat().st_size for edition in land.editions(home.landing))
    print(f"files read: {size / 1e6:,.0f} MB; runs of each: {len(taken['floor'])}\n")
    print("| what | of the floor | of a refresh | processor s | range | wall s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in taken.items():
        used = median(one.processor for one in runs)
        print(f"| {name} | {used / least:.2f} | {used / whole:.2f} | {measure.summary(runs)} |")


def _steps(taken: dict[str, list[measure.Taken]]) -> None:
    floors = [json.loads(one.said) for one in taken["floor"]]
    steps = [_seconds(one) for one in taken["refresh"]]
    same = {"read": "read", "build and test": "build", "publish": "publish"}
    print("\n| step | refresh, wall s | floor, wall s |\n|---|---|---|")
    for name in steps[0]:
        least = f"{median(one[same[name]] for one in floors):.1f}" if name in same else "–"
        print(f"| {name} | {median(one.get(name, 0) for one in steps):.0f} | {least} |")


def _seconds(taken: measure.Taken) -> dict[str, float]:
    """Seconds of each step of one refresh, by the times its messages bear; what comes first is the start."""
    begun: dict[str, datetime] = {}
    for clock, text in re.findall(r"^(\d\d:\d\d:\d\d) (.*)$", taken.noted, re.MULTILINE):
        for name, words in STEPS:
            if text.startswith(words):
                begun.setdefault(name, datetime.strptime(clock, "%H:%M:%S"))
    names = [name for name, _ in STEPS if name in begun]
    found = {name: (begun[after] - begun[name]).total_seconds() % 86_400 for name, after in pairwise(names)}
    rest = taken.wall - sum(found.values())
    return {**found, "start, and publish to the end": rest}


def _pages(home: Home) -> None:
    pages = json.loads(measure.run("benchmarks.one_refresh", "report", str(home.root)).said)
    print("\n| page | number | wall s | ms each |\n|---|---|---|---|")
    for name, (number, seconds) in sorted(pages.items(), key=lambda item: -item[1][1]):
        print(f"| {name} | {number or '–'} | {seconds:.2f} | {1000 * seconds / (number or 1):.0f} |")


if __name__ == "__main__":
    sys.exit(main())
