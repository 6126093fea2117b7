"""The faults that are planted: the eleven first tried, and others of the same kinds in other files, years and forms."""

from collections.abc import Callable, Iterable

from benchmarks.fuzzing.books import Book
from benchmarks.planting.files import (
    as_cell,
    column_of,
    exchange,
    in_sheet,
    number,
    only_sheet,
    row_of,
    scale,
)
from benchmarks.planting.trial import Fault
from ingest.sheets import Rows, cell_text

RA_17, RA_18 = "RA_2017-18_data_by_LA.xlsx", "RA_2018-19_data_by_LA.xlsx"
RA_16, RA_23 = "RA_2016-17_data_by_LA.xlsx", "RA_2023-24_data_Part_1.csv"
RA_21, RA_21_CSV = "RA_2021-22_data_by_LA.xlsx", "RA_2021-22_data_by_LA.csv"
RS_17, RSX_21 = "RS_2017-18_data_by_LA.xlsx", "RSX_2021-22_data_by_LA_Live.csv"
RSX_22, RSX_24 = "RSX_2022-23_data_by_LA.ods", "RSX_LA_Data_2024-25_data_by_LA.ods"
RSX_23 = "RSX_2023-24_data_by_LA.csv"
RO3_22, RO3_23 = "RO3_2022-23_data_by_LA.ods", "RO3_2023-24_data_by_LA.ods"
RO3_24 = "RO3_LA_Data_2024-25_data_by_LA.ods"
STACK, SERIES = "ascof_trend_data_2017-18_to_2023-24.csv", "ascof_2024_25.ods"
COUNTS = "meas-from-asc-of-eng-2021-open-data-csv_v2.xlsx"
PEOPLE_23, PEOPLE_24 = "mye23tablesew.xlsx", "mye24tablesew.csv"
PRICES = "GDP_Deflators_Qtrly_National_Accounts_December_2023_update.csv"
NEIGHBOURS = "localauthoritynearestneighboursengland.csv"
CARE_FINANCE, CODES = "CSV ASCFR Totals.csv", "ascof_ons_codes.csv"
IDS = 7


def rows_exchanged(one: str, other: str, first: int = IDS) -> Callable[[Rows], None]:
    return lambda rows: exchange(rows[row_of(rows, one)], rows[row_of(rows, other)], first)


def times(key: str, factor: str, first: int = IDS) -> Callable[[Rows], None]:
    return lambda rows: scale(rows[row_of(rows, key)], factor, first)


def column_times(words: str, factor: str, below: int) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        column = column_of(rows, words)
        for row in rows[below:]:
            scale(row, factor, only={column})

    return alter


def cell_times(key: str, words: str, factor: str) -> Callable[[Rows], None]:
    return lambda rows: scale(rows[row_of(rows, key)], factor, only={column_of(rows, words)})


def columns_exchanged(one: int, other: int, below: int) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        for row in rows[below:]:
            if len(row) > max(one, other):
                row[one], row[other] = row[other], row[one]

    return alter


def named_columns_exchanged(one: str, other: str, below: int) -> Callable[[Rows], None]:
    return lambda rows: columns_exchanged(column_of(rows, one), column_of(rows, other), below)(rows)


def gone(key: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        del rows[row_of(rows, key)]

    return alter


def twice(key: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        rows.insert(row_of(rows, key), list(rows[row_of(rows, key)]))

    return alter


def all_times(factor: str, below: int) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        for row in rows[below:]:
            scale(row, factor, IDS - 1)

    return alter


def row_of_another_file(name: str, sheet: str, key: str, totals: tuple[str, ...] = ()) -> Callable[[Rows], None]:
    """A council's row as another year's sheet has it, by the number of the line; total rows moved to match."""

    def alter(rows: Rows) -> None:
        other = only_sheet(name, sheet)
        numbers, old_numbers = rows[5], other[5]
        old = other[row_of(other, key)]
        mine = rows[row_of(rows, key)]
        for n, line in enumerate(numbers):
            if cell_text(line) and line in old_numbers and number(mine[n]) is not None:
                value = number(old[old_numbers.index(line)])
                if value is None:
                    continue
                for total in totals:
                    row = rows[row_of(rows, total)]
                    row[n] = as_cell((number(row[n]) or 0) + value - number(mine[n]), row[n])
                mine[n] = as_cell(value, mine[n])

    return alter


def figures_of_another_file(name: str, sheet: str) -> Callable[[Rows], None]:
    """Every council's row as another year's sheet has it; total rows too."""

    def alter(rows: Rows) -> None:
        other = only_sheet(name, sheet)
        old_numbers = other[5]
        old = {(cell_text(row[0]) or cell_text(row[2])): row for row in other[7:]}
        for row in rows[7:]:
            match = old.get(cell_text(row[0]) or cell_text(row[2]))
            for n, line in enumerate(rows[5]):
                if match and cell_text(line) and line in old_numbers and number(row[n]) is not None:
                    value = number(match[old_numbers.index(line)])
                    row[n] = row[n] if value is None else as_cell(value, row[n])

    return alter


def stack(change: Callable[[dict[tuple[str, str, str], list]], None]) -> dict[str, Callable[[Book], None]]:
    """Alter the stacked file, given its rows of totals by year, council code and measure."""

    def alter(book: Book) -> None:
        change({(row[0], row[2], row[3]): row for row in book[""][1:] if row[7] == "Total" and row[8] == "Outcome"})

    return {STACK: alter}


def stack_exchanged(year: str, councils: set[str], one: str, other: str):
    def change(rows) -> None:
        for council in councils:
            a, b = rows[year, council, one], rows[year, council, other]
            a[5], b[5] = b[5], a[5]

    return stack(change)


def stack_times(year: str, council: str, measure: str, factor: str):
    return stack(lambda rows: scale(rows[year, council, measure], factor, only={5}))


def stack_repeats(year: str, before: str, measure: str, councils: set[str] | None = None):
    def change(rows) -> None:
        for (of_year, council, of_measure), row in rows.items():
            if of_year == year and of_measure == measure and (councils is None or council in councils):
                row[5] = rows[before, council, measure][5] if (before, council, measure) in rows else row[5]

    return stack(change)


def series_times(sheet: str, key: str, factor: str, kinds: tuple[str, ...], year: str = "2024 to 2025"):
    def alter(rows: Rows) -> None:
        only = {column_of(rows, f"{year} - {kind}") for kind in kinds}
        scale(rows[row_of(rows, key)], factor, only=only)

    return {SERIES: in_sheet(sheet, alter)}


def series_year_again(sheet: str, year: str, before: str, key: str | None = None):
    def alter(rows: Rows) -> None:
        for kind in ("outcome", "margin of error", "number of respondents"):
            to, of = column_of(rows, f"{year} - {kind}"), column_of(rows, f"{before} - {kind}")
            for row in rows[6:]:
                if key in (None, row[2]):
                    row[to] = row[of]

    return {SERIES: in_sheet(sheet, alter)}


def series_between(one: str, other: str, keys: set[str]):
    def alter(book: Book) -> None:
        for key in keys:
            a, b = book[one][row_of(book[one], key)], book[other][row_of(book[other], key)]
            a[3:], b[3:] = b[3:], a[3:]

    return {SERIES: alter}


def counts(change: Callable[[dict[tuple[str, str, str], list]], None]):
    def alter(book: Book) -> None:
        rows = book["in"][1:]
        change({(row[3], row[4], row[6]): row for row in rows if row[5] == "Total"})

    return {COUNTS: alter}


def counts_times(council: str, measure: str, kinds: tuple[str, ...], factor: str):
    def change(rows) -> None:
        for kind in kinds:
            scale(rows[council, measure, kind], factor, only={7})

    return counts(change)


def price(year: str, index_times: str | None, growth_more: str | None) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        row = next(row for row in rows if len(row) > 3 and row[1].startswith(year))
        if index_times:
            scale(row, index_times, only={2})
        if growth_more:
            row[3] = as_cell(number(row[3]) + number(growth_more), row[3])

    return alter


def prices_from(year: str, factor: str) -> Callable[[Rows], None]:
    """All indices from a year on rebased, growth of that year alone moved with them."""

    def alter(rows: Rows) -> None:
        for row in rows[7:]:
            if len(row) > 3 and row[1][:4].isdigit() and row[1] >= year and number(row[2]) is not None:
                scale(row, factor, only={2})
                if row[1] == year:
                    row[3] = as_cell(((1 + number(row[3]) / 100) * number(factor) - 1) * 100, row[3])

    return alter


def all_of(rows: Iterable[list], factor: str, column: int) -> None:
    for row in rows:
        scale(row, factor, only={column})


def one_csv(alter: Callable[[Rows], None]) -> Callable[[Book], None]:
    return in_sheet("", alter)


def people_of_another_sheet(sheet: str, other: str) -> Callable[[Book], None]:
    def alter(book: Book) -> None:
        mine = only_sheet(PEOPLE_23, other)
        start = row_of(mine, "E92000001")
        book[sheet][row_of(book[sheet], "E92000001") :] = mine[start:]

    return alter


def people_of_the_year_before(rows: Rows) -> None:
    other = only_sheet("mye22final.xlsx", "MYE2 - Persons")
    old = {row[0]: row for row in other[8:]}
    for row in rows[8:]:
        if row and row[0] in old:
            row[3:] = old[row[0]][3:]


def ages_shifted(rows: Rows) -> None:
    for row in rows[1:]:
        if len(row) > 50 and row[0].startswith("E"):
            half = int(row[-1]) // 2
            row[4:] = [str(int(row[4]) + int(row[5])), *row[6:-1], str(half), str(int(row[-1]) - half)]


def pairs_exchanged(one: str, other: str, column: int, key: int) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        a = next(row for row in rows if row[key] == one)
        b = next(row for row in rows if row[key] == other)
        a[column], b[column] = b[column], a[column]

    return alter


def care_finance_times(code: str, factor: str) -> Callable[[Rows], None]:
    def alter(rows: Rows) -> None:
        for row in rows[1:]:
            if row[2] == code:
                scale(row, factor, 11)

    return alter


LONDON = {f"E090000{n:02d}" for n in range(2, 34) if n not in (12,)}
KENT, ESSEX, BRISTOL, LINCOLNSHIRE = "E2221", "E1521", "E0102", "E2520"
SHEET_18, SHEET_17, SHEET_16 = "RA LA Data 2018-19", "RA LA Data 2017-18", "RA LA Data 2016-17"
R22, R23, R24 = "RO3_LA_Data_2022-23", "RO3_LA_Data_2023-24", "RO3_LA_Data_202425"
S22, S24 = "RSX_LA_Data_2022-23", "RSX_LA_Data_202425"
PERSONS = "MYE2 - Persons"

FAULTS = [
    Fault("RA 2018-19 in £, not £ thousand", {RA_18: in_sheet(SHEET_18, all_times("1000", 7))}, True),
    Fault("RA 2023-24: rows of Kent and Essex exchanged", {RA_23: one_csv(rows_exchanged(KENT, ESSEX, 6))}, True),
    Fault(
        "RA 2018-19: Bristol with the values of 2017-18, totals to match",
        {RA_18: in_sheet(SHEET_18, row_of_another_file(RA_17, SHEET_17, BRISTOL, ("ENGLAND", "UNITARY AUTHORITIES")))},
        True,
    ),
    Fault(
        "RA 2023-24: library line of Lincolnshire x10",
        {RA_23: one_csv(cell_times(LINCOLNSHIRE, "Library", "10"))},
        True,
    ),
    Fault("RSX 2021-22: Kent x10", {RSX_21: one_csv(times(KENT, "10"))}, True),
    Fault("mid-2022 persons as mid-2023", {PEOPLE_23: in_sheet(PERSONS, people_of_the_year_before)}, True),
    Fault(
        "deflator 2020-21: index and growth altered together",
        {PRICES: one_csv(prices_from("2020-21", "1.03"))},
        True,
    ),
    Fault(
        "ASCOF 2021-22: 18-64 and 65+ of Leeds exchanged", stack_exchanged("2021-22", {"E08000035"}, "2A1", "2A2"), True
    ),
    Fault("ASCOF 2021-22: admissions 65+ of Norfolk x1.9", stack_times("2021-22", "E10000020", "2A2", "1.9"), True),
    Fault(
        "ASCOF 2022-23: admissions 65+ of Norfolk as in 2021-22",
        stack_repeats("2022-23", "2021-22", "2A2", {"E10000020"}),
        True,
    ),
    Fault(
        "ASCOF 2020-21: numerator and rate of Durham x2",
        counts_times("E06000047", "2A2", ("Numerator", "Outcome"), "2"),
        True,
    ),
    Fault("RA 2023-24 in £, not £ thousand", {RA_23: one_csv(all_times("1000", 10))}),
    Fault("RO3 2024-25 in £, not £ thousand", {RO3_24: in_sheet(R24, all_times("1000", 7))}),
    Fault(
        "RSX 2022-23: rows of Leeds and Sheffield exchanged", {RSX_22: in_sheet(S22, rows_exchanged("E4704", "E4404"))}
    ),
    Fault("RO3 2023-24: rows of Devon and Dorset exchanged", {RO3_23: in_sheet(R23, rows_exchanged("E1121", "E1203"))}),
    Fault(
        "RS 2017-18: rows of Bolton and Bury exchanged",
        {RS_17: in_sheet("RS LA Data 2017-18", rows_exchanged("E4201", "E4202", 5))},
    ),
    Fault("RO3 2023-24: Norfolk ÷10", {RO3_23: in_sheet(R23, times("E2620", "0.1"))}),
    Fault("RSX 2024-25: signs of Surrey flipped", {RSX_24: in_sheet(S24, times("E3620", "-1"))}),
    Fault(
        "RA 2021-22, both copies: Suffolk ÷10",
        {RA_21: in_sheet("RA_LA_Data_2021-22", times("E3520", "0.1", 5)), RA_21_CSV: one_csv(times("E3520", "0.1", 5))},
    ),
    Fault(
        "RO3 2024-25: physical support 18-64 and 65+ columns exchanged",
        {RO3_24: in_sheet(R24, columns_exchanged(105, 112, 7))},
    ),
    Fault(
        "RO3 2022-23: columns of employees and running expenses of information exchanged",
        {RO3_22: in_sheet(R22, named_columns_exchanged("RO3-ascinf-empl", "RO3-ascinf-run-exp", 12))},
    ),
    Fault(
        "RA 2016-17: information and commissioning columns exchanged",
        {RA_16: in_sheet(SHEET_16, named_columns_exchanged("Information and early", "Commissioning and service", 7))},
    ),
    Fault(
        "RA 2023-24: information and commissioning columns exchanged", {RA_23: one_csv(columns_exchanged(54, 55, 10))}
    ),
    Fault("RA 2023-24: smoking and obesity columns exchanged", {RA_23: one_csv(columns_exchanged(66, 75, 10))}),
    Fault("RA 2023-24: one column in £", {RA_23: one_csv(column_times("Information and early", "1000", 10))}),
    Fault("RO3 2022-23: one column in £", {RO3_22: in_sheet(R22, column_times("RO3-ascinf-net-cur-exp", "1000", 12))}),
    Fault("RO3 2024-25: one column in £ million", {RO3_24: in_sheet(R24, lambda rows: all_of(rows[7:], "0.001", 259))}),
    Fault("RSX 2022-23: row of Hampshire twice", {RSX_22: in_sheet(S22, twice("E1721"))}),
    Fault("RA 2018-19: row of Hampshire missing", {RA_18: in_sheet(SHEET_18, gone("E1721"))}),
    Fault("RA 2023-24: row of Hampshire missing", {RA_23: one_csv(gone("E1721"))}),
    Fault("RSX 2023-24, December: row of Hampshire missing", {RSX_23: one_csv(gone("E1721"))}),
    Fault("RA 2018-19: all figures of 2017-18", {RA_18: in_sheet(SHEET_18, figures_of_another_file(RA_17, SHEET_17))}),
    Fault(
        "RA 2018-19: information of Norfolk x10, total of the council not moved",
        {RA_18: in_sheet(SHEET_18, cell_times("E2620", "Information and early", "10"))},
    ),
    Fault(
        "RA 2023-24: information of Norfolk x10", {RA_23: one_csv(cell_times("E2620", "Information and early", "10"))}
    ),
    Fault(
        "RO3 2023-24: information of Norfolk x10",
        {
            RO3_23: in_sheet(
                R23,
                lambda rows: scale(rows[row_of(rows, "E2620")], "10", only={column_of(rows, "RO3-ascinf-net-cur-exp")}),
            )
        },
    ),
    Fault("ASCOF 2022-23: 18-64 and 65+ of all London exchanged", stack_exchanged("2022-23", LONDON, "2A1", "2A2")),
    Fault("ASCOF 2024-25: 18-64 and 65+ of Kent exchanged", series_between("Table_2b", "Table_2c", {"E10000016"})),
    Fault(
        "ASCOF 2024-25: admissions 65+ of Leeds x1.9",
        series_times("Table_2c", "E08000035", "1.9", ("numerator", "outcome")),
    ),
    Fault("ASCOF 2024-25: only the rate of Leeds x1.3", series_times("Table_2c", "E08000035", "1.3", ("outcome",))),
    Fault(
        "ASCOF 2024-25: admissions of Leeds and Bradford exchanged",
        {
            SERIES: in_sheet(
                "Table_2c", lambda rows: exchange(rows[row_of(rows, "E08000035")], rows[row_of(rows, "E08000032")], 3)
            )
        },
    ),
    Fault(
        "ASCOF: satisfaction 2024-25 as in 2023-24, all councils",
        series_year_again("Table_1d", "2024 to 2025", "2023 to 2024"),
    ),
    Fault(
        "ASCOF 2024-25: direct payments as fractions",
        {SERIES: in_sheet("Table_3d(2a)", column_times("2024 to 2025 - outcome", "0.01", 6))},
    ),
    Fault(
        "ASCOF 2021-22: employment of learning disabled as fractions",
        stack(
            lambda rows: all_of(
                (row for (year, _, measure), row in rows.items() if (year, measure) == ("2021-22", "1E")), "0.01", 5
            )
        ),
    ),
    Fault("ASCOF 2022-23 of 65+ is 2021-22's, all councils", stack_repeats("2022-23", "2021-22", "2A2")),
    Fault("ASCOF 2019-20: admissions 65+ of Kirklees x0.4", stack_times("2019-20", "E08000034", "2A2", "0.4")),
    Fault(
        "ASCOF 2020-21: denominator of Durham of another age", counts_times("E06000047", "2A2", ("Denominator",), "3")
    ),
    Fault("ASCOF 2020-21: only the numerator of Durham x10", counts_times("E06000047", "2A2", ("Numerator",), "10")),
    Fault(
        "mid-2024: persons of Kent and Leeds exchanged",
        {PEOPLE_24: one_csv(rows_exchanged("E10000016", "E08000035", 3))},
    ),
    Fault("mid-2023: the sheet of males as all persons", {PEOPLE_23: people_of_another_sheet(PERSONS, "MYE2 - Males")}),
    Fault("mid-2024: ages shifted by one", {PEOPLE_24: one_csv(ages_shifted)}),
    Fault("mid-2024: Norfolk x10", {PEOPLE_24: one_csv(times("E10000020", "10", 3))}),
    Fault("mid-2024: row of Norfolk missing", {PEOPLE_24: one_csv(gone("E10000020"))}),
    Fault(
        "deflators rebased from 2015-16 on, growth untouched",
        {
            PRICES: one_csv(
                lambda rows: all_of(
                    (row for row in rows[7:] if len(row) > 3 and "2015-16" <= cell_text(row[1]) < "2030"), "1.1", 2
                )
            )
        },
    ),
    Fault("deflator: growth of forecast 2024-25 +4 points", {PRICES: one_csv(price("2024-25", None, "4"))}),
    Fault("deflator: index of 2018-19 alone +2 %", {PRICES: one_csv(price("2018-19", "1.02", None))}),
    Fault(
        "neighbours of Kent and Hartlepool exchanged",
        {NEIGHBOURS: one_csv(rows_exchanged("E10000016", "E06000001", 2))},
    ),
    Fault("ASC-FR: Norfolk x10", {CARE_FINANCE: one_csv(care_finance_times("E10000020", "10"))}),
    Fault("two ONS codes exchanged in the list of codes", {CODES: one_csv(pairs_exchanged("Leeds", "Bradford", 4, 0))}),
]
