"""How far a long step is, told at every tenth of it."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger("prevention")
TELLINGS = 10


class Progress:
    """Counts what is done of a number known beforehand and says so, with a guess at the time left.

    The guess takes what is left to go as fast as what is done; it is first given after a tenth.
    """

    def __init__(self, total: int, what: str, clock: Callable[[], float] = time.monotonic):
        self.total, self.what, self._clock = total, what, clock
        self.done = 0
        self._told = 0
        self._began = clock()

    def one_done(self) -> None:
        """Count one; says how far it is when another tenth is full, and nothing at the end, which tells itself."""
        self.done += 1
        tenth = self.done * TELLINGS // self.total if self.total else 0
        if self._told < tenth and self.done < self.total:
            self._told = tenth
            left = (self._clock() - self._began) / self.done * (self.total - self.done)
            log.info("%s of %s %s; about %s left", f"{self.done:,}", f"{self.total:,}", self.what, duration(left))


def duration(seconds: float) -> str:
    """Seconds to the nearest ten, from two minutes on whole minutes: `40 seconds`, `3 minutes`."""
    if seconds >= 120:
        return f"{round(seconds / 60)} minutes"
    return f"{max(10, round(seconds / 10) * 10)} seconds"
