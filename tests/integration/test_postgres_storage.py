"""A shared instance: the refresh job with its history in a real PostgreSQL, by the block dagster.yaml documents."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

from benchmarks.homes import refresh

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
DATABASE, PASSWORD = "dagster", "only-for-this-test"


def documented() -> dict:
    """dagster.yaml with the SQLite block taken out and the commented PostgreSQL block taken in."""
    lines = (ROOT / "dagster.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# storage:")
    end = next(n for n in range(start, len(lines)) if not lines[n].startswith("#"))
    block = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines[start:end]))
    return yaml.safe_load("\n".join(lines)) | block


@pytest.fixture
def postgres(monkeypatch):
    """A server of its own on a free port of this machine, run by an ordinary user."""
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("PostgreSQL is not on this machine")
    # Not below pytest's own folder, which no other user may enter.
    data = Path(tempfile.mkdtemp(prefix="postgres"))
    user = {}
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        shutil.chown(data, postgres.pw_uid, postgres.pw_gid)
        user = {"user": postgres.pw_uid, "group": postgres.pw_gid, "cwd": data}
    password = data.with_suffix(".password")
    password.write_text(PASSWORD, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    setup = ["initdb", "-D", str(data), "-U", DATABASE, "-A", "scram-sha-256", "--pwfile", str(password)]
    subprocess.run(setup, check=True, capture_output=True, **user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    control = ["pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(data / "log")]
    subprocess.run([*control, "start"], check=True, capture_output=True, **user)
    settings = {"USERNAME": DATABASE, "PASSWORD": PASSWORD, "HOST": "127.0.0.1", "DB": "postgres", "PORT": str(port)}
    for name, value in settings.items():
        monkeypatch.setenv(f"DAGSTER_PG_{name}", value)
    yield settings
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, **user)
    shutil.rmtree(data)
    password.unlink()


def test_the_refresh_job_keeps_its_history_in_postgresql(postgres, own_home, tmp_path, monkeypatch):
    import psycopg2

    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "dagster.yaml").write_text(yaml.safe_dump(documented()), encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(instance))
    code, _ = refresh(own_home)
    assert code == 0, Path(f"{own_home}.log").read_text(encoding="utf-8")[-3000:]
    connection = psycopg2.connect(
        user=DATABASE, password=PASSWORD, host="127.0.0.1", port=postgres["PORT"], dbname=postgres["DB"]
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("select pipeline_name, status from runs")
        assert cursor.fetchall() == [("refresh", "SUCCESS")]
        cursor.execute("select count(*) from event_logs where partition = '2021-22' and asset_key like '%source%'")
        assert cursor.fetchone()[0] > 0
    connection.close()
