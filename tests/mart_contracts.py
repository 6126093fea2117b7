"""What the dbt project promises of every published table: its columns and their types, read from the declarations."""

from functools import cache
from pathlib import Path

import yaml

MODELS = Path(__file__).parent.parent / "dbt_project" / "models"


@cache
def contracts() -> dict[str, dict[str, str]]:
    """Table to column to DuckDB type, of every model whose contract is published."""
    found = {}
    for folder in ("core", "marts", "audit"):
        for path in sorted((MODELS / folder).rglob("_*.yml")):
            for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or []:
                columns = {c["name"]: c.get("data_type") for c in model.get("columns", [])}
                if all(columns.values()) and columns:
                    found[model["name"]] = columns
    return found


def create_empty(connection) -> None:
    """Every published table, without rows, in the schema `marts` of a database."""
    connection.execute("create schema marts")
    for name, columns in contracts().items():
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"create table marts.{name} ({declared})")
