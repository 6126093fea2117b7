"""Reading in a process of its own, which may die of a file without taking the refresh along.

    ingest(edition, raw) ─► a reading process, started when none is idle ─► receipt, or the problems of the file

A process reads one file after another; threads that ask at the same time each get their own. It has a limit on memory
and a time for each file; when it passes either, or a library ends it, that file is refused in words and the next one
gets a new process.
"""

import atexit
import logging
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ingest import reading
from ingest.edition import Edition, Receipt
from ingest.limits import READ_MEMORY_BYTES, READ_SECONDS
from ingest.problems import InputError, Problem

log = logging.getLogger("prevention")

_LENGTH = struct.Struct("!Q")
_COMMAND = [sys.executable, "-m", "ingest.apart"]


class ReaderFailed(Exception):
    """A reader met something in a file that it was not written for. The message is for whoever has the file."""


class _Process:
    """A reading process: requests and answers are pickled, each behind its length."""

    def __init__(self):
        self.held: subprocess.Popen | None = None

    def ask(self, edition: Edition, raw: Path) -> tuple[str, object]:
        """What came of reading an edition, or `died` and how."""
        if self.held is None or self.held.poll() is not None:
            self._start()
        try:
            _send(self.held.stdin, (edition, raw))
            answer = self._answer()
            if answer[0] == "died":
                self.stop()
            return answer
        except (BrokenPipeError, EOFError):
            found = _ending(self.held.wait())
        except TimeoutError:
            found = f"it took longer than {READ_SECONDS:,} seconds"
        self.stop()
        return "died", found

    def _start(self) -> None:
        root = str(Path(__file__).parent.parent)
        paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self.held = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,
        )
        atexit.register(self.stop)

    def _answer(self) -> tuple[str, object]:
        """The answer; what the process has to say before it goes to the log."""
        end = time.monotonic() + READ_SECONDS
        # Nothing may lie in a buffer of ours: what has come has to show as something to read.
        with os.fdopen(self.held.stdout.fileno(), "rb", buffering=0, closefd=False) as stream:
            while select.select([stream], [], [], max(0.0, end - time.monotonic()))[0]:
                answer = _receive(stream)
                if answer[0] != "said":
                    return answer
                log.info(answer[1])
        raise TimeoutError

    def stop(self) -> None:
        """End the process, which has nothing of its own to lose."""
        atexit.unregister(self.stop)
        if self.held is not None:
            for stream in (self.held.stdin, self.held.stdout):
                with suppress(BrokenPipeError):
                    stream.close()
            self.held.kill()
            self.held.wait()
            self.held = None


# Processes that wait for a file.
_IDLE: list[_Process] = []


@contextmanager
def _process() -> Iterator[_Process]:
    """One that reads for this thread alone, until it is given back."""
    try:
        process = _IDLE.pop()
    except IndexError:
        process = _Process()
    try:
        yield process
    finally:
        _IDLE.append(process)


def ingest(edition: Edition, raw: Path) -> Receipt:
    """Read one edition into raw Parquet apart from this process; what was read before is not read again.

    Raises InputError with every problem found when the file cannot be taken, ReaderFailed when its reader met
    something it does not know, OSError when a file or folder could not be reached.
    """
    held = reading.receipt_of(edition, raw)
    if held is not None:
        return held
    with _process() as process:
        verdict, found = process.ask(edition, raw)
    if verdict == "receipt":
        return found
    if verdict == "problems":
        raise InputError(found)
    if verdict == "os_error":
        raise OSError(*found)
    if verdict == "failed":
        raise ReaderFailed(found)
    raise InputError(
        Problem(
            file=edition.path.name,
            what=f"reading the file was broken off: {found}",
            remedy="obtain a fresh copy; a true file of this size needs higher limits in ingest/limits.py",
        )
    )


def end() -> None:
    """End the reading processes; the next file starts another."""
    while _IDLE:
        _IDLE.pop().stop()


def _ending(code: int) -> str:
    if code == -signal.SIGABRT:
        return "it asked for more memory than there is"
    if code < 0:
        return f"the program that reads it was ended by the system ({signal.Signals(-code).name})"
    return f"the program that reads it ended with code {code}"


def _send(stream: BinaryIO, message: object) -> None:
    body = pickle.dumps(message)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def _receive(stream: BinaryIO):
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, in however many pieces they come. Raises EOFError when they end before."""
    found = bytearray()
    while len(found) < size:
        piece = stream.read(size - len(found))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def _judge(edition: Edition, raw: Path) -> tuple[str, object]:
    try:
        return "receipt", reading.ingest(edition, raw)
    except InputError as error:
        return "problems", error.problems
    except MemoryError:
        return "died", f"it asked for more than {READ_MEMORY_BYTES / 1e9:.0f} GB of memory"
    except OSError as error:
        return "os_error", (error.errno, error.strerror, error.filename)
    except Exception as error:
        place = error.__traceback__
        while place.tb_next is not None:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"
        return "failed", f"{type(error).__name__}: {error} ({where})"


class _Speaker(logging.Handler):
    """Sends what readers say of their progress to whoever asked for the reading."""

    def __init__(self, stream: BinaryIO):
        super().__init__(logging.INFO)
        self.stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        _send(self.stream, ("said", record.getMessage()))


def _serve() -> None:
    """Read what is asked for until nobody asks any more."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (READ_MEMORY_BYTES, READ_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    log.setLevel(logging.INFO)
    log.addHandler(_Speaker(answers))
    while True:
        try:
            edition, raw = _receive(sys.stdin.buffer)
        except EOFError:
            return
        _send(answers, _judge(edition, raw))


if __name__ == "__main__":
    _serve()
