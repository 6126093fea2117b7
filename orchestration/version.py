"""The version of everything that can change a figure: package version and a checksum of the code."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.project import digest_of

ROOT = Path(__file__).parent.parent
PARTS = ("ingest", "sample", "expectations", "dbt_project", "orchestration", "reporting")


@cache
def code_version() -> str:
    """`<package version>+<twelve characters of the checksum over all code, maps, seeds and SQL>`."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update(digest_of(ROOT / part).encode())
    try:
        released = version("prevention-warehouse")
    except PackageNotFoundError:
        released = "unreleased"
    return f"{released}+{digest.hexdigest()[:12]}"
