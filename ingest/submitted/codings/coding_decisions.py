"""The sheet on which differing readings are decided: one row for each cell on which two coders differ.

    unit | question in words | code of each coder with quotation and page | decision | why

It is a coding sheet of the coder `adjudicated`: under the same facts at the top there is one row per cell instead of
one per unit. A row without a decision stays undecided.
"""

from collections.abc import Iterator

from ingest.problems import Problem
from ingest.sheets import cell_text
from ingest.submitted.codings.coded_row import CodedRow, Head, Place
from ingest.submitted.codings.coding_layout import PAGE, QUOTATION, UNIT_CODE, UNIT_LABEL, UNIT_NAME, columns
from ingest.submitted.codings.coding_table import at

COLUMN, DECISION = "column", "decision"


def is_decisions(header: list) -> bool:
    """Whether a header row is that of a sheet of decisions."""
    return {COLUMN, DECISION} <= {cell_text(cell) for cell in header}


def coded_rows(
    file: str, sheet: str | None, head: Head, header_row: int, header: list, body: list[tuple[int, list]]
) -> tuple[Iterator[CodedRow], list[Problem]]:
    """One row for each unit with its decisions, and a problem for each row whose column is not in the codebook."""
    places = {cell_text(cell): position for position, cell in enumerate(header, start=1) if cell_text(cell)}
    known = {column.name: column for column in columns(head.document_type, head.wave)}
    problems: list[Problem] = []
    units: dict[str, dict[str, Place]] = {}
    if not head.is_adjudicated:
        what = "a sheet of decisions belongs to the coder “adjudicated”"
        problems.append(Problem(file, what, "write adjudicated behind coder", sheet, value=head.coder))

    def cell(number: int, row: list, name: str) -> Place:
        return Place(number, places.get(name, 0), at(row, places[name] - 1) if name in places else "")

    for number, row in body:
        unit, column, decision = (cell(number, row, name) for name in (UNIT_CODE, COLUMN, DECISION))
        if unit.text in ("", UNIT_LABEL) or not decision.text:
            continue
        if column.text not in known or not known[column.text].choices:
            what, remedy = "the codebook knows no such column", "keep the column's code as the sheet was written"
            problems.append(Problem(file, what, remedy, sheet, number, column.column, column.text or None))
            continue
        cells = units.setdefault(unit.text, {UNIT_CODE: unit, UNIT_NAME: cell(number, row, UNIT_NAME)})
        if column.text in cells:
            what = f"row {cells[column.text].row} decides the same cell; this row is not read"
            problems.append(Problem(file, what, "keep one row per cell", sheet, number, decision.column, decision.text))
            continue
        cells[column.text] = decision
        item = known[column.text].item.item_code
        for evidence in (QUOTATION, PAGE):
            given = cell(number, row, f"decided_{evidence}")
            if given.text:
                cells.setdefault(f"{item}:{evidence}", given)
    return (CodedRow(file, sheet, head, cells, known) for cells in units.values()), problems
