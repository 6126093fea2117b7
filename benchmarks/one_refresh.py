"""The floor of a refresh, and the report page by page, each in a process of its own: see refresh.py."""

import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from ingest import land
from orchestration import publication
from orchestration.home import Home


class Steps:
    """Seconds by step."""

    def __init__(self):
        self.seconds: dict[str, float] = defaultdict(float)
        self._last = time.perf_counter()

    def end(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] += now - self._last
        self._last = now


def floor(home: Home) -> dict[str, float]:
    """The files of a refreshed home read again, its models' SQL run and its marts copied: one script, one process.

    Nothing is checked, recorded or shown, there is no workbook and no report.
    """
    steps = Steps()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # By the readers themselves; what the home has of it is not looked at.
        for edition in land.editions(home.landing):
            land.ingest(edition, folder / "raw")
        steps.end("read")
        database = folder / "warehouse.duckdb"
        _build(home, database)
        steps.end("build")
        publication.write_tables(database, folder / "publication", {})
        steps.end("publish")
    return steps.seconds


def _build(home: Home, database: Path) -> None:
    nodes = json.loads((home.dbt / "manifest" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    needs = {key: [n for n in node["depends_on"]["nodes"] if n in models] for key, node in models.items()}
    compiled = home.dbt / "target" / "compiled" / "prevention"
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{home.candidate_database}' as built (read_only)")
        for schema in {node["schema"] for node in nodes.values()}:
            connection.execute(f'create schema if not exists "{schema}"')
        for node in nodes.values():
            if node["resource_type"] == "seed":
                name = f'"{node["schema"]}"."{node["name"]}"'
                connection.execute(f"create table {name} as from built.{name}")
        for key in TopologicalSorter(needs).static_order():
            node = models[key]
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            sql = (compiled / node["original_file_path"]).read_text(encoding="utf-8")
            connection.execute(f'create {kind} "{node["schema"]}"."{node["name"]}" as {sql}')
        connection.execute("detach built")


def report(home: Home) -> dict[str, tuple[int, float]]:
    """Pages and seconds by kind of page: what a page shows worked out, written and its tables saved."""
    from reporting import build, site

    steps, pages = Steps(), defaultdict(int)
    written = site._Site.page

    def page(self, template: str, *arguments) -> None:
        written(self, template, *arguments)
        pages[template] += 1
        steps.end(template)

    site._Site.page = page
    manifest = json.loads((home.published / "manifest.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        build.build(home.published / "warehouse.duckdb", Path(folder) / "out", publication=manifest)
        steps.end("workbook and data package")
        shutil.rmtree(Path(folder) / "out")
    return {step: (pages.get(step, 0), seconds) for step, seconds in steps.seconds.items()}


if __name__ == "__main__":
    print(json.dumps({"floor": floor, "report": report}[sys.argv[1]](Home(Path(sys.argv[2]).resolve()))))
