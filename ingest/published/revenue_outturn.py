"""Revenue Outturn: the forms RO3, RO4, RO5 and RSX (gross, income and net of each service) and the summary RS.

Source: MHCLG, “Revenue outturn by local authority”. The release's layout names the `form` (`ro3`, `ro4`, `ro5`, `rsx`
or `rs`) and its `sheets`; a file of many years and forms is read by `ingest/outturn_series.py`. RO4 and RO5 have not
yet been tried on a published file: they are laid out as RO3 is, and the lines known of them are those that public
programs reading the workbooks of 2018-19 to 2025-26 name; any other header is asked about.

A form has seven columns a service: the service is printed over the first of them, before every one of them, or once is
forgotten; headers are numbered apart by the spreadsheet (“Employees (C1)23”) and carry notes whose numbers change.
Below ENGLAND a second header begins the publisher's class totals, which are under the first three characters of their
ONS codes.
"""

import re

import pandas as pd

from ingest import column_map, outturn_series
from ingest.catalogue import MANY_RELEASES
from ingest.column_map import MappedColumn
from ingest.edition import Edition, Parsed
from ingest.finance_heading import by_content, check_unit, check_year, no_councils
from ingest.finance_lines import SheetLayout, read_sheet, required_lines
from ingest.finance_sheet import (
    ECODE,
    ENGLAND,
    FLAGS,
    Body,
    Line,
    at,
    cells,
    clean_name,
    header_row,
    is_ecode_header,
    no_headerless_figures,
    no_repeated_body,
    no_repeated_line,
    require,
    unplaced_row,
)
from ingest.problems import Problem
from ingest.sheets import Rows, cell_text, read_rows

# The raw tables this reader fills, besides `rejects`.
FILLS = ("finance_cells",)

SOURCE = "revenue_outturn"
LAYOUT = "form"
REQUIRED_ROLES = ("ecode", "ons_code", "name", "class")
# “Employees (C1)”, alone or after its service; the sheet may append a number to tell columns apart.
MEASURE = re.compile(r"(?:(?P<service>.+?)\s*-\s*)?(?P<measure>[^-()]+\(C\d[^()]*\))\d*")
NOTE = re.compile(r"\s*\[notes? \d+(?:(?:,| and|, and) \d+)*\]")
CLASS_CODE_LENGTH = 3


def read(edition: Edition) -> Parsed:
    """Every published cell of an outturn file as finance_cells, in £ thousand.

    Raises InputError for an unknown column, a missing sheet or total line, or a repeated authority.
    """
    layout = dict(edition.release.layout)
    if layout.get(MANY_RELEASES):
        return outturn_series.read(edition)
    form, sheets = layout.pop("form"), layout.pop("sheets", [{}])
    layout.pop("required_lines", None)
    frames, rejects = [], []
    for sheet in sheets:
        if form == "rs":
            sheet_layout = SheetLayout(**{"columns": ("numbered summary",), **layout, **sheet})
            frame, rejected = read_sheet(
                edition, sheet_layout, column_map_name=SOURCE, statement="outturn", source=form
            )
        else:
            frame, rejected = _read_form(edition, form, sheet.get("name"), layout.get("encoding", "utf-8-sig"))
        frames.append(frame)
        rejects.extend(rejected)
    return Parsed({"finance_cells": pd.concat(frames, ignore_index=True)}, rejects)


def _read_form(edition: Edition, form: str, sheet: str | None, encoding: str) -> tuple[pd.DataFrame, list[Problem]]:
    file = edition.release.file
    rows = read_rows(edition.path, sheet, encoding)
    first = header_row(rows, file, sheet)
    check_unit(rows, first, file, sheet)
    check_year(rows, first, file, sheet, edition.release.financial_year)
    services, measures = _split_headers(rows, first)
    place = {"file": file, "sheet": sheet, "row": first, "learned": edition.release.learned}
    named = {m.position: m for m in column_map.match(SOURCE, LAYOUT, services, **place)}
    measured = {m.position: m for m in column_map.match(SOURCE, LAYOUT, measures, **place)}
    roles = {m.fields["role"]: m.position for m in named.values() if m.fields["role"] != "line"}
    require(roles, REQUIRED_ROLES, file, sheet, first)
    roles = by_content(rows, first, roles)
    lines = [_line(m, measured.get(m.position)) for m in named.values() if m.fields["role"] == "line"]
    require({line.code: line for line in lines}, required_lines(edition, form), file, sheet, first)
    no_repeated_line(lines, file, sheet, first)
    bodies, rejects = _bodies(rows, first, roles, lines, file, sheet)
    if all(body.is_control for body in bodies):
        raise no_councils(file, sheet, first, at(rows[first], roles["ecode"]) if first < len(rows) else "")
    no_repeated_body(bodies, file, sheet)
    blank = [i for i in range(1, max(len(row) for row in rows) + 1) if i not in services]
    no_headerless_figures(rows, bodies, blank, file, sheet)
    year = edition.release.financial_year
    frame, faults = cells(edition.release_id, year, "outturn", form, file, sheet, rows, bodies, lines)
    return frame, rejects + faults


def _split_headers(rows: Rows, header: int) -> tuple[dict[int, str], dict[int, str]]:
    """Service and measure of every column with a header, by 1-based position.

    A measure printed alone belongs to the service above it, or else to the service of the column before;
    a memorandum column without a measure of its own keeps its whole header as the service.
    """
    above = rows[header - 2] if header > 1 else []
    services, measures = {}, {}
    current = ""
    for position, cell in enumerate(rows[header - 1], 1):
        text = _fold(cell)
        if not text:
            continue
        over = _fold(above[position - 1]) if position <= len(above) else ""
        over = "" if over.replace(".", "").isdigit() else over
        found = MEASURE.fullmatch(text)
        if found:
            current = found["service"] or over or current
            services[position], measures[position] = current, found["measure"].strip()
        else:
            # Before the first service there are only the columns that say whose row it is.
            is_joined = not current or text.startswith(f"{current} - ")
            services[position] = text if is_joined else f"{current} - {text}"
    return services, measures


def _fold(cell) -> str:
    return NOTE.sub("", " ".join(cell_text(cell).split()))


def _line(service: MappedColumn, measure: MappedColumn | None) -> Line:
    fields = service.fields
    kind = measure.fields["measure"] if measure else fields["measure"]
    return Line(service.position, service.header, fields["line_code"], fields["section"], kind)


def _bodies(rows, header, roles, lines, file, sheet) -> tuple[list[Body], list[Problem]]:
    bodies, rejects = [], []
    positions = [line.position for line in lines]
    in_class_totals = False
    for number, row in enumerate(rows[header:], header + 1):
        code, published = at(row, roles["ecode"]), at(row, roles["name"])
        ons_code, body_class = at(row, roles["ons_code"]), at(row, roles["class"])
        if is_ecode_header(code):
            in_class_totals = True
        elif in_class_totals and ons_code:
            total = ons_code[:CLASS_CODE_LENGTH]
            bodies.append(Body(number, total, ons_code, clean_name(published), published, body_class, is_control=True))
        elif code == ENGLAND:
            bodies.append(Body(number, ENGLAND, ons_code, clean_name(published), published, "", is_control=True))
        elif ECODE.fullmatch(code):
            flag = FLAGS.get(at(row, roles.get("flag")))
            if flag is None and at(row, roles.get("certified")) == "N":
                flag = "uncertified"
            bodies.append(Body(number, code, ons_code or None, clean_name(published), published, body_class, flag=flag))
        else:
            unplaced = unplaced_row(row, number, positions, file, sheet)
            if unplaced is not None:
                rejects.append(unplaced)
    return bodies, rejects
