"""The dbt project and its manifest, prepared before anything imports the definitions.

The project is parsed once for one content of it and kept, beside the project where that can be written to, and in each
home. The parsed project names the folder of raw tables `raw`; `parsed` puts a home's own in its place. So a second
home, a later run and the definitions read files and parse nothing.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.home import Home, from_environment

PROJECT_DIR = Path(__file__).parent.parent / "dbt_project"
SKIPPED = {"target", "logs", ".user.yml", "__pycache__"}
# Shared by every home that works with this checkout.
SHARED = PROJECT_DIR / "target" / "parsed"
MANIFEST, PARSED, NOTE = "manifest.json", "parsed.msgpack", "digest"
# What the parsed project calls the folder of raw tables.
RAW = "raw"
QUIET = ("--quiet", "--log-level", "none", "--log-level-file", "info")


def dbt_environment(home: Home) -> dict[str, str]:
    """What the dbt project reads from the environment."""
    return {
        "PREVENTION_RAW": str(home.snapshot),
        "PREVENTION_CANDIDATE": str(home.candidate_database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def dbt_arguments(home: Home) -> list[str]:
    """Arguments every dbt call shares: dbt writes below the home only."""
    folder = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    return [*folder, "--target-path", str(home.dbt / "target"), "--log-path", str(home.dbt / "logs")]


def digest_of(folder: Path) -> str:
    """Checksum over the names and contents of all files below a folder that are part of the project."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts = path.relative_to(folder).parts
        if not SKIPPED.intersection(parts) and path.suffix != ".pyc":
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def prepare(home: Home) -> Path:
    """The manifest of the present dbt project, in the home; parsed only when the project has changed since.

    Raises RuntimeError with dbt's own message when the project does not parse.
    """
    return _prepared(home) / MANIFEST


def parsed(home: Home, raw: Path | None = None):
    """The parsed project as dbt takes it, reading the raw tables of the home, or those in another folder.

    Raises RuntimeError as `prepare` does.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = (_prepared(home) / PARSED).read_bytes()
    manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    folder = str(raw or home.snapshot).replace("'", "''")
    for source in manifest.sources.values():
        for described in (source.meta, source.source_meta, source.config.meta):
            location = described.get("external_location")
            if location:
                described["external_location"] = location.replace(f"('{RAW}/", f"('{folder}/", 1)
    manifest.build_flat_graph()
    return manifest


def _prepared(home: Home) -> Path:
    """The folder of the home with the parsed project."""
    folder = home.dbt / "manifest"
    digest = _digest()
    with _locked(home.dbt / ".prepare.lock"):
        if not _holds(folder, digest):
            if os.access(PROJECT_DIR, os.W_OK):
                with _locked(SHARED.parent / ".parsed.lock"):
                    if not _holds(SHARED, digest):
                        _parse(home, SHARED, digest)
                    _take_over(SHARED, folder)
            else:
                _parse(home, folder, digest)
    return folder


def _digest() -> str:
    """What a parsed project is a function of: its files, and dbt."""
    parts = (digest_of(PROJECT_DIR), version("dbt-core"), version("dbt-duckdb"))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def _holds(folder: Path, digest: str) -> bool:
    note = folder / NOTE
    return note.exists() and note.read_text(encoding="utf-8") == digest


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """The environment with these values, and afterwards as it was: a caller may have set its own for dbt."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _parse(home: Home, folder: Path, digest: str) -> None:
    """Parse the project into a folder. The note is written last: a parse cut short is done again."""
    from dbt.cli.main import dbtRunner
    from dbt.parser.manifest import extended_mashumaro_encoder

    with _environment(dbt_environment(home) | {"PREVENTION_RAW": RAW}):
        ran: Any = dbtRunner().invoke([*QUIET, "--no-partial-parse", "parse", *dbt_arguments(home)])
    if not ran.success:
        raise RuntimeError(f"the dbt project does not parse: {ran.exception}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).unlink(missing_ok=True)
    shutil.copyfile(home.dbt / "target" / MANIFEST, folder / MANIFEST)
    (folder / PARSED).write_bytes(ran.result.to_msgpack(extended_mashumaro_encoder))
    (folder / NOTE).write_text(digest, encoding="utf-8")


def _take_over(shared: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).unlink(missing_ok=True)
    for name in (MANIFEST, PARSED, NOTE):
        shutil.copyfile(shared / name, folder / name)


def dbt_project():
    """The project as Dagster's dbt integration sees it, with its manifest in place."""
    from dagster_dbt import DbtProject

    manifest = prepare(from_environment())
    return DbtProject(project_dir=PROJECT_DIR, target_path=manifest.parent)
