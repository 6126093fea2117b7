"""A publication as it is copied to a place that many read: a PostgreSQL server, or object storage.

A place has a module with one function, `bring(published, where, …) -> Brought`. What was there before stays until
everything new is there, and a table whose checksum the place already holds is not sent again.
"""

from dataclasses import dataclass
from pathlib import Path

from orchestration.home import Home
from orchestration.publication import NoSuchPublication, manifest_of


class CannotCopy(Exception):
    """The publication could not be brought to the place; the place holds what it held. The message says what to do."""


@dataclass(frozen=True)
class Published:
    """One kept publication: its folder, and what its manifest says."""

    folder: Path
    manifest: dict

    @property
    def publication_id(self) -> str:
        return self.manifest["publication_id"]

    @property
    def checksums(self) -> dict[str, str]:
        """sha256 of each table's Parquet file: the same rows have the same checksum."""
        return {table["name"]: table["sha256"] for table in self.manifest["tables"]}

    @property
    def rows(self) -> dict[str, int]:
        return {table["name"]: table["rows"] for table in self.manifest["tables"]}


@dataclass(frozen=True)
class Brought:
    """What one copy did: tables sent, tables that were there already, rows sent."""

    place: str
    sent: list[str]
    kept: list[str]
    rows: int

    def words(self) -> str:
        if not self.sent:
            return f"{self.place}: nothing was sent, all {len(self.kept)} tables are there as published"
        return f"{self.place}: {len(self.sent)} tables sent ({self.rows:,} rows), {len(self.kept)} as they were"


def published(home: Home) -> Published:
    """What readers of this home see now. Raises NoSuchPublication when nothing is published."""
    publication_id = home.published_id()
    if publication_id is None:
        raise NoSuchPublication(f"Nothing has been published in {home.root} yet. Run `prevention refresh` first.")
    # By its own name, not through the link: a refresh may move the link while this is being copied.
    return Published(home.publications / publication_id, manifest_of(home, publication_id))
