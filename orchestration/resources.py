"""What every step of a refresh shares: the home, where its files come from, and the lock on it."""

import logging
import os
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from ingest import land
from orchestration import candidate
from orchestration.adding import place_new_files
from orchestration.failures import blocked
from orchestration.home import Home, RefreshLock, clean_leftovers, from_environment, keep_private, put_right
from orchestration.project import digest_of
from orchestration.sources import Inputs, choose_inputs

log = logging.getLogger("prevention")


class Workspace(dg.ConfigurableResource):
    """One warehouse home for the length of one run.

    `home` and `data` default to PREVENTION_HOME (else `var/`) and PREVENTION_DATA (else the landing folder,
    else the bundled sample). `rebuild` builds and publishes although nothing has changed. `wait_seconds` is
    how long a run waits for another refresh of the same home to finish.
    """

    home: str = ""
    data: str = ""
    rebuild: bool = False
    wait_seconds: float = 3600.0

    _lock: RefreshLock | None = PrivateAttr(default=None)
    _inputs: Inputs | None = PrivateAttr(default=None)
    _run_id: str = PrivateAttr(default="")

    @property
    def paths(self) -> Home:
        return Home(Path(self.home).absolute()) if self.home else from_environment()

    @property
    def inputs(self) -> Inputs:
        """Where this run looks for files."""
        if self._inputs is None:
            data = self.data or os.environ.get("PREVENTION_DATA")
            self._inputs = choose_inputs(self.paths, Path(data).absolute() if data else None)
        return self._inputs

    @property
    def new_candidate(self) -> Path:
        """An empty folder of this run, for raw tables."""
        return candidate.begin(self.paths, self._run_id)

    @property
    def own_candidate(self) -> Home:
        """The home with this run's folder in use: nothing a run builds changes what another has built.

        Raises dg.Failure when there is nothing to build from.
        """
        try:
            candidate.carry_on(self.paths, self._run_id)
        except candidate.NoCandidate as error:
            raise blocked("There is nothing to build from.", [str(error)]) from error
        return self.paths

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock, clear what a killed run left, place files nobody catalogued, write the sample if needed."""
        # A run that takes up a failed one goes on where that one was.
        self._run_id = (context.run and context.run.root_run_id) or context.run_id or "run"
        lock = RefreshLock(self.paths)
        lock.take(self.wait_seconds, log.info)
        self._lock = lock
        righted = put_right(self.paths)
        if righted:
            log.info(righted)
        keep_private(self.paths)
        removed = clean_leftovers(self.paths)
        if removed:
            log.info("cleared what an earlier run that did not publish had left: %s", ", ".join(removed[:5]))
        place_new_files(self.paths, self.inputs.folders if not self.inputs.is_sample else ())
        if self.inputs.is_sample:
            log.info("no published files here: using the bundled sample of fictional councils")
            write_sample(self.paths.sample)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Free the lock."""
        if self._lock is not None:
            self._lock.free()


def write_sample(folder: Path) -> None:
    """Write the fictional files, unless the present code has written them there before."""
    import sample

    note, digest = folder / ".written", digest_of(Path(sample.__file__).parent)
    if note.exists() and note.read_text(encoding="utf-8") == digest:
        return
    note.unlink(missing_ok=True)
    sample.write(folder)
    land.write_text_atomically(note, digest)
