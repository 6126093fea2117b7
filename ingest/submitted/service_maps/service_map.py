"""A service map read back: every fault found at once, and a map with any fault refused whole.

    open ─► answers by cell ─► rules between cells ─► raw rows

`check` is for the person holding the workbook, `read` for the refresh. Whether a line or council exists is
asked here only when the caller can say which do; a refresh asks it again in the database.
"""

from decimal import Decimal
from pathlib import Path

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.submitted.service_maps.map_answers import Pages
from ingest.submitted.service_maps.map_layout import (
    LINE_FIELDS,
    LINES,
    OUTCOME,
    QUESTIONS,
    TARGETS,
    TIER_FIELDS,
    TIERS,
    folded,
)
from ingest.submitted.service_maps.map_rules import Known, MapRules, service_code, slug
from ingest.submitted.service_maps.workbook import open_workbook
from ingest.tables import TABLES

# The raw tables this reader fills, besides `rejects`.
FILLS = ("service_map_lines", "service_map_targets", "service_map_tiers")


def check(path: Path, known: Known | None = None) -> list[Problem]:
    """Every problem of a map, in the order of its sheets; an empty list means that it would be taken."""
    try:
        return _Map(path, known or Known()).problems
    except InputError as error:
        return error.problems


def read(edition: Edition) -> Parsed:
    """The raw rows of a map. Raises InputError with every problem when it has any."""
    found = _Map(edition.path, Known())
    if found.problems:
        raise InputError(found.problems)
    return Parsed(
        {
            "service_map_lines": _frame("service_map_lines", found.line_rows(edition.release_id)),
            "service_map_tiers": _frame("service_map_tiers", found.tier_rows(edition.release_id)),
            "service_map_targets": _frame("service_map_targets", found.target_rows(edition.release_id)),
        }
    )


def _frame(table: str, rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TABLES[table].schema.names, dtype=object)


class _Map:
    """One map, read and judged. Problems of cells come first, then those between cells."""

    def __init__(self, path: Path, known: Known):
        pages = Pages(path.name, open_workbook(path))
        self.details = pages.details()
        self.lines = pages.table(LINES, LINE_FIELDS, given="line_code")
        self.tiers = pages.table(TIERS, TIER_FIELDS)
        self.targets = pages.targets()
        judge = MapRules(pages, known, self.details, self.lines, self.tiers, self.targets)
        self.councils = judge.councils
        self.problems = pages.problems

    def _map_id(self) -> str:
        details = self.details
        owner = self.councils[0] if details.get("map_kind") == "council" else slug(details.get("shared_name"))
        statement = "" if details.get("statement") == "both" else f":{details.get('statement')}"
        return f"{owner}:{details.get('valid_from_year')}:v{details.get('definition_version')}{statement}"

    def _owner(self) -> str:
        return self._map_id().split(":")[0]

    def line_rows(self, release_id: str) -> list[dict]:
        """Raw rows of step one, one per council of the map."""
        details = self.details
        assessed = details.get("assessed_on")
        return [
            {
                "release_id": release_id,
                "sheet": LINES,
                "source_row": row.number,
                "source_column": row.column("share") or row.column("quantity"),
                "map_id": self._map_id(),
                "map_kind": details.get("map_kind"),
                "council_code": council,
                "valid_from_year": details.get("valid_from_year"),
                "valid_to_year": details.get("valid_to_year"),
                "definition_version": details.get("definition_version"),
                "statement": details.get("statement"),
                "line_code": row.get("line_code"),
                "service_code": service_code(self._owner(), row),
                "service_name": row.get("service_name"),
                "department": row.get("department"),
                "basis": row.get("basis"),
                "driver_kind": "share" if "share" in row.answers else "quantity",
                "driver_value": row.get("share") if "share" in row.answers else row.get("quantity"),
                "low_share": row.get("low_share"),
                "high_share": row.get("high_share"),
                "confidence": row.get("confidence"),
                "performance_measure": row.get("performance_measure"),
                "evidence": row.get("evidence"),
                "assessor_role": details.get("assessor_role"),
                "assessed_on": assessed.isoformat(),
            }
            for council in self.councils
            for row in self.lines
        ]

    def tier_rows(self, release_id: str) -> list[dict]:
        """Raw rows of step two, one per council of the map."""
        codes = {folded(row.get("service_name")): service_code(self._owner(), row) for row in self.lines}
        return [
            {
                "release_id": release_id,
                "sheet": TIERS,
                "source_row": row.number,
                "source_column": row.column("tier_share"),
                "map_id": self._map_id(),
                "council_code": council,
                "service_code": codes[folded(row.get("service_name"))],
                "outcome_code": OUTCOME,
                "tier": row.get("tier"),
                "tier_share": row.get("tier_share"),
                "low_share": row.get("low_share"),
                "high_share": row.get("high_share"),
                "is_home_care": row.get("is_home_care"),
                "confidence": row.get("confidence"),
                "evidence": row.get("evidence"),
            }
            for council in self.councils
            for row in self.tiers
        ]

    def target_rows(self, release_id: str) -> list[dict]:
        """Raw rows of the target and the answered questions, one per council of the map."""
        return [
            {
                "release_id": release_id,
                "sheet": TARGETS,
                "source_row": self.targets.answers[item].row,
                "source_column": self.targets.answers[item].column,
                "map_id": self._map_id(),
                "council_code": council,
                "item": item,
                "value_text": f"{value.normalize():f}" if isinstance(value, Decimal) else value,
            }
            for council in self.councils
            for item in ("shift_target_share", "shift_target_year", *QUESTIONS)
            if (value := self.targets.get(item)) is not None
        ]
