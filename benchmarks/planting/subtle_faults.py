"""Faults that leave most figures as true ones are: a row shifted, old denominators, ended councils, ranks reversed."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.fuzzing.books import Book
from benchmarks.planting import faults as f
from benchmarks.planting.faults import in_sheet, one_csv
from benchmarks.planting.files import as_cell, column_of, number, only_sheet, row_of, scale
from benchmarks.planting.further_faults import EAST, NORFOLK, both, cells_exchanged, series_sheet, stack_of_region
from benchmarks.planting.trial import Fault
from ingest.sheets import Cell, Rows, cell_text

ENGLAND, EAST_REGION = "E92000001", "E12000006"
NORFOLK_ECODE, LEEDS, SWINDON = "E2620", "E08000035", "E3901"
# Ended on 31 March 2023, when Cumberland and Westmorland and Furness took its place.
CUMBRIA, CUMBERLAND = "E0920", "E0901"
CENT = Decimal("0.1")


def row_shifted(key: str, first: int) -> Callable[[Rows], None]:
    """Each figure of a row is one column to the right of its own; the first column takes the last figure."""

    def alter(rows: Rows) -> None:
        row = rows[row_of(rows, key)]
        row[first:] = [row[-1], *row[first:-1]]

    return alter


def row_of_ended(key: str, name: str, sheet: str, before: str) -> Callable[[Rows], None]:
    """The row a council had in another file is above another council's row as well."""

    def alter(rows: Rows) -> None:
        other = only_sheet(name, sheet)
        place = row_of(rows, before)
        width = len(rows[place])
        old = list(other[row_of(other, key)])
        rows.insert(place, (old + [""] * width)[:width])

    return alter


def every_column_times(words: str, key: str, factor: str, header: int) -> Callable[[Rows], None]:
    """Every column of a council whose header contains the words."""

    def alter(rows: Rows) -> None:
        columns = {n for n, cell in enumerate(rows[header]) if words in cell_text(cell)}
        scale(rows[row_of(rows, key)], factor, only=columns)

    return alter


def denominators_of_the_year_before(keys: set[str] | None, factor: str) -> Callable[[Rows], None]:
    """Denominators moved as the residents of one year stand to the next, and the rates with them."""

    def alter(rows: Rows) -> None:
        numerator, denominator, outcome = (
            column_of(rows, f"2024 to 2025 - {kind}") for kind in ("numerator", "denominator", "outcome")
        )
        for row in rows[7:]:
            count, people = number(row[numerator]), number(row[denominator])
            if count is None or not people or (keys is not None and cell_text(row[2]) not in keys):
                continue
            moved = (people * Decimal(factor) / 5).quantize(Decimal(1), ROUND_HALF_UP) * 5
            row[denominator] = as_cell(moved, row[denominator])
            row[outcome] = as_cell((100000 * count / moved).quantize(CENT, ROUND_HALF_UP), row[outcome])

    return alter


def counts_doubled(key: str, factor: str) -> Callable[[Rows], None]:
    """A council's count, and the rate that follows from it, with its region, class and England left as they are."""

    def alter(rows: Rows) -> None:
        row = rows[row_of(rows, key)]
        scale(row, factor, only={column_of(rows, f"2024 to 2025 - {kind}") for kind in ("numerator", "outcome")})

    return alter


def stack_codes_exchanged(year: str, one: str, other: str) -> dict[str, Callable[[Book], None]]:
    """Two measures' codes exchanged in every row of a year."""

    def alter(book: Book) -> None:
        for row in book[""][1:]:
            if row[0] == year:
                row[3] = {one: other, other: one}.get(row[3], row[3])

    return {f.STACK: alter}


def ranks_reversed(keys: set[str] | None) -> Callable[[Rows], None]:
    """The farthest neighbour comes first."""

    def alter(rows: Rows) -> None:
        for row in rows[1:]:
            if keys is None or row[0] in keys:
                row[2:] = row[2:][::-1]

    return alter


def price_repeated(year: str) -> Callable[[Rows], None]:
    """The growth of one year is that of the year before, and its index and all later ones follow from it."""

    def alter(rows: Rows) -> None:
        years = [row for row in rows[7:] if len(row) > 3 and row[1][:4].isdigit()]
        place = next(n for n, row in enumerate(years) if row[1].startswith(year))
        growth, true = number(years[place - 1][3]), number(years[place][3])
        assert growth is not None and true is not None
        years[place][3] = as_cell(growth, years[place][3])
        for row in years[place:]:
            if number(row[2]) is not None:
                scale(row, str((100 + growth) / (100 + true)), only={2})

    return alter


def index_repeated(year: str) -> Callable[[Rows], None]:
    """A year's index and growth are those of the year before."""

    def alter(rows: Rows) -> None:
        years = [row for row in rows[7:] if len(row) > 3 and row[1][:4].isdigit()]
        place = next(n for n, row in enumerate(years) if row[1].startswith(year))
        years[place][2:4] = years[place - 1][2:4]

    return alter


def males_only(keys: Iterable[str]) -> Callable[[Book], None]:
    """Some areas hold the residents of the sheet of males."""

    def alter(book: Book) -> None:
        males = only_sheet(f.PEOPLE_23, "MYE2 - Males")
        rows = book[f.PERSONS]
        for key in keys:
            rows[row_of(rows, key)][3:] = males[row_of(males, key)][3:]

    return alter


def old_ages_exchanged(one: str, other: str) -> Callable[[Rows], None]:
    """The residents of 65 and over of two areas exchanged, their totals moved to match."""

    def alter(rows: Rows) -> None:
        a, b = rows[row_of(rows, one)], rows[row_of(rows, other)]
        a[4 + 65 :], b[4 + 65 :] = b[4 + 65 :], a[4 + 65 :]
        for row in (a, b):
            row[3] = as_cell(sum((number(cell) or Decimal(0) for cell in row[4:]), Decimal(0)), row[3])

    return alter


def rounded(key: str, first: int, to: int) -> Callable[[Rows], None]:
    """A council's figures rounded to whole millions, say, and still in thousands."""

    def moved(cell: Cell) -> Cell:
        value = number(cell)
        return cell if value is None else as_cell(Decimal(round(value / to) * to), cell)

    def alter(rows: Rows) -> None:
        row = rows[row_of(rows, key)]
        row[first:] = [moved(cell) for cell in row[first:]]

    return alter


def two_years_together(key: str) -> Callable[[Rows], None]:
    """A council's row holds this year's figures and about as much again."""
    return f.times(key, "1.97")


FAULTS = [
    Fault("RO3 2023-24: figures of Kent one column to the right", {f.RO3_23: in_sheet(f.R23, row_shifted(f.KENT, 7))}),
    Fault("RA 2023-24: figures of Kent one column to the right", {f.RA_23: one_csv(row_shifted(f.KENT, 6))}),
    Fault(
        "RO3 2023-24: Cumbria's row of the year before beside its successors",
        {f.RO3_23: in_sheet(f.R23, row_of_ended(CUMBRIA, f.RO3_22, f.R22, CUMBERLAND))},
    ),
    Fault(
        "RO3 2024-25: sign of income reversed for Kent",
        {f.RO3_24: in_sheet(f.R24, every_column_times("Total Income", f.KENT, "-1", 6))},
    ),
    Fault("RO3 2024-25: Swindon a quarter of the year", {f.RO3_24: in_sheet(f.R24, f.times(SWINDON, "0.25"))}),
    Fault("RSX 2024-25: Swindon two years together", {f.RSX_24: in_sheet(f.S24, two_years_together(SWINDON))}),
    Fault(
        "RA 2023-24: long-term support of Norfolk a tenth, its totals as they were",
        {f.RA_23: one_csv(f.cell_times(NORFOLK_ECODE, "Physical support - older people", "0.1"))},
    ),
    Fault(
        "RA 2023-24: totals of social care for adults and children exchanged for Kent",
        {f.RA_23: one_csv(cells_exchanged(f.KENT, 37, 58))},
    ),
    Fault(
        "RA 2023-24: physical support 18-64 and 65+ exchanged for Kent",
        {f.RA_23: one_csv(cells_exchanged(f.KENT, 38, 39))},
    ),
    Fault("RA 2023-24: Norfolk rounded to millions", {f.RA_23: one_csv(rounded(NORFOLK_ECODE, 6, 1000))}),
    Fault(
        "ASCOF 2024-25: denominators of the year before, rates to match",
        series_sheet("Table_2c", denominators_of_the_year_before(None, "0.984")),
    ),
    Fault(
        "ASCOF 2024-25: denominator of the year before for Leeds, rate to match",
        series_sheet("Table_2c", denominators_of_the_year_before({LEEDS}, "0.984")),
    ),
    Fault("ASCOF 2024-25: count and rate of Leeds x1.3", series_sheet("Table_2c", counts_doubled(LEEDS, "1.3"))),
    Fault(
        "ASCOF 2022-23: safety and safety by services exchanged by name", stack_codes_exchanged("2022-23", "4A", "4B")
    ),
    Fault(
        "ASCOF 2022-23: self-directed support of users and of carers exchanged by name",
        stack_codes_exchanged("2022-23", "1C1A", "1C1B"),
    ),
    Fault("ASCOF 2022-23: England with the rates of the East", stack_of_region("2022-23", ENGLAND, EAST_REGION)),
    Fault("ASCOF 2022-23: employment of Norfolk as a fraction", f.stack_times("2022-23", NORFOLK, "1E", "0.01")),
    Fault("ASCOF 2022-23: admissions of Norfolk for a quarter", f.stack_times("2022-23", NORFOLK, "2A2", "0.25")),
    Fault("mid-2023: males alone in the East", {f.PEOPLE_23: males_only(EAST)}),
    Fault(
        "mid-2024: older residents of Norfolk and Suffolk exchanged",
        {f.PEOPLE_24: one_csv(old_ages_exchanged(NORFOLK, "E10000029"))},
    ),
    Fault("deflator: index and growth of 2021-22 repeated in 2022-23", {f.PRICES: one_csv(index_repeated("2022-23"))}),
    Fault(
        "deflator: growth of 2020-21 repeated in 2021-22, later years to match",
        {f.PRICES: one_csv(price_repeated("2021-22"))},
    ),
    Fault(
        "neighbours of Kent from the farthest to the nearest", {f.NEIGHBOURS: one_csv(ranks_reversed({"E10000016"}))}
    ),
    Fault("neighbours of all from the farthest to the nearest", {f.NEIGHBOURS: one_csv(ranks_reversed(None))}),
    Fault(
        "ASC-FR: Norfolk for a quarter",
        {f.CARE_FINANCE: one_csv(both(f.care_finance_times(NORFOLK, "0.25")))},
    ),
]
