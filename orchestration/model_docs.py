"""The dbt docs of a publication: one page with every model, its columns, tests and lineage, beside the report.

dbt's own page is filled from the manifest the refresh has anyway and from the published tables, so that no
further dbt run is needed and no path of this machine is published.
"""

import json
import re
from pathlib import Path
from typing import Any

import duckdb

from orchestration.project import PROJECT_DIR

PLACE = "dbt-docs/index.html"
MARTS = "marts"
# Readers come for what a table means: the SQL behind it, last on dbt's page, is folded until it is asked for.
FOLDING = """
<script>
new MutationObserver(() => document.querySelectorAll("code-block").forEach((block) => {
  if (block.dataset.folded) return;
  block.dataset.folded = "yes";
  block.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-sql";
  button.setAttribute("aria-expanded", "false");
  button.textContent = "Show the SQL";
  button.addEventListener("click", () => {
    block.hidden = !block.hidden;
    button.setAttribute("aria-expanded", String(!block.hidden));
    button.textContent = block.hidden ? "Show the SQL" : "Hide the SQL";
  });
  block.before(button);
})).observe(document.documentElement, { childList: true, subtree: true });
</script>
<style>code-block[hidden] { display: none; } .show-sql { margin: 1rem 0; padding: .4rem .9rem; font: inherit; }</style>
"""
# dbt's page asks for a file by an expression that nobody filled in.
ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
COMMENT_OR_MACRO = re.compile(
    r"^\{#-?(?P<comment>.*?)-?#\}|^\{%-?\s*(?:macro|test)\s+(?P<name>\w+)", re.DOTALL | re.MULTILINE
)


def write(manifest_path: Path, database: Path, report: Path) -> Path:
    """Write the page below `report` and return its path. Raises ValueError where dbt's page has changed its form."""
    from dbt.task.docs import DOCS_INDEX_FILE_PATH

    manifest = _without_paths(json.loads(manifest_path.read_text(encoding="utf-8")))
    for macro in manifest.get("macros", {}).values():
        if macro.get("package_name") == manifest["metadata"]["project_name"]:
            macro["description"] = macro["description"] or described_in(
                PROJECT_DIR / macro["original_file_path"], macro["name"]
            )
    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    for mark, content in (("MANIFEST", manifest), ("CATALOG", _catalog(manifest, database))):
        placeholder = f'"{mark}.JSON INLINE DATA"'
        if placeholder not in page:
            raise ValueError(f"dbt's docs page has no place for {mark.lower()}.json")
        # Inside a script element nothing may end it.
        page = page.replace(placeholder, json.dumps(content, ensure_ascii=False).replace("</", "<\\/"))
    page = ICON.sub('<link rel="icon" href="data:,">', page)
    if "</head>" not in page:
        raise ValueError("dbt's docs page has no head to put the folding of its SQL in")
    page = page.replace("</head>", f"{FOLDING}</head>", 1)
    target = report / PLACE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def described_in(file: Path, macro: str) -> str:
    """What the comment above a macro or a generic test says, which holds for those that follow it too."""
    said = ""
    for found in COMMENT_OR_MACRO.finditer(file.read_text(encoding="utf-8")):
        if found["name"] is None:
            said = " ".join(found["comment"].split())
        elif found["name"] == macro.removeprefix("test_"):
            return said
    return ""


def _without_paths(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest as a reader elsewhere may have it: where it was built, and by which run, left out."""
    kept_metadata = ("adapter_type", "dbt_schema_version", "dbt_version", "project_name")
    manifest["metadata"] = {k: manifest["metadata"].get(k) for k in kept_metadata}
    for kind in ("nodes", "sources", "macros", "unit_tests"):
        for node in manifest.get(kind, {}).values():
            for key in ("root_path", "compiled_path", "build_path", "created_at"):
                node.pop(key, None)
    return manifest


def _catalog(manifest: dict[str, Any], database: Path) -> dict[str, Any]:
    """Column types of the published marts, as dbt's page reads them."""
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, column_index, data_type from duckdb_columns()"
            " where schema_name = ? order by all",
            [MARTS],
        ).fetchall()
    tables: dict[str, dict[str, Any]] = {}
    for table, column, index, kind in columns:
        tables.setdefault(table, {})[column] = {"name": column, "type": kind, "index": index, "comment": None}
    nodes = {
        unique_id: {
            "unique_id": unique_id,
            "metadata": {"type": "BASE TABLE", "schema": MARTS, "name": node["name"], "database": "warehouse"},
            "columns": tables[node["name"]],
            "stats": {},
        }
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == MARTS and node["name"] in tables
    }
    return {"metadata": {}, "nodes": nodes, "sources": {}, "errors": None}
