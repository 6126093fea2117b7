"""Whether anything a refresh looks at has changed since the last one: answered from file listings, nothing opened.

A refresh that went through without a file it could not read leaves a note of every file it looked at, with size,
times and inode, of the code, and of the publication that stood at its end. While all of that is the same, the next
refresh has nothing to do. Without the note, or with anything that differs from it, the refresh itself decides, by
content.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from orchestration.home import Home
from orchestration.version import code_version

NOTE = ".unchanged.json"
# What a refresh writes itself below the folder that people fill.
OWN = ("editions", "unpacked")


def listing(folders: list[Path], skipped: tuple[str, ...] = (), with_change: bool = True) -> str:
    """Checksum over names, sizes, times and inodes of all files below the folders.

    `with_change` counts the time of the last change of an inode too, which a refresh that links a file moves.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for path, found in _files(folder, skipped):
            changed = found.st_ctime_ns if with_change else 0
            digest.update(f"{path}\0{found.st_size} {found.st_mtime_ns} {found.st_ino} {changed}\0".encode())
    return digest.hexdigest()


def given(home: Home, data: Path | None) -> str:
    """What people have put there, leaving out what a refresh writes beside it."""
    return listing(_given(home, data), OWN, with_change=False)


def state(home: Home, data: Path | None) -> dict[str, str | None]:
    """Everything that decides whether a refresh has something to do."""
    looked_at = [*_given(home, data), home.sample, home.refused, home.raw]
    return {
        "data": str(data.absolute()) if data else None,
        "files": listing(looked_at),
        "code_version": code_version(),
        "publication_id": home.published_id(),
    }


def remember(home: Home, data: Path | None) -> None:
    """Leave the note for the next refresh."""
    partial = home.root / f"{NOTE}.{os.getpid()}"
    partial.write_text(json.dumps(state(home, data), indent=1), encoding="utf-8")
    partial.replace(home.root / NOTE)


def forget(home: Home) -> None:
    """From here on the refresh decides: what the note says may no longer be so."""
    (home.root / NOTE).unlink(missing_ok=True)


def is_as_remembered(home: Home, data: Path | None) -> bool:
    """Whether everything is as the note says and the publication it names is there and whole."""
    note = home.root / NOTE
    if not note.exists() or not (home.published / "warehouse.duckdb").exists():
        return False
    try:
        remembered = json.loads(note.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return remembered == state(home, data)


def _given(home: Home, data: Path | None) -> list[Path]:
    return [home.landing, *([data] if data else [])]


def _files(folder: Path, skipped: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not (place == str(folder) and name in skipped))
        for name in sorted(names):
            path = os.path.join(place, name)
            # A link that leads nowhere counts as it is.
            yield path, os.stat(path) if os.path.exists(path) else os.lstat(path)
