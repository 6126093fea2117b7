"""The parsed dbt project."""

import os

from orchestration import project
from orchestration.home import Home


def test_parsing_leaves_the_environment_as_it_was(tmp_path, monkeypatch):
    """A caller that had set the database of its own for dbt would else be sent to another, in a new checkout only."""
    monkeypatch.setattr(project, "SHARED", tmp_path / "shared")
    monkeypatch.setattr(project, "PROJECT_DIR", _one_model(tmp_path / "one_model"))
    monkeypatch.setenv("PREVENTION_CANDIDATE", "mine.duckdb")
    monkeypatch.delenv("PREVENTION_RAW", raising=False)
    before = dict(os.environ)
    project.prepare(Home(tmp_path / "home"))
    assert (tmp_path / "shared" / project.PARSED).exists()
    assert dict(os.environ) == before


def _one_model(folder):
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "one.sql").write_text("select 1 as number")
    (folder / "dbt_project.yml").write_text("name: one_model\nprofile: prevention\nversion: 1.0.0\n")
    profiles = (project.PROJECT_DIR / "profiles.yml").read_text(encoding="utf-8")
    (folder / "profiles.yml").write_text(profiles, encoding="utf-8")
    return folder
