"""What files of outcome measures share: levels of geography, and values with their markers."""

from ingest.edition import Edition
from ingest.numbers import UNREADABLE
from ingest.problems import InputError, Problem
from ingest.tabular import Record, fault_at, place

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


def cell_row(edition: Edition, record: Record, source: str, level: str, faults: list[Problem]) -> dict:
    """What every outcomes file has in common: place, geography, breakdown and value or marker.

    A cell that cannot be read has the marker `unreadable`, and its reject joins `faults`.
    """
    reading = record.number("value", source)
    if reading.fault:
        faults.append(fault_at(edition, record, "value", reading))
    return place(edition, record, "value") | {
        "source": source,
        "ons_code": record.given("ons_code"),
        "geography_name": record.text("geography_name"),
        "geography_level": level,
        "measure_group": record.text("measure_group") if "measure_group" in record.cells else "",
        "breakdown": (record.text("breakdown") if "breakdown" in record.cells else "") or "Total",
        "value_text": record.text("value"),
        "value": reading.number,
        "marker": UNREADABLE if reading.fault else reading.marker,
    }
