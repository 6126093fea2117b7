"""The candidate: the folder in which a run builds what may be published.

Every run has a folder of its own below `candidates/`, and no run writes into another's. `candidate` is the link to
the one in use, the folder of the run that was last to lay out raw tables or to build from them. A run that builds
only a part begins with a copy of the one in use; a run that takes up a failed one goes on in its folder.
"""

import os
import shutil
from pathlib import Path

from orchestration.home import Home

# The one in use and the two before it: what may still be taken up after a failure.
KEPT = 3


class NoCandidate(Exception):
    """There are no raw tables yet that anything could be built from."""


def begin(home: Home, run_id: str) -> Path:
    """An empty folder for a run that lays out raw tables of its own. It is in use from `use` on."""
    folder = home.candidates / run_id
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def use(home: Home, folder: Path) -> None:
    """Make `candidate` lead to the folder, in one rename."""
    if home.candidate.is_dir() and not home.candidate.is_symlink():
        home.candidate.replace(home.candidates / "earlier")
    link = home.root / f".candidate.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(home.candidates.name) / folder.name)
    link.replace(home.candidate)


def carry_on(home: Home, run_id: str) -> None:
    """Put the run's own folder in use: the one it has, or a copy of the one in use.

    Raises NoCandidate when nothing has been laid out yet.
    """
    folder = home.candidates / run_id
    if not (folder / home.snapshot.name).exists():
        if not home.snapshot.exists():
            raise NoCandidate(
                f"{home.root} holds no raw tables to build from. What to do: run the job “refresh” once, or "
                "materialise the assets of group “raw” together with this one."
            )
        partial = home.candidates / f".{run_id}.partial"
        partial.parent.mkdir(exist_ok=True)
        shutil.copytree(home.candidate.resolve(), partial, symlinks=True)
        partial.replace(folder)
    if home.candidate.resolve() != folder.resolve():
        use(home, folder)


def forget_older(home: Home) -> None:
    """Remove all but the last few folders; only a run that has published, and so holds the lock, does this."""
    folders = sorted(home.candidates.glob("[!.]*"), key=lambda folder: folder.stat().st_mtime)
    for folder in folders[:-KEPT]:
        if folder.resolve() != home.candidate.resolve():
            shutil.rmtree(folder)
