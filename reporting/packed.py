"""Tables that a page shows only when asked: as small data, which static/packed.js turns into the very same markup.

A text is stored once in a list of strings, and a cell is its place there; a figure is its text, exact value and column.
"""

from typing import Any

from markupsafe import escape

from reporting import words
from reporting.markup import Figure, Spine, Table, addressed, key_query


class Pool:
    """Texts, each once, by place; and the cells of rows that stand in several tables, packed once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}
        # By identity, with the row itself so that it lives as long as its place here.
        self._rows: dict[tuple[int, bool], tuple[list, list]] = {}

    def at(self, text: str) -> int:
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text]

    def cells(self, row: list[Any], said: dict[str, str]) -> list:
        """A row's cells, packed; `said` is the row's own address, the same in every table that says it."""
        of_row = (id(row), bool(said))
        if of_row not in self._rows:
            self._rows[of_row] = (row, [_cell(cell, said, self) for cell in row])
        return self._rows[of_row][1]


def pack(table: Table, pool: Pool) -> dict[str, Any]:
    """The table as data: caption, columns, the mart and the key its rows share, and the rows."""
    shared = addressed(table)
    return {
        "caption": pool.at(table.caption),
        "id": table.identifier,
        "columns": [[pool.at(c.header), int(c.is_number)] for c in table.columns],
        "mart": shared.common.get("mart", ""),
        "key": key_query(shared.common),
        "rows": [_row(table, position, own, said, pool) for position, (own, said) in enumerate(shared.rows)],
    }


def _row(table: Table, position: int, own: dict[str, str], said: dict[str, str], pool: Pool) -> list:
    """The row's key, its attributes, and its cells."""
    pairs = table.row_attributes[position].items() if table.row_attributes else ()
    attributes = {k: pool.at(words.exact(v)) for k, v in pairs}
    return [pool.at(key_query(own)) if own else -1, attributes, *pool.cells(table.rows[position], said)]


def _cell(cell: Any, said: dict[str, str], pool: Pool) -> Any:
    if isinstance(cell, Figure) and cell.address == said and not cell.sums:
        return [pool.at(str(escape(cell.text))), words.exact(cell.value), pool.at(cell.column)]
    if isinstance(cell, Figure):
        return pool.at(cell.markup(said))
    if isinstance(cell, Spine):
        return {"spine": cell.marks, "words": pool.at(cell.words)}
    return pool.at(str(escape("" if cell is None else cell)))
