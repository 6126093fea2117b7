"""The dbt project and its manifest, prepared before anything imports the definitions.

The manifest is written once for one content of the dbt project and reused until that content changes, so
loading definitions reads a file and parses nothing.
"""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from orchestration.home import Home, from_environment

PROJECT_DIR = Path(__file__).parent.parent / "dbt_project"
SKIPPED = {"target", "logs", ".user.yml", "__pycache__"}


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
    """The manifest of the present dbt project; parsed only when the project has changed since.

    Raises RuntimeError with dbt's own message when the project does not parse.
    """
    folder = home.dbt / "manifest"
    folder.mkdir(parents=True, exist_ok=True)
    manifest, note = folder / "manifest.json", folder / "digest"
    digest = hashlib.sha256((digest_of(PROJECT_DIR) + str(home.root)).encode()).hexdigest()
    with (home.dbt / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if manifest.exists() and note.exists() and note.read_text(encoding="utf-8") == digest:
            return manifest
        from dbt.cli.main import dbtRunner

        os.environ.update(dbt_environment(home))
        parsed = dbtRunner().invoke(
            ["--quiet", "--log-level", "none", "--log-level-file", "info", "parse", *dbt_arguments(home)]
        )
        if not parsed.success:
            raise RuntimeError(f"the dbt project does not parse: {parsed.exception}")
        partial = folder / ".manifest.json.partial"
        shutil.copyfile(home.dbt / "target" / "manifest.json", partial)
        note.unlink(missing_ok=True)
        partial.replace(manifest)
        note.write_text(digest, encoding="utf-8")
    return manifest


def dbt_project():
    """The project as Dagster's dbt integration sees it, with its manifest in place."""
    from dagster_dbt import DbtProject

    manifest = prepare(from_environment())
    return DbtProject(project_dir=PROJECT_DIR, target_path=manifest.parent)
