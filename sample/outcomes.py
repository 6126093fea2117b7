"""The sample's outcome files: one year of open data with numerators and denominators, and the stack of outcomes.

Admissions lie between about 350 and 850 per 100,000 people of 65 and over and drift down; they fall faster
in the council that shifts money to prevention. One council is suppressed in 2020-21 and absent from then on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from sample import people
from sample.chance import draw
from sample.councils import REGIONS, Council, in_force
from sample.files import Cell, write_csv, write_xlsx
from sample.reference import council_type

OPEN_DATA_YEAR = "2020-21"
YEARS = ("2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23")
SHIFTING_CODE = "E09900018"
SUPPRESSED_CODE = "E09900007"
SUPPRESSED_FROM_YEAR = "2020-21"

OPEN_DATA_HEADER = (
    "Geographical Code", "Geographical Description", "Geographical Level", "ONS Code", "ASCOF Measure Code",
    "Disaggregation Level", "Measure Type", "Measure Value", "Measure Group", "Measure Group Description",
)  # fmt: skip
SECOND_OPINION_HEADER = ("area_code", "area_name", "period", "indicator", "measure", "unit", "value")
STACK_HEADER = (
    "Year", "Geographical Description", "ONS Code", "Measure Group", "Measure Group Description", "Measure_Value",
    "Geographical Level", "Disaggregation Level", "Measure Type",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A measure of the framework: its code, wording, the ages it counts, and what its rate is per."""

    code: str
    wording: str
    youngest: int
    oldest: int
    per: int
    low: int
    high: int


MEASURES = (
    Measure("1C2A", "Proportion of people using social care who receive direct payments", 18, 90, 100, 15, 40),
    Measure(
        "2A1",
        "Long-term support needs of younger adults aged 18-64 met by admission to residential and nursing care homes, "
        "per 100,000 population",
        18, 64, 100_000, 6, 24,
    ),
    Measure(
        "2A2",
        "Long-term support needs of older adults aged 65 and over met by admission to residential and nursing care "
        "homes, per 100,000 population",
        65, 90, 100_000, 350, 850,
    ),
    Measure(
        "2B1",
        "Proportion of older people 65 and over who were still at home 91 days after discharge from hospital into "
        "reablement or rehabilitation services",
        65, 90, 100, 70, 92,
    ),
    Measure(
        "2B2",
        "Proportion of older people 65 and over who received reablement or rehabilitation services after discharge "
        "from hospital",
        65, 90, 100, 2, 5,
    ),
)  # fmt: skip


def counts(measure: Measure, council: Council, financial_year: str) -> tuple[int, int]:
    """Numerator and denominator of one council and year."""
    residents = people.between(council, int(financial_year[:4]), measure.youngest, measure.oldest)
    # Proportions count people in a service, a small part of the residents; rates count all residents.
    denominator = residents if measure.per == 100_000 else max(residents // 60, 40)
    per_thousandth = draw(measure.low * 1000, measure.high * 1000, council.cassr_code, measure.code)
    years = int(financial_year[:4]) - int(YEARS[0][:4])
    if measure.per == 100_000:
        fall = 60 if council.council_code == SHIFTING_CODE else 12
        noise = draw(-25, 25, council.cassr_code, measure.code, financial_year)
        per_thousandth = per_thousandth * (1000 - fall * years + noise) // 1000
    else:
        # Each year has its own proportions, as in true files; none rises above the whole.
        spread = min(120, 1000 * (99 - measure.high) // measure.high)
        noise = draw(-spread, spread, council.cassr_code, measure.code, financial_year)
        per_thousandth = per_thousandth * (1000 + noise) // 1000
    if measure.code == "2B2":
        # Who came home into reablement is one count: here of all discharged, in 2B1 what the rest is a share of.
        return denominator, denominator * measure.per * 1000 // per_thousandth
    return denominator * per_thousandth // (measure.per * 1000), denominator


def rate(measure: Measure, numerator: int, denominator: int) -> Decimal:
    """The outcome as published: to one decimal, halves up."""
    return (Decimal(numerator) * measure.per / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def write(folder: Path) -> None:
    """The open data workbook of one year, the stack of all years, and a second opinion on a few councils."""
    _open_data(folder / "SAMPLE_meas-from-asc-of-eng-2021-open-data.xlsx")
    _stack(folder / "SAMPLE_ascof_trend_data.csv")
    _second_opinion(folder / "SAMPLE_admissions_care_homes_65p.csv")


def _is_suppressed(council: Council, financial_year: str) -> bool:
    return council.council_code == SUPPRESSED_CODE and financial_year >= SUPPRESSED_FROM_YEAR


def _groups(financial_year: str) -> Iterator[tuple[str, str, str, str, list[Council]]]:
    """Code, name, level, ONS code and members of England, each region and each council type."""
    councils = in_force(financial_year)
    yield "England", "England", "England", "E92000001", councils
    for region, (letters, code) in REGIONS.items():
        yield letters, region, "Region", code, [c for c in councils if c.region == region]
    for name in ("Inner London", "Metropolitan District", "Outer London", "Shire Counties", "Unitary Authority"):
        members = [c for c in councils if council_type(c) == name]
        yield name[0], name, "Council Type", "", members


def _open_data(path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [OPEN_DATA_HEADER]
    year = OPEN_DATA_YEAR
    for measure in MEASURES:
        tail = (measure.code, measure.wording)
        for council in in_force(year):
            numerator, denominator = counts(measure, council, year)
            values: dict[str, Cell] = {
                "Denominator": denominator,
                "Numerator": numerator,
                "Outcome": rate(measure, numerator, denominator),
            }
            place = (int(council.cassr_code), council.name, "Council", council.council_code, measure.code, "Total")
            for kind, value in values.items():
                rows.append((*place, kind, "[x]" if _is_suppressed(council, year) else value, *tail))
        for code, name, level, ons_code, members in _groups(year):
            parts = [counts(measure, council, year) for council in members]
            numerator, denominator = (sum(part) for part in zip(*parts, strict=True))
            place = (code, name, level, ons_code, measure.code, "Total")
            rows.append((*place, "Denominator", denominator, *tail))
            rows.append((*place, "Numerator", numerator, *tail))
            rows.append((*place, "Outcome", rate(measure, numerator, denominator), *tail))
    write_xlsx(path, {"in": rows})


def _stack(path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [STACK_HEADER]
    for year in YEARS:
        is_first = year == YEARS[0]
        for measure in MEASURES:
            wording = "" if is_first else measure.wording
            for council in in_force(year):
                if _is_suppressed(council, year):
                    continue
                value = rate(measure, *counts(measure, council, year))
                rows.append(
                    (year, council.name, council.council_code, measure.code, wording, value, "Council", "Total",
                     "Outcome")
                )  # fmt: skip
            for _, name, level, ons_code, members in _groups(year):
                numerator, denominator = (
                    sum(part) for part in zip(*(counts(measure, c, year) for c in members), strict=True)
                )
                if year <= "2018-19" and name == "East of England":
                    name = "Eastern"
                rows.append(
                    (year, name, ons_code, measure.code, wording, rate(measure, numerator, denominator),
                     "Council type" if is_first and level == "Council Type" else level, "Total", "Outcome")
                )  # fmt: skip
    write_csv(path, rows)


def _second_opinion(path: Path) -> None:
    """Admissions of 65 and over of every tenth council, as another body passes them on.

    It withholds one value and differs from the publication in another, as such extracts do.
    """
    measure = next(measure for measure in MEASURES if measure.code == "2A2")
    rows: list[tuple[Cell, ...]] = [SECOND_OPINION_HEADER]
    words = (
        "Permanent admissions to residential and nursing care homes aged 65+",
        "Rate per 100,000 aged 65+",
        "Persons",
    )
    for year in YEARS:
        chosen = in_force(year)[::10]
        for place, council in enumerate(chosen):
            value: Cell = rate(measure, *counts(measure, council, year))
            if year == "2018-19" and place in (3, 4):
                value = "NA" if place == 3 else value + Decimal("0.1")
            rows.append((council.council_code, council.name, year.replace("-", "/"), *words, value))
    write_csv(path, rows)
