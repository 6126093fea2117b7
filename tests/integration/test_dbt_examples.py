"""Examples that explain a model, stated beside it as dbt unit tests: each gives what it says it gives."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.dbt_models import PROJECT, close_adapters

pytestmark = pytest.mark.slow
FEWEST = 6


def test_every_example_of_a_model_comes_out_as_stated(refreshed, tmp_path):
    from dbt.cli.main import dbtRunner

    # dbt looks up the columns of what a model reads in a database that was built, and writes beside them.
    database = shutil.copyfile((refreshed / "candidate" / "warehouse.duckdb").resolve(), tmp_path / "warehouse.duckdb")
    given = {"PREVENTION_RAW": str((refreshed / "candidate" / "raw").resolve()), "PREVENTION_CANDIDATE": str(database)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setitem(os.environ, name, value)
        ran = dbtRunner().invoke(
            [
                *("--quiet", "test", "--select", "test_type:unit"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
            ]
        )
    close_adapters()
    results = json.loads(Path(tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) >= FEWEST
    assert {one["unique_id"]: one["message"] for one in results if one["status"] != "pass"} == {}
    assert ran.success
