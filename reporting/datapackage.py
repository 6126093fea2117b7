"""datapackage.json: the Parquet files described for other machines (Frictionless Data Package)."""

import hashlib
import json
from pathlib import Path
from typing import Any

from reporting import catalogue
from reporting.warehouse import Warehouse

# Raised by hand when a mart is renamed, removed or comes to mean something else, with an entry in CHANGELOG.md.
# What follows the plus sign changes by itself with any table, column, type, key or description.
VERSION = "2.0.0"

TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}
INTEGERS = ("INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT")
LICENCES = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
}


def write(warehouse: Warehouse, out: Path, publication: dict[str, Any]) -> dict[str, Any]:
    """Write `out/datapackage.json` and return it. A Parquet file already in `out/parquet/` adds its size and hash."""
    package = describe(warehouse, publication, out)
    (out / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return package


def describe(warehouse: Warehouse, publication: dict[str, Any], out: Path | None = None) -> dict[str, Any]:
    """The package: one resource a table with types, units, keys and references, then licences and sources."""
    tables = set(warehouse.tables())
    resources = [_resource(warehouse, table, tables, out) for table in warehouse.tables()]
    package: dict[str, Any] = {
        "name": "prevention-spend",
        "title": "Prevention spend in England",
        "description": "What English councils budget and spend on preventing, reducing and delaying need for care,"
        " apportioned to the penny and traceable to the published cell.",
        "id": publication.get("publication_id") or "unnamed",
        "version": f"{VERSION}+{_meaning(resources)}",
        "licenses": _licences(warehouse),
        "sources": _sources(warehouse),
        "resources": resources,
    }
    if publication.get("published_at"):
        package["created"] = publication["published_at"]
    if publication.get("is_sample"):
        package["title"] += " (sample: every council and figure is fictional)"
    return package


def _resource(warehouse: Warehouse, table: str, tables: set[str], out: Path | None) -> dict[str, Any]:
    fields = [_field(name, kind, text) for name, (kind, text) in warehouse.columns(table).items()]
    schema: dict[str, Any] = {"fields": fields}
    key = catalogue.key_of(table)
    if key:
        schema["uniqueKeys" if table in catalogue.NULLABLE_KEYS else "primaryKey"] = (
            [list(key)] if table in catalogue.NULLABLE_KEYS else list(key)
        )
    references = [
        {"fields": [column], "reference": {"resource": target, "fields": [field]}}
        for column, (target, field) in sorted(catalogue.REFERENCES.items())
        if target in tables and target != table and column in warehouse.columns(table)
    ]
    if references:
        schema["foreignKeys"] = references
    resource: dict[str, Any] = {
        "name": table,
        "path": f"parquet/{table}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }
    if warehouse.description(table):
        resource["description"] = warehouse.description(table)
    file = out / "parquet" / f"{table}.parquet" if out else None
    if file and file.exists():
        content = file.read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return resource


def _field(name: str, kind: str, text: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _type(kind)}
    if text:
        field["description"] = text
    unit = catalogue.unit_of(name)
    if unit:
        field["unit"] = unit
    if name.endswith("_share") and _type(kind) == "number" and not text:
        field["description"] = "Share of 0 to 1"
    return field


def _type(kind: str) -> str:
    if kind.endswith("[]"):
        return "array"
    if kind.startswith("DECIMAL"):
        return "number"
    if kind in INTEGERS:
        return "integer"
    return TYPES.get(kind, "any")


def _meaning(resources: list[dict[str, Any]]) -> str:
    """Twelve characters that change when any table, column, type, unit, key or description does."""
    said = [{k: r[k] for k in ("name", "schema", "description") if k in r} for r in resources]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def _licences(warehouse: Warehouse) -> list[dict[str, str]]:
    names = {r["licence"] for r in warehouse.read("dim_release", ["licence"]) if r["licence"]} or {"OGL-UK-3.0"}
    licences = []
    for name in sorted(n for n in names if n in LICENCES) or ["OGL-UK-3.0"]:
        title, path = LICENCES[name]
        licences.append({"name": name, "title": title, "path": path})
    return licences


def _sources(warehouse: Warehouse) -> list[dict[str, str]]:
    rows = warehouse.read("dim_release", ["release_id", "file", "publisher", "page"])
    sources = []
    for row in sorted(rows, key=lambda r: r["release_id"]):
        source = {"title": f"{row['file']} ({row['publisher']}), release {row['release_id']}"}
        if str(row["page"] or "").startswith("https://"):
            source["path"] = row["page"]
        sources.append(source)
    return sources
