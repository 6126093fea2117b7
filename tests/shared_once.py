"""What is expensive to make, made once a session however many workers the session has."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def shared_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` has filled, by whichever worker asked first; the others wait for it.

    It is not to be changed. Fails at once where the worker that made it failed.
    """
    base = tmp_path_factory.getbasetemp()
    # A worker's own base lies in that of the session.
    base = base.parent if base.name.startswith("popen-") else base
    folder, done, failed = base / name, base / f"{name}.done", base / f"{name}.failed"
    with FileLock(base / f"{name}.lock"):
        if failed.exists():
            pytest.fail(f"{name}: {failed.read_text(encoding='utf-8')}")
        if not done.exists():
            try:
                folder.mkdir()
                make(folder)
            except BaseException as error:
                failed.write_text(str(error)[-4000:], encoding="utf-8")
                raise
            done.touch()
    return folder


def own_copy(folder: Path, to: Path) -> Path:
    """A copy of a shared folder that a test may do anything with."""
    return Path(shutil.copytree(folder, to, symlinks=True))
