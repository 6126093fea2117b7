"""More faults of the same kinds: rows moved down a list, columns exchanged, signs, years, codes and identities."""

from collections.abc import Callable, Iterable

from benchmarks.fuzzing.books import Book
from benchmarks.planting import faults as f
from benchmarks.planting.faults import in_sheet, one_csv
from benchmarks.planting.files import as_cell, column_of, number, row_of, scale
from benchmarks.planting.trial import Fault
from ingest.sheets import Rows, cell_text

LGA = "admissions_care_homes_65p.csv"
IOD = "File_11_-_IoD2019_Local_Authority_District_Summaries__upper-tier__.xlsx"
YORKSHIRE = ("E4401", "E4402", "E4403", "E4404", "E4701", "E4702", "E4703", "E4704", "E4705")
LONDON = tuple(f"E50{n}" for n in range(30, 48))
NORFOLK, SUFFOLK = "E10000020", "E10000029"
# As the list of codes has them, which is the order of the outcome files.
EAST = ("E06000055", "E06000056", "E10000003", "E10000012", "E10000015", "E06000032", "E10000020", "E06000031",
        "E06000033", "E10000029", "E06000034")  # fmt: skip


def moved_down(keys: Iterable[str], first: int) -> Callable[[Rows], None]:
    """Each of these rows has the figures of the one before it, the first those of the last."""

    def alter(rows: Rows) -> None:
        places = sorted(row_of(rows, key) for key in keys)
        held = [rows[n][first:] for n in places]
        for n, figures in zip(places, [held[-1], *held[:-1]], strict=True):
            rows[n][first:] = figures

    return alter


def cells_exchanged(key: str, one: int, other: int) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        row = rows[row_of(rows, key)]
        row[one], row[other] = row[other], row[one]

    return alter


def figures_of(key: str, other: str, first: int) -> Callable[[Rows], None]:
    """A council's row with the figures of another one."""

    def alter(rows: Rows) -> None:
        rows[row_of(rows, key)][first:] = rows[row_of(rows, other)][first:]

    return alter


def reclassed(key: str, column: int, to: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        rows[row_of(rows, key)][column] = to

    return alter


def both(*changes: Callable[[Rows], None]) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        for change in changes:
            change(rows)

    return alter


def stack_moved(year: str, measures: set[str] | None) -> dict[str, Callable[[Book], None]]:
    def change(rows: dict[tuple[str, str, str], list]) -> None:
        for measure in sorted({m for y, _, m in rows if y == year and measures in (None, {m})}):
            own = [rows[year, code, measure] for code in EAST if (year, code, measure) in rows]
            held = [row[5] for row in own]
            for row, value in zip(own, [held[-1], *held[:-1]], strict=True):
                row[5] = value

    return f.stack(change)


def stack_of_region(year: str, council: str, region: str) -> dict[str, Callable[[Book], None]]:
    def change(rows: dict[tuple[str, str, str], list]) -> None:
        for (of_year, code, measure), row in rows.items():
            if of_year == year and code == council and (year, region, measure) in rows:
                row[5] = rows[year, region, measure][5]

    return f.stack(change)


def stack_years_exchanged(one: str, other: str) -> dict[str, Callable[[Book], None]]:
    def alter(book: Book) -> None:
        for row in book[""][1:]:
            row[0] = {one: other, other: one}.get(row[0], row[0])

    return {f.STACK: alter}


def stack_without(year: str, council: str) -> dict[str, Callable[[Book], None]]:
    def alter(book: Book) -> None:
        book[""] = [row for row in book[""] if row[:1] != [year] or row[2] != council]

    return {f.STACK: alter}


def counts_exchanged(council: str, measure: str) -> dict[str, Callable[[Book], None]]:
    def change(rows: dict[tuple[str, str, str], list]) -> None:
        a, b = rows[council, measure, "Numerator"], rows[council, measure, "Denominator"]
        a[7], b[7] = b[7], a[7]

    return f.counts(change)


def series_sheet(sheet: str, alter: Callable[[Rows], None]) -> dict[str, Callable[[Book], None]]:
    return {f.SERIES: in_sheet(sheet, alter)}


def series_all_years_moved(sheet: str) -> dict[str, Callable[[Book], None]]:
    return series_sheet(sheet, moved_down(EAST, 3))


def prices_moved(columns: int) -> Callable[[Rows], None]:
    """The figures of each year beside the year after it; the calendar years with them where they are moved too."""

    def alter(rows: Rows) -> None:
        years = [row for row in rows[7:] if len(row) > 3 and row[1][:4].isdigit()]
        held = [row[2:columns] for row in years]
        for row, figures in zip(years[1:], held[:-1], strict=True):
            row[2:columns] = figures

    return alter


def people_before_times(factor: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        f.people_of_the_year_before(rows)
        for row in rows[8:]:
            if row and cell_text(row[0]).startswith("E"):
                ages = [round((number(cell) or 0) * number(factor)) for cell in row[4:]]
                row[3:] = [as_cell(number(str(n)), cell) for n, cell in zip([sum(ages), *ages], row[3:], strict=False)]

    return alter


def scaled_year_before(name: str, sheet: str, factor: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        f.figures_of_another_file(name, sheet)(rows)
        f.all_times(factor, 7)(rows)

    return alter


def return_exchanged(one: str, other: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        codes = {one: other, other: one}
        pairs = {row[2]: row[1] for row in rows[1:] if row[2] in codes}
        for row in rows[1:]:
            if row[2] in codes:
                row[2] = codes[row[2]]
                row[1] = pairs[row[2]]

    return alter


def return_columns(one: str, other: str, code: str | None = None) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        a, b = rows[0].index(one), rows[0].index(other)
        for row in rows[1:]:
            if code in (None, row[2]):
                row[a], row[b] = row[b], row[a]

    return alter


def return_bands(code: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        for row in rows[1:]:
            if row[2] == code and row[5] in ("1", "2"):
                row[5] = {"1": "2", "2": "1"}[row[5]]

    return alter


def extract_times(council: str, period: str, factor: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        scale(next(row for row in rows if row[0] == council and row[2] == period), factor, only={6})

    return alter


def measure_columns(one: str, other: str) -> Callable[[Rows], None]:
    return f.named_columns_exchanged(one, other, 12)


def sheet_of_the_year_before(key: str | None = None) -> Callable[[Rows], None]:
    """All columns of a measure's last year as in the year before."""

    def alter(rows: Rows) -> None:
        for kind in ("numerator", "denominator", "outcome"):
            to, of = column_of(rows, f"2024 to 2025 - {kind}"), column_of(rows, f"2023 to 2024 - {kind}")
            for row in rows[7:]:
                row[to] = row[of]

    return alter


FAULTS = [
    Fault("RO3 2024-25: rows of a region's councils one down", {f.RO3_24: in_sheet(f.R24, moved_down(YORKSHIRE, 7))}),
    Fault("RA 2023-24: rows of London boroughs one down", {f.RA_23: one_csv(moved_down(LONDON, 6))}),
    Fault("RSX 2021-22: rows of a region's councils one down", {f.RSX_21: one_csv(moved_down(YORKSHIRE, 7))}),
    Fault(
        "RO3 2023-24: expenditure and income columns of information exchanged",
        {f.RO3_23: in_sheet(f.R23, measure_columns("RO3-ascinf-tot-exp", "RO3-ascinf-tot-inc"))},
    ),
    Fault(
        "RO3 2024-25: expenditure and income of Kent exchanged in one line",
        {f.RO3_24: in_sheet(f.R24, cells_exchanged(f.KENT, 255, 258))},
    ),
    Fault("RSX 2024-25: gross and net of Kent exchanged", {f.RSX_24: in_sheet(f.S24, cells_exchanged(f.KENT, 30, 34))}),
    Fault("RSX 2021-22: signs of Kent reversed", {f.RSX_21: one_csv(f.times(f.KENT, "-1"))}),
    Fault(
        "RO3 2024-25: sign of information of Norfolk reversed",
        {f.RO3_24: in_sheet(f.R24, lambda rows: scale(rows[row_of(rows, "E2620")], "-1", only={259}))},
    ),
    Fault("RA 2023-24: Norfolk in pence", {f.RA_23: one_csv(f.times("E2620", "100", 6))}),
    Fault("RA 2023-24: Norfolk's figures under Suffolk too", {f.RA_23: one_csv(figures_of("E3520", "E2620", 6))}),
    Fault(
        "RO3 2022-23: Norfolk's figures under Suffolk too", {f.RO3_22: in_sheet(f.R22, figures_of("E3520", "E2620", 7))}
    ),
    Fault(
        "RA 2018-19: 2017-18 put up by 3 %",
        {f.RA_18: in_sheet(f.SHEET_18, scaled_year_before(f.RA_17, f.SHEET_17, "1.03"))},
    ),
    Fault(
        "RA 2018-19: Bristol of 2017-18 put up by 2 %",
        {
            f.RA_18: in_sheet(
                f.SHEET_18, both(f.row_of_another_file(f.RA_17, f.SHEET_17, f.BRISTOL), f.times(f.BRISTOL, "1.02", 5))
            )
        },
    ),
    Fault("RA 2023-24: Kent as a unitary", {f.RA_23: one_csv(reclassed(f.KENT, 3, "UA"))}),
    Fault(
        "RA 2016-17: Bristol as a metropolitan district", {f.RA_16: in_sheet(f.SHEET_16, reclassed(f.BRISTOL, 3, "MD"))}
    ),
    Fault(
        "RO3 2023-24: the row of all counties as Kent's",
        {f.RO3_23: in_sheet(f.R23, figures_of(f.KENT, "Shire Counties", 7))},
    ),
    Fault("ASCOF stack: 2020-21 and 2021-22 exchanged", stack_years_exchanged("2020-21", "2021-22")),
    Fault("ASCOF stack: 2018-19 named 2019-20 and back", stack_years_exchanged("2018-19", "2019-20")),
    Fault("ASCOF 2020-21: numerator and denominator of Durham exchanged", counts_exchanged("E06000047", "2A2")),
    Fault("ASCOF 2020-21: direct payments of Durham upside down", counts_exchanged("E06000047", "1C2A")),
    Fault(
        "ASCOF 2024-25: numerator and denominator of Leeds exchanged",
        series_sheet("Table_3d(2a)", cells_exchanged("E08000035", 3, 4)),
    ),
    Fault(
        "ASCOF 2024-25: direct payments of Leeds halved",
        f.series_times("Table_3d(2a)", "E08000035", "0.5", ("numerator", "outcome")),
    ),
    Fault("ASCOF 2022-23: direct payments of Norfolk halved", f.stack_times("2022-23", NORFOLK, "1C2A", "0.5")),
    Fault(
        "ASCOF 2021-22: employment with mental illness of Norfolk halved",
        f.stack_times("2021-22", NORFOLK, "1F", "0.5"),
    ),
    Fault("ASCOF 2022-23: rates of the East as Norfolk's", stack_of_region("2022-23", NORFOLK, "E12000006")),
    Fault("ASCOF 2021-22: admissions of the East one down", stack_moved("2021-22", {"2A2"})),
    Fault("ASCOF 2021-22: all rates of the East one down", stack_moved("2021-22", None)),
    Fault("ASCOF 2024-25: admissions of the East one down", series_all_years_moved("Table_2c")),
    Fault("ASCOF 2024-25: direct payments of the East one down", series_all_years_moved("Table_3d(2a)")),
    Fault("ASCOF 2024-25: Norfolk not in the sheet of admissions", series_sheet("Table_2c", f.gone(NORFOLK))),
    Fault("ASCOF 2022-23: Norfolk not in the stack", stack_without("2022-23", NORFOLK)),
    Fault(
        "ASCOF: Table 4b of 2024-25 as in 2023-24, counts too",
        series_sheet("Table_4b", sheet_of_the_year_before()),
    ),
    Fault(
        "mid-2022 put up by half a per cent as mid-2023",
        {f.PEOPLE_23: in_sheet(f.PERSONS, people_before_times("1.005"))},
    ),
    Fault("mid-2024: rows of the East one down", {f.PEOPLE_24: one_csv(moved_down(EAST, 3))}),
    Fault("deflators a row down", {f.PRICES: one_csv(prices_moved(6))}),
    Fault("deflators a row down, calendar years too", {f.PRICES: one_csv(prices_moved(12))}),
    Fault("ASC-FR: Norfolk and Suffolk exchanged", {f.CARE_FINANCE: one_csv(return_exchanged(NORFOLK, SUFFOLK))}),
    Fault(
        "ASC-FR: expenditure and income exchanged",
        {f.CARE_FINANCE: one_csv(return_columns("TOTALEXPENDITURE", "TOTALINCOME"))},
    ),
    Fault(
        "ASC-FR: gross and net of Norfolk exchanged",
        {f.CARE_FINANCE: one_csv(return_columns("NETCURRENTEXPENDITURE", "GROSSCURRENTEXPENDITURE", NORFOLK))},
    ),
    Fault("ASC-FR: age bands of Norfolk exchanged", {f.CARE_FINANCE: one_csv(return_bands(NORFOLK))}),
    Fault(
        "deprivation: average scores of two councils exchanged",
        {IOD: in_sheet("IMD", lambda rows: exchange_cells(rows, "E06000001", "E10000020", 4))},
    ),
    Fault("second opinion: one rate x10", {LGA: one_csv(extract_times("E09000003", "2018/19", "10"))}),
]


def exchange_cells(rows: Rows, one: str, other: str, column: int) -> None:
    a, b = rows[row_of(rows, one)], rows[row_of(rows, other)]
    a[column], b[column] = b[column], a[column]
