"""The folders of one warehouse home, the lock on it, and what a killed refresh may have left there."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

DEFAULT_HOME = "var"


# What only the people who run the warehouse may see: rows as published files give them, before anything is withheld.
PRIVATE = ("raw", "candidates", "refused", "dbt")
# Left out of a path that becomes part of a pattern or a template: nothing could be found below such a home.
UNUSABLE_IN_A_PATH = set('*?[]{}"\n')


class Busy(Exception):
    """Another refresh holds the lock and did not finish within the time we were willing to wait."""


class UnusableHome(Exception):
    """The home is in a state that a refresh cannot put right by itself. The message says what to do."""


@dataclass(frozen=True)
class Home:
    """Paths under one home. Nothing here is created by looking at it."""

    root: Path

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def refused(self) -> Path:
        """Editions that could not be read, kept for whoever has to look at them."""
        return self.root / "refused"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def sample(self) -> Path:
        return self.root / "sample"

    @property
    def candidates(self) -> Path:
        """One folder for each of the last runs that built something."""
        return self.root / "candidates"

    @property
    def candidate(self) -> Path:
        """The relative link to the folder in use among them."""
        return self.root / "candidate"

    @property
    def snapshot(self) -> Path:
        return self.candidate / "raw"

    @property
    def candidate_database(self) -> Path:
        return self.candidate / "warehouse.duckdb"

    @property
    def dbt(self) -> Path:
        """dbt's own files: manifest, compiled models, logs."""
        return self.root / "dbt"

    @property
    def publications(self) -> Path:
        return self.root / "publications"

    @property
    def published(self) -> Path:
        """The relative link to the publication that readers see."""
        return self.root / "published"

    @property
    def lock_file(self) -> Path:
        return self.root / ".refresh.lock"

    def published_id(self) -> str | None:
        """Name of the publication that readers see, or none."""
        manifest = self.published / "manifest.json"
        if not manifest.exists():
            return None
        if self.published.is_symlink():
            return os.readlink(self.published).rsplit("/", 1)[-1]
        return json.loads(manifest.read_text(encoding="utf-8")).get("publication_id")


def from_environment() -> Home:
    """The home named by PREVENTION_HOME, else `var/` below the working folder."""
    return Home(Path(os.environ.get("PREVENTION_HOME") or DEFAULT_HOME).absolute())


class RefreshLock:
    """One refresh at a time: an advisory lock that the kernel frees when its holder dies, however it dies."""

    def __init__(self, home: Home):
        self._path = home.lock_file
        self._stream: TextIO | None = None

    def take(self, wait_seconds: float, say: Callable[[str], None]) -> None:
        """Take the lock, waiting up to `wait_seconds`; say who holds it when there is a wait.

        Raises Busy when it is still held after that.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        stream = self._path.open("a+", encoding="utf-8")
        deadline = time.monotonic() + wait_seconds
        said = False
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stream.seek(0)
                holder = stream.read().strip() or "another process"
                if time.monotonic() >= deadline:
                    stream.close()
                    raise Busy(
                        f"Another refresh of {self._path.parent} is running ({holder}); nothing was done here. "
                        "Start again when it has finished."
                    ) from None
                if not said:
                    say(f"Another refresh is running ({holder}); waiting for it to finish.")
                    said = True
                time.sleep(0.2)
        stream.seek(0)
        stream.truncate()
        stream.write(f"process {os.getpid()}, started {time.strftime('%Y-%m-%d %H:%M:%S')}")
        stream.flush()
        self._stream = stream

    def free(self) -> None:
        """Let the next refresh begin."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def sql_text(path: Path | str) -> str:
    """A path between the quotation marks of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def put_right(home: Home) -> str | None:
    """Make a home that was copied, or restored from an archive, one that can be published into; say what was done.

    `published` is a link; a copy that follows links leaves a folder in its place. What is in it becomes a kept
    publication again, and the link leads there. Only the holder of the refresh lock may call this.
    Raises UnusableHome for a path nothing can be built below, and for a `published` that is no publication.
    """
    if UNUSABLE_IN_A_PATH & set(str(home.root)):
        raise UnusableHome(f'The path {home.root} holds one of * ? [ ] {{ }} ", which no home may: choose another.')
    if home.published.is_symlink() or not home.published.exists():
        return None
    publication_id = home.published_id() if home.published.is_dir() else None
    if not publication_id:
        raise UnusableHome(
            f"{home.published} is {'a folder' if home.published.is_dir() else 'a file'} and no publication, where the "
            "link to the publication belongs. What to do: move it away, then refresh again; nothing was done here."
        )
    home.publications.mkdir(parents=True, exist_ok=True)
    kept = home.publications / publication_id
    doomed = home.publications / f".removed-{publication_id}"
    home.published.replace(doomed if kept.exists() else kept)
    link = home.root / f".published.{os.getpid()}"
    link.symlink_to(Path(home.publications.name) / publication_id)
    link.replace(home.published)
    if doomed.exists():
        shutil.rmtree(doomed)
    return f"“published” was a copied folder; it is the link to publication {publication_id} again"


def keep_private(home: Home) -> None:
    """Take from others what is not for publication; the landing folder stays open to the group that fills it."""
    for name in PRIVATE:
        folder = home.root / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(folder.stat().st_mode & ~0o077)
    home.landing.mkdir(parents=True, exist_ok=True)
    home.landing.chmod(home.landing.stat().st_mode & ~0o007)


def clean_leftovers(home: Home) -> list[str]:
    """Remove what a killed refresh left: half-written files, a half-copied candidate, a half-removed publication.

    Only the holder of the refresh lock may call this. Returns what was removed, for the log.
    """
    removed = []
    for folder in (home.landing / "editions", home.raw, home.sample):
        for path in folder.rglob(".*.partial") if folder.exists() else ():
            path.unlink()
            removed.append(path.name)
    for path in (*home.publications.glob(".removed-*"), *home.candidates.glob(".*.partial")):
        shutil.rmtree(path)
        removed.append(path.name)
    for path in (*home.root.glob(".published.*"), *home.root.glob(".candidate.*")):
        path.unlink()
        removed.append(path.name)
    return removed
