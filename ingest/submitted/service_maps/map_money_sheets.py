"""The two sheets of the service map workbook that hold money: the budget lines, and their split into services.

Every formula is written with its present value, so that programs that do not calculate show the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ingest.submitted.service_maps import map_layout
from ingest.submitted.service_maps.map_layout import BUDGET_LINES, LINE_FIELDS, LINES, TIER_FIELDS, Field
from ingest.submitted.service_maps.map_style import Sheet

ROWS_PER_LINE = 4
SPARE_ROWS = 40
HEADER_ROW = 5  # 0-based: the sixth row of every sheet that is a table
FIRST_ROW = HEADER_ROW + 1
NUMBER_HEADERS = frozenset(
    {"Amount (£)", "Total (£)", "Mapped", "Still unmapped", "Still unmapped (£)"}
    | {"Amount of line (£)", "Amount given (£)", "Line still unmapped", "Service still without tier"}
    | {"Still without tier"}
    | {item.header for item in (*LINE_FIELDS, *TIER_FIELDS) if item.kind in ("share", "quantity")}
)


@dataclass
class Places:
    """Where the lists and totals stand, as absolute ranges for formulas and drop-downs."""

    lists: dict[str, str]
    line_codes: str = ""
    line_names: str = ""
    line_amounts: str = ""
    line_unmapped: str = ""
    totals: dict[str, str] | None = None


# The sheet's columns from left to right: fields a person fills in, and computed columns by their own header.
_LINE_COLUMNS: tuple[Field | str, ...] = (
    LINE_FIELDS[0],
    *map_layout.COMPUTED_HEADERS[LINES][:2],
    map_layout.COMPUTED_HEADERS[LINES][3],
    *LINE_FIELDS[1:7],
    map_layout.COMPUTED_HEADERS[LINES][2],
    *LINE_FIELDS[7:],
    map_layout.COMPUTED_HEADERS[LINES][4],
)


def column_of(name: str) -> int:
    """0-based column of a field on the sheet of step one."""
    return next(i for i, column in enumerate(_LINE_COLUMNS) if isinstance(column, Field) and column.name == name)


def by_code(line: Mapping) -> tuple:
    """Sort key that puts line 90 before line 100."""
    code = str(line["line_code"])
    return (0, int(code), code) if code.isdigit() else (1, 0, code)


def line_rows(lines: list[dict], answers: Iterable[Mapping]) -> list[dict]:
    """Rows of step one: for each line its answers, then blank ones up to ROWS_PER_LINE, then spare rows.

    Raises ValueError for answers about a line that is not among the lines.
    """
    by_line: dict[str, list[Mapping]] = {}
    for answer in answers:
        by_line.setdefault(str(answer["line_code"]), []).append(answer)
    rows = []
    for line in lines:
        own = by_line.pop(str(line["line_code"]), [])
        for position in range(max(ROWS_PER_LINE, len(own) + 1)):
            answer = own[position] if position < len(own) else {}
            rows.append({**answer, "line_code": str(line["line_code"]), "line": line, "is_first": position == 0})
    if by_line:
        raise ValueError(f"answers for lines the council does not have: {', '.join(sorted(by_line))}")
    return rows + [{"line": None, "is_first": False} for _ in range(SPARE_ROWS)]


def write_budget_lines(sheet: Sheet, lines: list[dict], rows: list[dict], places: Places) -> None:
    """Each line once, with its amount and what is still unmapped; notes in `places` where the totals stand."""
    sheet.heading(
        "Budget lines of the council",
        "As published. Each line once; the last columns show what the next sheet has not given to a service yet.",
    )
    last = FIRST_ROW + len(lines) - 1
    line_last = FIRST_ROW + len(rows) - 1
    codes = cell_range(LINES, FIRST_ROW, line_last, column_of("line_code"))
    shares = cell_range(LINES, FIRST_ROW, line_last, column_of("share"))
    quantities = cell_range(LINES, FIRST_ROW, line_last, column_of("quantity"))
    sheet.widths({0: 10, 1: 46, 2: 30, 3: 24, 4: 17, 5: 12, 6: 12, 7: 18, 8: 24, 9: 50})
    sheet.header(
        HEADER_ROW,
        (
            "Line code",
            "Line",
            "Section",
            "Department",
            "Amount (£)",
            "Mapped",
            "Still unmapped",
            "Still unmapped (£)",
            "State",
            "What the figures assume today",
        ),
        numbers=NUMBER_HEADERS,
    )
    mapped_now = {str(line["line_code"]): _share_mapped(rows, str(line["line_code"])) for line in lines}
    for offset, line in enumerate(lines):
        row = FIRST_ROW + offset
        code, amount, mapped = str(line["line_code"]), line["amount_gbp"], mapped_now[str(line["line_code"])]
        sheet.plain(row, 0, code)
        sheet.plain(row, 1, line["line_name"])
        sheet.plain(row, 2, line["section"])
        sheet.plain(row, 3, line["department"])
        sheet.money(row, 4, amount)
        here = [xl_rowcol_to_cell(row, column) for column in range(8)]
        sheet.formula(
            row,
            5,
            f"=IF(SUMIFS({quantities},{codes},{here[0]})>0,1,SUMIFS({shares},{codes},{here[0]}))",
            float(mapped),
            "share",
        )
        sheet.formula(row, 6, f"=1-{here[5]}", float(1 - mapped), "share")
        sheet.formula(row, 7, f"={here[4]}*{here[6]}", float((amount or 0) * (1 - mapped)), "money")
        sheet.formula(
            row,
            8,
            f'=IF(ROUND({here[5]},9)>1,"more than 100%: too much",IF({here[5]}=0,"not mapped yet",'
            f'IF(ROUND({here[5]},9)=1,"complete","partly mapped")))',
            _state(mapped),
            "text",
        )
        sheet.plain(row, 9, line.get("suggestion") or "")
    sheet.warn_over_one(FIRST_ROW, last, 5)
    total = sum((line["amount_gbp"] or Decimal(0) for line in lines), Decimal(0))
    unmapped = sum(
        ((line["amount_gbp"] or Decimal(0)) * (1 - mapped_now[str(line["line_code"])]) for line in lines), Decimal(0)
    )
    amounts, left = (cell_range(None, FIRST_ROW, last, column) for column in (4, 7))
    sheet.label(3, 1, "Every line together")
    sheet.header(2, ("Total (£)", "Mapped", "Still unmapped", "Still unmapped (£)"), 4, NUMBER_HEADERS)
    sheet.formula(3, 4, f"=SUM({amounts})", float(total), "money_bold")
    still = float(unmapped / total) if total else 0.0
    sheet.formula(3, 5, "=IF(E4=0,0,1-H4/E4)", 1 - still if total else 0.0, "share_bold")
    sheet.formula(3, 6, "=IF(E4=0,0,H4/E4)", still, "share_bold")
    sheet.formula(3, 7, f"=SUM({left})", float(unmapped), "money_bold")
    places.line_codes, places.line_names, places.line_amounts, places.line_unmapped = (
        cell_range(BUDGET_LINES, FIRST_ROW, last, column) for column in (0, 1, 4, 6)
    )
    places.totals = {"total": f"'{BUDGET_LINES}'!$E$4", "share": f"'{BUDGET_LINES}'!$G$4"}
    places.totals["values"] = (float(total), still)
    sheet.freeze(FIRST_ROW, 2)
    sheet.filter(HEADER_ROW, last, 9)
    sheet.protect()


def write_lines(sheet: Sheet, rows: list[dict], places: Places) -> None:
    """The rows to fill in, several to a line, with the amount each row gives and what the line has left."""
    sheet.heading(
        "Step one. What does the money of each line do?",
        "One row per service. Give the share of the line, or quantities (hours, users) for every row of the line. "
        "Leave rows you do not need blank.",
    )
    last = FIRST_ROW + len(rows) - 1
    sheet.widths({i: c.width if isinstance(c, Field) else 17 for i, c in enumerate(_LINE_COLUMNS)})
    sheet.widths({1: 40})
    headers = [c.header if isinstance(c, Field) else c for c in _LINE_COLUMNS]
    sheet.header(HEADER_ROW, headers, numbers=NUMBER_HEADERS)
    sheet.hints(HEADER_ROW, {i: c.hint for i, c in enumerate(_LINE_COLUMNS) if isinstance(c, Field)})
    total, still = places.totals["values"]
    sheet.label(3, 1, "Every line together")
    sheet.formula(3, 2, f"={places.totals['total']}", total, "money_bold")
    sheet.formula(3, 3, f"={places.totals['share']}", still, "share_bold")
    codes = cell_range(None, FIRST_ROW, last, 0)
    quantity, share, service = column_of("quantity"), column_of("share"), column_of("service_name")
    quantities = cell_range(None, FIRST_ROW, last, quantity)
    given = _LINE_COLUMNS.index(map_layout.COMPUTED_HEADERS[LINES][2])
    for offset, answer in enumerate(rows):
        row = FIRST_ROW + offset
        line = answer["line"]
        code_cell = f"$A{row + 1}"
        found = f'MATCH({code_cell}&"",{places.line_codes},0)'
        mapped = _share_mapped(rows, answer.get("line_code"))
        amount = line["amount_gbp"] if line else None
        tone = "lead" if answer["is_first"] else "quiet"
        for column, item in enumerate(_LINE_COLUMNS):
            if isinstance(item, Field):
                sheet.answer(row, column, item, answer.get(item.name), tone if column == 0 else None)
        sheet.formula(
            row,
            1,
            f'=IF({code_cell}="","",IFERROR(INDEX({places.line_names},{found}),"not a line of this council"))',
            line["line_name"] if line else "",
            f"text_{tone}",
        )
        sheet.formula(
            row,
            2,
            f'=IF({code_cell}="","",IFERROR(INDEX({places.line_amounts},{found}),0))',
            float(amount or 0) if line else "",
            f"money_{tone}",
        )
        sheet.formula(
            row,
            3,
            f'=IF({code_cell}="","",IFERROR(INDEX({places.line_unmapped},{found}),0))',
            float(1 - mapped) if line else "",
            f"share_{tone}",
        )
        at = {c: xl_rowcol_to_cell(row, c) for c in (2, service, share, quantity)}
        sheet.formula(
            row,
            given,
            f'=IF({at[service]}="","",N({at[2]})*IF({at[quantity]}<>"",'
            f"{at[quantity]}/SUMIFS({quantities},{codes},{code_cell}),N({at[share]})))",
            float((amount or 0) * _share_of(rows, answer)) if answer.get("service_name") else "",
            "money",
        )
    _number_services(sheet, rows, service)
    for column, item in enumerate(_LINE_COLUMNS):
        if isinstance(item, Field):
            sheet.validate(FIRST_ROW, last, column, item, {**places.lists, "line_code": places.line_codes})
    sheet.warn_below_zero(FIRST_ROW, last, 3)
    sheet.freeze(FIRST_ROW, 4)
    sheet.filter(HEADER_ROW, last, len(_LINE_COLUMNS) - 1)


def _number_services(sheet: Sheet, rows: list[dict], service: int) -> None:
    """Number each service where it first appears: step two lists them by it."""
    letter, column, number = xl_col_to_name(service), len(_LINE_COLUMNS) - 1, 0
    own = xl_col_to_name(column)
    seen = set()
    for offset, answer in enumerate(rows):
        row, name = FIRST_ROW + offset, answer.get("service_name")
        is_new = bool(name) and name not in seen
        seen.add(name)
        number += is_new
        cell = f"${letter}{row + 1}"
        sheet.formula(
            row,
            column,
            f'=IF({cell}="","",IF(COUNTIF({letter}${FIRST_ROW + 1}:{cell},{cell})=1,'
            f'MAX({own}${HEADER_ROW + 1}:{own}{row})+1,""))',
            number if is_new else "",
            "text_quiet",
        )


def service_numbers(rows: int) -> str:
    """Range of the numbers that step one gives to its services."""
    return cell_range(LINES, FIRST_ROW, FIRST_ROW + rows - 1, len(_LINE_COLUMNS) - 1)


def _share_mapped(rows: list[dict], code: str | None) -> Decimal:
    own = [row for row in rows if code and row.get("line_code") == code and row.get("service_name")]
    return sum((_share_of(rows, row) for row in own), Decimal(0))


def _share_of(rows: list[dict], answer: Mapping) -> Decimal:
    """What the sheet's own formula gives: the share, or the quantity's part of the line's quantities."""
    if answer.get("quantity") is None:
        return Decimal(str(answer.get("share") or 0))
    whole = sum(Decimal(str(r.get("quantity") or 0)) for r in rows if r.get("line_code") == answer["line_code"])
    return Decimal(str(answer["quantity"])) / whole if whole else Decimal(0)


def _state(mapped: Decimal) -> str:
    if mapped > 1:
        return "more than 100%: too much"
    return "not mapped yet" if mapped == 0 else "complete" if mapped == 1 else "partly mapped"


def cell_range(sheet: str | None, first: int, last: int, column: int) -> str:
    """An absolute range of one column; rows and column are 0-based."""
    letter = xl_col_to_name(column)
    place = f"'{sheet}'!" if sheet else ""
    return f"{place}${letter}${first + 1}:${letter}${last + 1}"
