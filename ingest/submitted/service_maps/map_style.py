"""How the service map workbook looks: one place for formats, cell kinds, drop-downs and printing.

Cells to fill in have a pale ground and a border; everything computed or given is plain. Text is always
written as text, also when it begins like a formula. No cells are merged, none are hidden.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from ingest.submitted.service_maps.map_layout import CHOICES, Field

DARK_BLUE, DARK_PINK, DARK_GREY, MID_GREY, RULE, GROUND = (
    "#12436D",
    "#801650",
    "#3D3D3D",
    "#6B6B6B",
    "#C9CED4",
    "#F1F5F9",
)
_MONEY, _SHARE, _QUANTITY, _DATE = "#,##0;-#,##0;0", "0.0%", "#,##0.##", "d mmm yyyy"
_BASE = {"font_name": "Arial", "font_size": 10, "font_color": DARK_GREY, "valign": "vcenter", "indent": 1}
_NUMBER = {"align": "right"}
_INPUT = {"bg_color": GROUND, "border": 1, "border_color": RULE, "locked": False}
_STYLES: dict[str, dict] = {
    "title": {"font_size": 16, "bold": True, "font_color": DARK_BLUE, "indent": 0},
    "lead_text": {"font_color": MID_GREY, "indent": 0},
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": DARK_BLUE, "text_wrap": True},
    "header_number": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": DARK_BLUE,
        "text_wrap": True,
        "align": "right",
    },
    "label": {"bold": True, "text_wrap": True},
    "text": {},
    "text_lead": {"bold": True},
    "text_quiet": {"font_color": MID_GREY},
    "wrap": {"text_wrap": True},
    "note": {"font_color": MID_GREY, "text_wrap": True},
    "section": {"font_size": 12, "bold": True, "font_color": DARK_BLUE, "indent": 0},
    "money": {**_NUMBER, "num_format": _MONEY},
    "money_lead": {**_NUMBER, "num_format": _MONEY, "bold": True},
    "money_quiet": {**_NUMBER, "num_format": _MONEY, "font_color": MID_GREY},
    "money_bold": {**_NUMBER, "num_format": _MONEY, "bold": True, "font_color": DARK_BLUE},
    "share": {**_NUMBER, "num_format": _SHARE},
    "share_lead": {**_NUMBER, "num_format": _SHARE, "bold": True},
    "share_quiet": {**_NUMBER, "num_format": _SHARE, "font_color": MID_GREY},
    "share_bold": {**_NUMBER, "num_format": _SHARE, "bold": True, "font_color": DARK_BLUE},
    "in_text": {**_INPUT, "num_format": "@"},
    "in_lead": {**_INPUT, "num_format": "@", "bold": True},
    "in_quiet": {**_INPUT, "num_format": "@", "font_color": MID_GREY},
    "in_long_text": {**_INPUT, "num_format": "@", "text_wrap": True},
    "in_share": {**_INPUT, **_NUMBER, "num_format": _SHARE},
    "in_quantity": {**_INPUT, **_NUMBER, "num_format": _QUANTITY},
    "in_whole": {**_INPUT, "num_format": "0", "align": "left"},
    "in_date": {**_INPUT, "num_format": _DATE, "align": "left"},
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Book:
    """A workbook with the formats of the service map, each made once."""

    def __init__(self, workbook: Workbook, footer: str):
        self.workbook = workbook
        self.footer = footer
        self._formats: dict[tuple[str, bool], object] = {}

    def format(self, style: str, is_quoted: bool = False):
        """The format of a style; a quoted one keeps a spreadsheet from taking the text for a formula."""
        key = (style, is_quoted)
        if key not in self._formats:
            made = self.workbook.add_format({**_BASE, **_STYLES[style]})
            if is_quoted:
                made.set_quote_prefix()
            self._formats[key] = made
        return self._formats[key]

    def sheet(self, name: str, is_wide: bool = False) -> "Sheet":
        """A new sheet, set to print on landscape A4 (A3 when wide) with the council and page in the footer."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_default_row(18)
        sheet.set_landscape()
        sheet.set_paper(8 if is_wide else 9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        # An ampersand starts a code in a footer; two stand for the character itself.
        sheet.set_footer(f"&L{self.footer.replace('&', '&&')}&C&A&RPage &P of &N")
        return Sheet(self, sheet)


class Sheet:
    """One sheet of the service map: writes cells by what they are, not by how they look."""

    def __init__(self, book: Book, sheet):
        self.book, self.sheet = book, sheet

    def _text(self, row: int, column: int, text: str, style: str) -> None:
        if text == "":
            self.sheet.write_blank(row, column, None, self.book.format(style))
        else:
            is_quoted = text.startswith(_FORMULA_STARTS)
            self.sheet.write_string(row, column, text, self.book.format(style, is_quoted))

    def heading(self, title: str, lead: str) -> None:
        """Title in the first row, one line of guidance in the second."""
        self.sheet.set_row(0, 26)
        self._text(0, 0, title, "title")
        self._text(1, 0, lead, "lead_text")

    def header(self, row: int, texts: Iterable[str], first_column: int = 0, numbers: Collection[str] = ()) -> None:
        """A header row, tall enough for two lines of text; headers of `numbers` stand to the right."""
        self.sheet.set_row(row, 32)
        for column, text in enumerate(texts, start=first_column):
            self._text(row, column, text, "header_number" if text in numbers else "header")

    def hints(self, row: int, texts: Mapping[int, str]) -> None:
        """What to put in a column, shown when its header is chosen."""
        for column, text in texts.items():
            self.sheet.data_validation(
                row, column, row, column, {"validate": "any", "input_title": "What goes here", "input_message": text}
            )

    def label(self, row: int, column: int, text: str) -> None:
        """A bold label."""
        self._text(row, column, text, "label")

    def note(self, row: int, column: int, text: str) -> None:
        """A remark in grey."""
        self._text(row, column, text, "note")

    def plain(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text that is given, not filled in."""
        self._text(row, column, str(text), style)

    def money(self, row: int, column: int, amount) -> None:
        """Pounds, or a blank where nothing was reported. A spreadsheet keeps numbers as binary fractions: for
        reading only, no figure of the warehouse comes back from this cell."""
        if amount is None:
            self._text(row, column, "", "money")
        else:
            self.sheet.write_number(row, column, float(amount), self.book.format("money"))

    def formula(self, row: int, column: int, formula: str, value, style: str) -> None:
        """A formula with its present value, for programs that show a file without calculating."""
        self.sheet.write_formula(row, column, formula, self.book.format(style), value)

    def answer(self, row: int, column: int, item: Field, value, tone: str | None = None) -> None:
        """A cell to fill in, with the answer where there is one."""
        kind = item.kind if f"in_{item.kind}" in _STYLES else "text"
        style = f"in_{tone or kind}"
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, self.book.format(style))
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.book.format(style))
        elif isinstance(value, str):
            self._text(row, column, value, style)
        else:
            self.sheet.write_number(row, column, float(value), self.book.format(style))

    def validate(self, first: int, last: int, column: int, item: Field, lists: Mapping[str, str]) -> None:
        """The drop-down or rule of a column; columns of free text get none."""
        rule = _rule(item, lists)
        if rule:
            title = item.header[:32]
            message = (item.hint or item.header)[:255]
            self.sheet.data_validation(
                first, column, last, column, {**rule, "ignore_blank": True, "error_title": title, **_words(item)}
            ) if first != last else self.sheet.data_validation(
                first,
                column,
                last,
                column,
                {**rule, "error_title": title, "input_title": title, "input_message": message, **_words(item)},
            )

    def warn_over_one(self, first: int, last: int, column: int) -> None:
        """Shares above 100% stand out."""
        self._warn(first, last, column, ">", 1)

    def warn_below_zero(self, first: int, last: int, column: int) -> None:
        """What is left of a line or service stands out when more than all of it was given away."""
        self._warn(first, last, column, "<", 0)

    def _warn(self, first: int, last: int, column: int, sign: str, limit: int) -> None:
        shown = self.book.workbook.add_format({"font_color": DARK_PINK, "bold": True})
        cell = xl_rowcol_to_cell(first, column)
        rule = f"=AND(ISNUMBER({cell}),ROUND({cell},9){sign}{limit})"
        self.sheet.conditional_format(
            first, column, last, column, {"type": "formula", "criteria": rule, "format": shown}
        )

    def widths(self, by_column: Mapping[int, int]) -> None:
        """Column widths, in characters."""
        for column, width in by_column.items():
            self.sheet.set_column(column, column, width)

    def height(self, row: int, points: float) -> None:
        """Height of a row."""
        self.sheet.set_row(row, points)

    def freeze(self, row: int, column: int) -> None:
        """Keep everything above and left in view; print the header on every page."""
        self.sheet.freeze_panes(row, column)
        self.sheet.repeat_rows(row - 1)

    def filter(self, row: int, last: int, last_column: int) -> None:
        """Filter arrows on a header row."""
        self.sheet.autofilter(row, 0, last, last_column)

    def protect(self) -> None:
        """Guard against slips of the hand; there is no password."""
        self.sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})


def _rule(item: Field, lists: Mapping[str, str]) -> dict | None:
    source = lists.get(item.name) or lists.get(item.kind)
    if source:
        return {"validate": "list", "source": f"={source}"}
    if item.kind == "share":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
    if item.kind == "quantity":
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    if item.kind == "whole":
        return {"validate": "integer", "criteria": ">=", "value": 1}
    if item.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    return None


def _words(item: Field) -> dict[str, str]:
    if item.kind in CHOICES or item.kind == "year":
        return {"error_message": "Please pick one from the list."}
    words = {
        "share": "Please give a share from 0% to 100%.",
        "quantity": "Please give a number, 0 or more: hours, users or units.",
        "whole": "Please give a whole number: 1, 2, 3 …",
        "date": "Please give a date, for instance 12/05/2025.",
    }
    return {"error_message": words.get(item.kind, "Please pick one from the list.")}
