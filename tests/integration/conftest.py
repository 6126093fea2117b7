"""One refresh of the sample and one of the published files, shared by the tests that look at what they made; a
PostgreSQL server of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.homes import refresh
from tests.apportionment_warehouse import TinyWarehouse
from tests.shared_once import own_copy, shared_once


def _refreshed(home: Path, *arguments: str) -> None:
    code, _ = refresh(home, *arguments)
    assert code == 0, Path(f"{home}.log").read_text(encoding="utf-8")[-4000:]


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory) -> Path:
    """A home after one refresh of the sample. Do not change it: copy it with `own_home`."""
    return shared_once(tmp_path_factory, "refreshed", _refreshed)


@pytest.fixture
def own_home(refreshed, tmp_path) -> Path:
    """A copy of the refreshed home that a test may do anything with."""
    return own_copy(refreshed, tmp_path / "home")


@pytest.fixture(scope="session")
def real_home(tmp_path_factory, real_data) -> Path:
    """A home after one whole refresh of the published files. Do not change it."""
    return shared_once(tmp_path_factory, "real", lambda home: _refreshed(home, "--data", str(real_data)))


@pytest.fixture(scope="session")
def real_warehouse(real_home) -> Path:
    """The database that refresh built, with staging, intermediate and audit models in it; to be read only."""
    return (real_home / "candidate" / "warehouse.duckdb").resolve()


@dataclass(frozen=True)
class PostgresServer:
    """A server on a free port of this machine, and its administrator."""

    host: str
    port: int
    user: str
    password: str

    def dsn(self, database: str, user: str | None = None) -> str:
        return f"postgresql://{user or self.user}:{self.password}@{self.host}:{self.port}/{database}"


@pytest.fixture(scope="session")
def postgres_server():
    """A real server, run by an ordinary user; gone when the tests are over. Tests make databases of their own."""
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("PostgreSQL is not on this machine")
    # Not below pytest's own folder, which no other user may enter.
    data = Path(tempfile.mkdtemp(prefix="postgres"))
    user = {}
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        shutil.chown(data, postgres.pw_uid, postgres.pw_gid)
        user = {"user": postgres.pw_uid, "group": postgres.pw_gid, "cwd": data}
    server = PostgresServer("127.0.0.1", _free_port(), "administrator", "only-for-this-test")
    password = data.with_suffix(".password")
    password.write_text(server.password, encoding="utf-8")
    setup = ["initdb", "-D", str(data), "-U", server.user, "-A", "scram-sha-256", "--pwfile", str(password)]
    subprocess.run(setup, check=True, capture_output=True, **user)
    # What a crash of the machine would cost is nothing here, so nothing waits for the disk.
    options = f"-p {server.port} -c listen_addresses={server.host} -c unix_socket_directories='' -c fsync=off"
    control = ["pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(data / "log")]
    subprocess.run([*control, "start"], check=True, capture_output=True, **user)
    yield server
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, **user)
    shutil.rmtree(data)
    password.unlink()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def filled_file(compiled, tmp_path_factory):
    """A tiny warehouse, filled and built. Do not change it: `tiny` is a copy."""
    path = tmp_path_factory.mktemp("tiny") / "filled.duckdb"
    TinyWarehouse(compiled, path).fill().build().connection.close()
    return path


@pytest.fixture
def tiny(compiled, filled_file, tmp_path):
    warehouse = TinyWarehouse(compiled, shutil.copy(filled_file, tmp_path / "tiny.duckdb"))
    yield warehouse
    warehouse.connection.close()
