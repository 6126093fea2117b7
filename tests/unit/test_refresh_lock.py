"""One refresh at a time: the second waits or says who is in the way; a killed holder is no obstacle."""

import os
import signal
import subprocess
import sys

import pytest

from orchestration.home import Busy, Home, RefreshLock

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.home import Home, RefreshLock
lock = RefreshLock(Home(Path(sys.argv[1])))
lock.take(0, print)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=os.getcwd()
    )
    lines = [process.stdout.readline().strip()]
    assert lines == ["held"]
    yield process
    process.kill()
    process.wait()


def test_a_second_refresh_says_who_holds_the_lock(tmp_path, holder):
    with pytest.raises(Busy, match=f"process {holder.pid}, started .* nothing was done here"):
        RefreshLock(Home(tmp_path)).take(0, print)


def test_a_second_refresh_waits_and_goes_on_when_the_first_is_killed(tmp_path, holder):
    said = []

    def kill_when_waiting(text):
        said.append(text)
        os.kill(holder.pid, signal.SIGKILL)

    lock = RefreshLock(Home(tmp_path))
    lock.take(600, kill_when_waiting)
    lock.free()
    assert len(said) == 1
    assert "waiting" in said[0]
