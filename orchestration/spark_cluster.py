"""A standalone Spark cluster on the loopback: a master and workers of the Python package, for as long as it is used.

The small copy of the real thing: what runs here runs on a cluster of machines by another address of the master.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from json import load
from pathlib import Path

LOOPBACK = "127.0.0.1"
START_SECONDS = 120


class NoSpark(Exception):
    """Spark is not installed, or does not start."""


def is_installed() -> bool:
    return find_spec("pyspark") is not None and find_spec("dbt.adapters.spark") is not None


@contextmanager
def cluster(folder: Path, workers: int = 2, cores: int = 1, memory: str = "6g") -> Iterator[str]:
    """The address of a master with that many workers, which write their logs below the folder.

    Raises NoSpark when Spark is not installed, or not every worker has reported to the master within two minutes.
    """
    if not is_installed():
        raise NoSpark("Spark is not installed here: `pip install 'prevention-warehouse[spark]'`, and Java 17")
    folder.mkdir(parents=True, exist_ok=True)
    port, page = _free_port(), _free_port()
    with ExitStack() as running:
        running.enter_context(
            _started(
                folder / "master.log",
                *("org.apache.spark.deploy.master.Master", "--host", LOOPBACK),
                *("--port", str(port), "--webui-port", str(page)),
            )
        )
        master = f"spark://{LOOPBACK}:{port}"
        for number in range(workers):
            running.enter_context(
                _started(
                    folder / f"worker_{number}.log",
                    *("org.apache.spark.deploy.worker.Worker", "--host", LOOPBACK, "--webui-port", "0"),
                    *("--cores", str(cores), "--memory", memory, "--work-dir", str(folder / "work"), master),
                )
            )
        _wait_for(f"http://{LOOPBACK}:{page}/json/", workers, folder)
        yield master


@contextmanager
def _started(log: Path, *command: str) -> Iterator[None]:
    """A Spark process of this computer, which ends with the block."""
    import pyspark

    spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
    environment = os.environ | {"SPARK_LOCAL_IP": LOOPBACK, "PYSPARK_PYTHON": sys.executable}
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen([str(spark_class), *command], stdout=stream, stderr=stream, env=environment)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(page: str, workers: int, folder: Path) -> None:
    """Until the master's own page lists every worker as alive."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(page, timeout=5) as answer:
                if load(answer)["aliveworkers"] >= workers:
                    return
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(0.5)
    raise NoSpark(f"The Spark cluster did not start within {START_SECONDS} seconds; its logs are in {folder}")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        return listening.getsockname()[1]
