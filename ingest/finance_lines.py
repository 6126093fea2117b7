"""Finance sheets with one row an authority and one column a line: Revenue Account, outturn summary.

What differs by year: E-code or ONS code first, footnote letters beside or inside names, form line numbers
printed above the headers in later years, blank spacer columns, several sheets of one layout.
"""

from dataclasses import dataclass

import pandas as pd

from ingest import column_map
from ingest.column_map import MappedColumn
from ingest.edition import Edition
from ingest.finance_heading import by_content, check_unit, check_year, no_councils
from ingest.finance_sheet import (
    CLASS_CODE,
    ECODE,
    ENGLAND,
    ENGLAND_CODE,
    FLAGS,
    GLA,
    NOT_MONEY,
    Body,
    Line,
    at,
    cells,
    clean_name,
    header_row,
    no_headerless_figures,
    no_repeated_body,
    no_repeated_line,
    require,
    unplaced_row,
)
from ingest.problems import Problem
from ingest.sheets import Rows, cell_text, read_rows

NET_CURRENT_EXPENDITURE = "net_current_expenditure"
REQUIRED_ROLES = ("ecode", "name", "class")


@dataclass(frozen=True)
class SheetLayout:
    """A sheet's name (none for CSV), its measure, and the layouts of the column map it is read with.

    `footnote_letters` are those the publisher prints inside names, as in “Enfield D”.
    """

    name: str | None = None
    measure: str = NET_CURRENT_EXPENDITURE
    columns: tuple[str, ...] = ("numbered",)
    encoding: str = "utf-8-sig"
    footnote_letters: str = ""


def read_sheet(
    edition: Edition, layout: SheetLayout, *, column_map_name: str, statement: str, source: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Every cell of one sheet as finance_cells, in £ thousand, and the rows that could not be placed.

    Raises InputError for an unknown column, a missing sheet or total line, or a repeated authority.
    """
    file, name = edition.release.file, layout.name
    rows = read_rows(edition.path, name, layout.encoding)
    first = header_row(rows, file, name)
    check_unit(rows, first, file, name)
    check_year(rows, first, file, name, edition.release.financial_year)
    headers = {i: " ".join(cell_text(cell).split()) for i, cell in enumerate(rows[first - 1], 1) if cell_text(cell)}
    mapped = column_map.match(
        column_map_name,
        layout.columns,
        headers,
        file=file,
        sheet=name,
        row=first,
        numbers=_printed_numbers(rows, first),
        learned=edition.release.learned,
    )
    roles = {m.fields["role"]: m.position for m in mapped if m.fields["role"] != "line"}
    require(roles, REQUIRED_ROLES, file, name, first)
    roles = by_content(rows, first, roles)
    lines = [_line(m, layout.measure) for m in mapped if m.fields["role"] == "line"]
    require({line.code: line for line in lines}, required_lines(edition, source), file, name, first)
    no_repeated_line(lines, file, name, first)

    first_line = min(line.position for line in lines)
    blank = [i for i in range(1, max(len(row) for row in rows) + 1) if i not in headers]
    beside_name = [i for i in blank if i < first_line] + ([roles["flag"]] if "flag" in roles else [])
    bodies, rejects = _bodies(rows, first, roles, beside_name, lines, layout, file)
    if all(body.is_control for body in bodies):
        raise no_councils(file, name, first, at(rows[first], roles["ecode"]) if first < len(rows) else "")
    no_repeated_body(bodies, file, name)
    no_headerless_figures(rows, bodies, blank, file, name)
    year = edition.release.financial_year
    frame, faults = cells(edition.release_id, year, statement, source, file, name, rows, bodies, lines)
    return frame, rejects + faults


def required_lines(edition: Edition, form: str) -> tuple[str, ...]:
    """Lines without which a form of this year tells nothing: those its layout lists, else those of its year."""
    layout, year = edition.release.layout, edition.release.financial_year or ""
    if "required_lines" in layout:
        return tuple(layout["required_lines"])
    return tuple(
        row["line_code"]
        for row in column_map.load("required_lines")
        if row["form"] == form and row["from_year"] <= year and (not row["to_year"] or year <= row["to_year"])
    )


def _printed_numbers(rows: Rows, header: int) -> dict[int, str]:
    """Form line numbers printed in the row above the headers; empty where there are none."""
    above = rows[header - 2] if header > 1 else []
    return {i: cell_text(cell) for i, cell in enumerate(above, 1) if cell_text(cell).isdigit()}


def _line(mapped: MappedColumn, sheet_measure: str) -> Line:
    fields = mapped.fields
    is_money = fields["measure"] not in NOT_MONEY
    # Second and third sheets repeat the columns of counts: there the sheet's measure keeps them apart.
    is_repeat = not is_money and sheet_measure != NET_CURRENT_EXPENDITURE
    measure = sheet_measure if is_repeat else fields["measure"] or sheet_measure
    return Line(mapped.position, mapped.header, fields["line_code"], fields["section"], measure, is_money)


def _bodies(rows, header, roles, beside_name, lines, layout, file) -> tuple[list[Body], list[Problem]]:
    bodies, rejects = [], []
    seen: set[str] = set()
    positions = [line.position for line in lines]
    for number, row in enumerate(rows[header:], header + 1):
        code, published = at(row, roles["ecode"]), at(row, roles["name"])
        body_class, ons_code = at(row, roles["class"]), at(row, roles.get("ons_code"))
        total = _total(code, ons_code, published, body_class, seen)
        if ECODE.fullmatch(code) and not total:
            seen.add(code)
            printed = (at(row, position) for position in beside_name)
            flag = next((FLAGS[mark] for mark in printed if mark in FLAGS), None)
            name = clean_name(published, layout.footnote_letters)
            bodies.append(Body(number, code, ons_code or None, name, published, body_class, flag=flag))
            continue
        unplaced = unplaced_row(row, number, positions, file, layout.name)
        if unplaced is None:
            continue
        if total:
            bodies.append(Body(number, total, None, clean_name(published), published, body_class, is_control=True))
        else:
            rejects.append(unplaced)
    return bodies, rejects


def _total(code: str, ons_code: str, published: str, body_class: str, seen: set[str]) -> str:
    """What a row is the publication's own total of: England, or a class by its code or its letters; '' for no total.

    Where the authority of the capital stands among the totals once more, it is the total of its class.
    """
    if code == ENGLAND or ons_code == ENGLAND_CODE or published.upper() == "ENGLAND":
        return ENGLAND
    if CLASS_CODE.fullmatch(ons_code):
        return ons_code
    if body_class == GLA and code in seen:
        return ons_code[:3] or GLA
    return body_class if not code else ""
