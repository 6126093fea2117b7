"""The dbt sources file, written from the raw tables so that their columns are declared once.

Run `python -m ingest.dbt_sources` after changing ingest/tables.py.
"""

from pathlib import Path

import yaml

from ingest.tables import TABLES

TARGET = Path(__file__).parent.parent / "dbt_project" / "models" / "staging" / "_sources.yml"
# An apostrophe in the path is doubled, as SQL writes it.
FOLDER = """env_var("PREVENTION_RAW", "target/raw") | replace("'", "''")"""
LOCATION = f"read_parquet('{{{{ {FOLDER} }}}}/{{name}}/*.parquet')"
HEAD = "# Written by `python -m ingest.dbt_sources` from ingest/tables.py; a contract test compares the two.\n"


def render() -> str:
    """The text of the dbt sources file."""
    tables = [
        {
            "name": table.name,
            "description": f"One row is a {table.grain}",
            "config": {"meta": {"dagster": {"asset_key": ["raw", table.name]}}},
            "columns": [{"name": n, "description": meaning} for n, _, meaning in table.columns],
        }
        for table in TABLES.values()
    ]
    source = {
        "name": "raw",
        "description": "Typed published and submitted rows of one refresh, as raw Parquet",
        "config": {"meta": {"external_location": LOCATION}},
        "tables": tables,
    }
    return HEAD + yaml.safe_dump({"version": 2, "sources": [source]}, sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
