"""Mid-year population files of the sample, one a year, each in the layout of its year.

As the statistics office does, each file uses the boundaries of the *next* April: a council that begins in
April 2018 is already in the mid-2017 file and its parents are not.
"""

from pathlib import Path

from sample import people
from sample.councils import REGIONS, Council, in_force
from sample.files import Cell, write_xlsx

GEOGRAPHIES = {
    "SC": "County",
    "UA": "Unitary Authority",
    "MD": "Metropolitan District",
    "L": "London Borough",
}
# mid-year: file name, sheet, rows above the header, name of the geography column (None: not yet there), top age
LAYOUTS: dict[int, tuple[str, str, int, str | None, str]] = {
    2016: ("SAMPLE_ukmidyearestimates2016.xlsx", "MYE2 - All", 4, None, "90"),
    2017: ("SAMPLE_ukmidyearestimates2017.xlsx", "MYE2 - All", 4, "Geography1", "90"),
    2018: ("SAMPLE_ukmidyearestimates2018.xlsx", "MYE2-All", 4, "Geography1", "90"),
    2019: ("SAMPLE_ukmidyearestimates2019.xlsx", "MYE2 - Persons", 4, "Geography1", "90+"),
    2020: ("SAMPLE_ukpopestimatesmid2020.xlsx", "MYE2 - Persons", 7, "Geography", "90+"),
    2021: ("SAMPLE_ukpopestimatesmid2021.xlsx", "MYE2 - Persons", 7, "Geography", "90+"),
    2022: ("SAMPLE_mye22final.xlsx", "MYE2 - Persons", 7, "Geography", "90+"),
}


def write(folder: Path) -> None:
    """The population file of every mid-year."""
    for mid_year, (name, sheet, above, geography, top) in LAYOUTS.items():
        rows: list[list[Cell]] = [
            [f"SAMPLE: fictional population estimates, persons by single year of age, mid-{mid_year}"],
            *([] for _ in range(above - 1)),
        ]
        ages: list[Cell] = [*range(people.TOP_AGE), people.TOP_AGE if top == "90" else top]
        rows.append(["Code", "Name", *([geography] if geography else []), "All ages", *ages])
        councils = in_force(f"{mid_year + 1}-{(mid_year + 2) % 100:02d}")
        rows.append(_row("E92000001", "ENGLAND", "Country", councils, mid_year, geography))
        for region, (_, code) in REGIONS.items():
            within = [c for c in councils if c.region == region]
            rows.append(_row(code, region.upper(), "Region", within, mid_year, geography))
            for c in sorted(within, key=lambda c: c.name):
                rows.append(_row(c.council_code, c.name, GEOGRAPHIES[c.council_class], [c], mid_year, geography))
        contents: list[list[Cell]] = [["SAMPLE: fictional figures in a published layout"]]
        write_xlsx(folder / name, {"Contents": contents, sheet: rows})


def _row(code: str, name: str, kind: str, councils: list[Council], mid_year: int, geography: str | None) -> list[Cell]:
    ages = [sum(at_age) for at_age in zip(*(people.persons(c, mid_year) for c in councils), strict=True)]
    return [code, name, *([kind] if geography else []), sum(ages), *ages]
