"""A refresh cut down to what can notice a fault: landing, reading, checks of raw tables, and the models and tests of
the warehouse that no apportionment goes before.

Everything is first built once by dbt from the true files. A fault then costs the reading of the file that carries it
and those models once more, by the very SQL dbt has compiled, in a transaction that is taken back.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.fuzzing.books import Book
from benchmarks.planting.files import book_of, look_in, place_of, write
from expectations import run
from expectations.results import ERROR, WARN, CheckResult
from expectations.suites import RAW
from ingest import catalogue, land
from ingest.catalogue import Release
from orchestration.dbt_run import build
from orchestration.home import Home
from orchestration.series_held import due
from orchestration.snapshot import FILLED_BY, in_force, relations
from orchestration.sources import Inputs, take

# What a fault in a published file can move, short of what is apportioned.
SELECTED = (
    "+audit_plausibility",
    "+audit_reconciliation_publication",
    "+audit_reconciliation_outcomes",
    "+fct_outcome_measure",
    "+dim_financial_year",
    "+int_council_neighbours",
    "+stg_asc_fr__support_65_plus",
    "+stg_deprivation__councils",
)
MADE_BY_A_RUN = ("releases", "rejects", "file_problems", "check_results")


UNNAMED = 10**9


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, the files it lies in, and how each is altered, by file name."""

    name: str
    alter: dict[str, Callable[[Book], None]]
    of_issue: bool = False


@dataclass(frozen=True)
class Said:
    """What one check, or the reading, said of a fault that it did not say of the true files."""

    check: str
    is_blocking: bool
    sentence: str


class Trial:
    """The true files read and built once in a folder of its own, ready to have faults planted."""

    def __init__(self, folder: Path, data: Path, earlier: Path | None = None):
        """Take in the files of `data`, the sample's where there is no home `earlier` that has read them before."""
        self.home = Home(folder / "home")
        self.is_sample = earlier is None
        if earlier is not None:
            for part in ("landing", "raw"):
                shutil.copytree(earlier / part, self.home.root / part, copy_function=os.link, symlinks=True)
        self.folder = folder
        look_in(data)
        self.sources = [
            s for s in catalogue.load().sources.values() if s.is_sample == self.is_sample and not s.is_submitted
        ]
        for source in self.sources:
            take(source, self.home, Inputs((self.home.landing, data), self.is_sample))
        snapshot = self.home.snapshot
        self._lay_out(self.home, snapshot, set())
        self.true_results = list(build(self.home, "--select", *SELECTED, "--indirect-selection", "cautious"))
        manifest = json.loads((self.home.dbt / "manifest" / "manifest.json").read_text(encoding="utf-8"))
        self.nodes = manifest["nodes"]
        self.connection = duckdb.connect(str(self.home.candidate_database))
        self.connection.execute("set enable_progress_bar = false")
        built = {one.unique_id for one in self.true_results if hasattr(one, "unique_id")}
        self.models = _in_order([n for n in built if n.startswith("model.")], self.nodes)
        named = {one.name for one in self.true_results if isinstance(one, CheckResult)}
        self.tests = [n for n in self.nodes.values() if n["resource_type"] == "test" and n["name"] in named]
        self.sql = {n: self._compiled(self.nodes[n]) for n in self.models}
        self.sql |= {n["unique_id"]: self._compiled(n) for n in self.tests}
        self.true_rows = {n["unique_id"]: set(self._rows(self.sql[n["unique_id"]])) for n in self.tests}

    def _below(self, sources: set[str]) -> set[str]:
        """The sources and every model that is made from them."""
        moved = set(sources)
        for model in self.models:
            if moved & set(self.nodes[model]["depends_on"]["nodes"]):
                moved.add(model)
        return moved

    def _compiled(self, node: dict) -> str:
        inside = node["original_file_path"]
        inside = inside if inside.endswith(".sql") else f"{inside}/{node['path']}"
        path = self.home.dbt / "target" / "compiled" / "prevention" / inside
        return path.read_text(encoding="utf-8").rstrip().rstrip(";")

    def _lay_out(self, home: Home, snapshot: Path, subjects: set[str]) -> list[CheckResult]:
        """Raw tables as a refresh lays them out, and what the checks of the named ones find."""
        taken = in_force(home, self.is_sample)
        land.snapshot(taken, home.raw, snapshot, {"releases": land.releases_table(taken)})
        suites = [suite for suite in due(RAW, snapshot, FILLED_BY) if suite.subject in subjects]
        return run.run(suites, relations(snapshot)) if suites else []

    def _rows(self, sql: str) -> list[str]:
        found = self.connection.execute(f"select * from ({sql}) limit 100000")
        names = [column[0] for column in found.description]
        rows = found.fetchall()
        if "sentence" in names:
            return [str(row[names.index("sentence")]) for row in rows]
        return [", ".join(f"{n} {v}" for n, v in zip(names, row, strict=True) if v is not None) for row in rows]

    def planted(self, faults: list[Fault]) -> tuple[dict[str, list[Said]], float]:
        """What is said of each fault and not of the true files, blocking ones first, and the seconds it took.

        Faults planted together must lie in files that are not compared with each other: what is said is the fault's
        whose publication is named first in it.
        """
        started = time.monotonic()
        home = self._copy_of_home()
        place = self.folder / "altered"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        releases: dict[str, Release] = {}
        for name, alter in (item for fault in faults for item in fault.alter.items()):
            release = releases[name] = _release(name)
            book = book_of(release, name)
            true = deepcopy(book)
            alter(book)
            assert book != true, f"{name} is as it was: the fault alters nothing in it"
            write(book, place / name, release)
            digest = land.sha256_of(place_of(name))[:16]
            shutil.rmtree(home.landing / land.EDITIONS / land.safe_name(release.release_id) / digest)
        said, is_built = self._said(home, (place,), list(releases.values()))
        found: dict[str, list[Said]] = {fault.name: [] for fault in faults}
        for one in sorted(said, key=lambda one: not one.is_blocking):
            first, name = min((_place_of(fault, releases, one.sentence), fault.name) for fault in faults)
            if first < UNNAMED or len(faults) == 1:
                found[name].append(one)
        stopped = [fault for fault in faults if found[fault.name]]
        quiet = [fault for fault in faults if fault not in stopped]
        if not is_built and stopped and quiet:
            found |= self.planted(quiet)[0]
        elif quiet and len(faults) > 1 and sum(map(len, found.values())) < len(said):
            # Something was said that names no publication: of which fault it is shows when each is planted alone.
            for fault in quiet:
                found |= self.planted([fault])[0]
        return found, time.monotonic() - started

    def planted_in_place(self, release: Release, altered: Path, name: str) -> list[Said]:
        """What is said when an edition holds other bytes than those it was taken in with, blocking findings first.

        So the sample is tried, of which a file of another checksum would not be served at all.
        """
        home = self._copy_of_home()
        (landed,) = (home.landing / land.EDITIONS / land.safe_name(release.release_id)).rglob(name)
        landed.unlink()
        shutil.copy(altered, landed)
        for receipt in (home.raw / "receipts").glob(f"{land.safe_name(release.release_id)}*"):
            receipt.unlink()
        return sorted(self._said(home, (), [release])[0], key=lambda one: not one.is_blocking)

    def _copy_of_home(self) -> Home:
        home = Home(self.folder / "planted")
        shutil.rmtree(home.root, ignore_errors=True)
        for part in ("landing", "raw"):
            shutil.copytree(self.home.root / part, home.root / part, copy_function=os.link, symlinks=True)
        return home

    def _said(self, home: Home, places: tuple[Path, ...], releases: list[Release]) -> tuple[list[Said], bool]:
        """What is said, and whether reading and raw tables let the models be built."""
        said = []
        for source in {release.source.name: release.source for release in releases}.values():
            taken = take(source, home, Inputs((home.landing, *places), self.is_sample))
            said += [Said("reading", taken.is_blocking, problem) for problem in taken.problems]
        snapshot = home.root / "snapshot"
        filled = set().union(*(FILLED_BY[release.source.reader] for release in releases))
        for result in self._lay_out(home, snapshot, {f"raw.{table}" for table in filled}):
            if result.is_blocking or result.status == "warn":
                said.append(Said(result.name, result.is_blocking, result.message()))
        if any(one.is_blocking for one in said):
            return said, False
        moved = self._below({f"source.prevention.raw.{table}" for table in filled})
        self.connection.execute("begin")
        try:
            for model in (one for one in self.models if one in moved):
                node = self.nodes[model]
                kind = node["config"]["materialized"]
                sql = self.sql[model].replace(str(self.home.snapshot), str(snapshot))
                self.connection.execute(f'create or replace {kind} "{node["schema"]}"."{node["alias"]}" as {sql}')
            for test in (one for one in self.tests if moved & set(one["depends_on"]["nodes"])):
                severity = WARN if test["config"]["severity"].lower() == WARN else ERROR
                sql = self.sql[test["unique_id"]].replace(str(self.home.snapshot), str(snapshot))
                for row in self._rows(sql):
                    if row not in self.true_rows[test["unique_id"]]:
                        said.append(Said(test["name"], severity == ERROR, row))
        finally:
            self.connection.execute("rollback")
        return said, True


def _place_of(fault: Fault, releases: dict[str, Release], sentence: str) -> int:
    """Where in a sentence a publication or file of the fault is first named."""
    words = [word for name in fault.alter for word in (name, releases[name].release_id)]
    return min((sentence.find(word) for word in words if word in sentence), default=UNNAMED)


def _release(name: str) -> Release:
    found = catalogue.load().by_file(name, False)
    assert found is not None, name
    return found


def _in_order(models: list[str], nodes: dict) -> list[str]:
    """Models so that each comes after those it reads."""
    ordered: list[str] = []
    left = sorted(models)
    while left:
        ready = [m for m in left if not set(nodes[m]["depends_on"]["nodes"]) & set(left)]
        ordered += ready
        left = [m for m in left if m not in ready]
    return ordered
