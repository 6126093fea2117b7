"""A shared instance: the refresh job with its history in a real PostgreSQL, by the block dagster.yaml documents."""

from pathlib import Path

import pytest
import yaml

from benchmarks.homes import refresh

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ROOT = Path(__file__).parents[2]


def documented() -> dict:
    """dagster.yaml with the SQLite block taken out and the commented PostgreSQL block taken in."""
    lines = (ROOT / "dagster.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# storage:")
    end = next(n for n in range(start, len(lines)) if not lines[n].startswith("#"))
    block = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines[start:end]))
    return yaml.safe_load("\n".join(lines)) | block


@pytest.fixture
def postgres(postgres_server, monkeypatch):
    """The server of the session, in the variables that dagster.yaml names."""
    server = postgres_server
    settings = {"USERNAME": server.user, "PASSWORD": server.password, "HOST": server.host, "DB": "postgres"}
    settings["PORT"] = str(server.port)
    for name, value in settings.items():
        monkeypatch.setenv(f"DAGSTER_PG_{name}", value)
    return settings


def test_the_refresh_job_keeps_its_history_in_postgresql(postgres, own_home, tmp_path, monkeypatch):
    import psycopg2

    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "dagster.yaml").write_text(yaml.safe_dump(documented()), encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(instance))
    code, _ = refresh(own_home)
    assert code == 0, Path(f"{own_home}.log").read_text(encoding="utf-8")[-3000:]
    connection = psycopg2.connect(
        user=postgres["USERNAME"],
        password=postgres["PASSWORD"],
        host=postgres["HOST"],
        port=postgres["PORT"],
        dbname=postgres["DB"],
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("select pipeline_name, status from runs")
        assert cursor.fetchall() == [("refresh", "SUCCESS")]
        cursor.execute("select count(*) from event_logs where partition = '2021-22' and asset_key like '%source%'")
        assert cursor.fetchone()[0] > 0
    connection.close()
