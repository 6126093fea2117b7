"""Revenue Account (RA) budgets: one row an authority, one column a line of the form, £ thousand.

Source: MHCLG (earlier DCLG, DLUHC), “Revenue Account budget by local authority”. What differs by year:
E-code or ONS code first, footnote letters beside or inside names, form line numbers printed above the
headers from 2016-17 on, blank spacer columns, up to three sheets of one layout to 2015-16, and no total
rows in 2023-24. The release's layout may hold `sheets` (each with `name`, `measure`, `columns`: layouts of
the column map, first one first), `encoding` of a CSV file and `footnote_letters` printed inside names.
"""

import pandas as pd

from ingest import column_map
from ingest.column_map import MappedColumn
from ingest.finance_sheet import (
    ECODE,
    ENGLAND,
    FLAGS,
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
from ingest.land import Edition, Parsed
from ingest.problems import Problem
from ingest.sheets import Rows, cell_text, read_rows

NET_CURRENT_EXPENDITURE = "net_current_expenditure"
COLUMNS = ["numbered"]
REQUIRED_ROLES = ("ecode", "name", "class")
REQUIRED_LINES = ("360", "390", "799")


def read(edition: Edition) -> Parsed:
    """Every published cell of a Revenue Account file as finance_cells, in £ thousand.

    Raises InputError for an unknown column, a missing sheet or total line, or a repeated authority.
    """
    layout = edition.release.layout
    frames, rejects = [], []
    for sheet in layout.get("sheets", [{}]):
        frame, rejected = _read_sheet(edition, sheet, layout)
        frames.append(frame)
        rejects.extend(rejected)
    return Parsed({"finance_cells": pd.concat(frames, ignore_index=True)}, rejects)


def _read_sheet(edition: Edition, sheet: dict, layout: dict) -> tuple[pd.DataFrame, list[Problem]]:
    file, name = edition.release.file, sheet.get("name")
    rows = read_rows(edition.path, name, layout.get("encoding", "utf-8-sig"))
    first = header_row(rows, file, name)
    headers = {i: " ".join(cell_text(cell).split()) for i, cell in enumerate(rows[first - 1], 1) if cell_text(cell)}
    mapped = column_map.match(
        "revenue_account",
        sheet.get("columns", COLUMNS),
        headers,
        file=file,
        sheet=name,
        row=first,
        numbers=_printed_numbers(rows, first),
    )
    roles = {m.fields["role"]: m.position for m in mapped if m.fields["role"] != "line"}
    require(roles, REQUIRED_ROLES, file, name, first)
    measure = sheet.get("measure", NET_CURRENT_EXPENDITURE)
    lines = [_line(m, measure) for m in mapped if m.fields["role"] == "line"]
    require({line.code for line in lines}, REQUIRED_LINES, file, name, first)
    no_repeated_line(lines, file, name, first)

    first_line = min(line.position for line in lines)
    blank = [i for i in range(1, max(len(row) for row in rows) + 1) if i not in headers]
    beside_name = [i for i in blank if i < first_line] + ([roles["flag"]] if "flag" in roles else [])
    bodies, rejects = _bodies(rows, first, roles, beside_name, lines, layout.get("footnote_letters", ""), file, name)
    no_repeated_body(bodies, file, name)
    no_headerless_figures(rows, bodies, blank, file, name)
    year = edition.release.financial_year
    return cells(edition.release_id, year, "budget", "ra", name, rows, bodies, lines), rejects


def _printed_numbers(rows: Rows, header: int) -> dict[int, str]:
    """Form line numbers, printed in the row above the headers from 2016-17 on; empty where there are none."""
    above = rows[header - 2] if header > 1 else []
    return {i: cell_text(cell) for i, cell in enumerate(above, 1) if cell_text(cell).isdigit()}


def _line(mapped: MappedColumn, sheet_measure: str) -> Line:
    fields = mapped.fields
    is_money = fields["measure"] not in NOT_MONEY
    # Second and third sheets repeat the columns of counts: there the sheet's measure keeps them apart.
    is_repeat = not is_money and sheet_measure != NET_CURRENT_EXPENDITURE
    measure = sheet_measure if is_repeat else fields["measure"] or sheet_measure
    return Line(mapped.position, mapped.header, fields["line_code"], fields["section"], measure, is_money)


def _bodies(rows, header, roles, beside_name, lines, footnote_letters, file, sheet) -> tuple[list[Body], list[Problem]]:
    bodies, rejects = [], []
    positions = [line.position for line in lines]
    for number, row in enumerate(rows[header:], header + 1):
        code, published = at(row, roles["ecode"]), at(row, roles["name"])
        body_class = at(row, roles["class"])
        if ECODE.fullmatch(code):
            printed = (at(row, position) for position in beside_name)
            flag = next((FLAGS[mark] for mark in printed if mark in FLAGS), None)
            name = clean_name(published, footnote_letters)
            ons_code = at(row, roles.get("ons_code")) or None
            bodies.append(Body(number, code, ons_code, name, published, body_class, flag=flag))
            continue
        unplaced = unplaced_row(row, number, positions, file, sheet)
        if unplaced is None:
            continue
        if not code and (published == "ENGLAND" or body_class):
            total = ENGLAND if published == "ENGLAND" else body_class
            bodies.append(Body(number, total, None, clean_name(published), published, body_class, is_control=True))
        else:
            rejects.append(unplaced)
    return bodies, rejects
