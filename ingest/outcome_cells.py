"""What files of outcome measures share: levels of geography, and values with their markers."""

from ingest.edition import Edition
from ingest.problems import InputError, Problem
from ingest.sheets import cell_number
from ingest.tabular import Record, place

LEVELS = {
    "council": "council",
    "local authority": "council",
    "region": "region",
    "regional": "region",
    "council type": "council_type",
    "england": "england",
    "national": "england",
}


def level_of(edition: Edition, record: Record) -> str:
    """Our word for the row's geographical level. Raises InputError for a level nobody has seen."""
    published = record.text("geography_level")
    if published.lower() not in LEVELS:
        raise InputError(
            Problem(
                file=edition.path.name,
                sheet=edition.release.layout.get("sheet"),
                row=record.row,
                column=record.columns["geography_level"],
                value=published,
                what=f"an unknown geographical level; known are {', '.join(sorted(LEVELS))}",
                remedy="correct the cell, or add the level in ingest/outcome_cells.py",
            )
        )
    return LEVELS[published.lower()]


def cell_row(edition: Edition, record: Record, source: str, level: str) -> dict:
    """What every outcomes file has in common: place, geography, breakdown and value or marker."""
    value = cell_number(record.cells["value"])
    return place(edition, record, "value") | {
        "source": source,
        "ons_code": record.given("ons_code"),
        "geography_name": record.text("geography_name"),
        "geography_level": level,
        "measure_group": record.text("measure_group") if "measure_group" in record.cells else "",
        "breakdown": (record.text("breakdown") if "breakdown" in record.cells else "") or "Total",
        "value_text": record.text("value"),
        "value": value,
        "marker": None if value is not None else record.text("value") or "blank",
    }
