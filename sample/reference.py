"""Registers and context of the sample: council registry and lookups, CASSR codes, areas, neighbours, prices.

Layouts are those of the files these take the place of; figures and names are invented.
"""

import json
from decimal import Decimal
from pathlib import Path

from ingest import column_map
from sample.bodies import DISTRICTS
from sample.chance import draw
from sample.councils import COUNCILS, FIRST_YEAR, REGIONS, Council, in_force
from sample.files import Cell, write_csv, write_xlsx

REGISTRY_TYPES = {
    "SC": ("CTY", "County"),
    "UA": ("UA", "Unitary authority"),
    "MD": ("MD", "Metropolitan district"),
    "L": ("LBO", "London borough"),
    "SD": ("NMD", "Non-metropolitan district"),
}
COUNCIL_TYPES = {"SC": "Shire Counties", "UA": "Unitary Authority", "MD": "Metropolitan District"}
PRICE_CHANGES = {  # per cent on the year before, from an index of 80 in 2012-13
    "2013-14": "1.90", "2014-15": "1.25", "2015-16": "0.80", "2016-17": "2.10", "2017-18": "1.60", "2018-19": "2.00",
    "2019-20": "2.40", "2020-21": "5.10", "2021-22": "-0.40", "2022-23": "6.50",
}  # fmt: skip
FORECAST_CHANGES = {"2023-24": "5.90", "2024-25": "1.80", "2025-26": "1.70", "2026-27": "1.65"}
DOMAINS = {  # sheet: title, extra columns
    "IMD": ("IMD", ("IMD 2019 - Extent ", "IMD 2019 - Rank of extent ", "IMD 2019 - Local concentration ",
                    "IMD 2019 - Rank of local concentration ")),
    "Income": ("Income", ("Income scale", "Rank of Income Scale")),
    "Employment": ("Employment", ("Employment scale ", "Rank of Employment Scale")),
    "Education": ("Education, Skills and Training", ()),
    "Health": ("Health Deprivation and Disability", ()),
    "Crime": ("Crime", ()),
    "Barriers": ("Barriers to Housing and Services", ()),
    "Living": ("Living Environment", ()),
    "IDACI": ("IDACI", ()),
    "IDAOPI": ("IDAOPI", ()),
}  # fmt: skip


def council_type(council: Council) -> str:
    """The council type of the social care collections: London boroughs are inner or outer."""
    if council.council_class == "L":
        return "Inner London" if int(council.council_code[-2:]) <= 13 else "Outer London"
    return COUNCIL_TYPES[council.council_class]


def write(folder: Path) -> None:
    """Every register and context file."""
    _registry(folder / "SAMPLE_uk_local_authorities_current.csv")
    write_csv(
        folder / "SAMPLE_lookup_gss_to_registry.csv",
        [("gss-code", "local-authority-code"), *((c.council_code, c.registry_code) for c in (*COUNCILS, *DISTRICTS))],
    )
    names = [(spelling, c.registry_code) for c in (*COUNCILS, *DISTRICTS) for spelling in (c.name, c.name.lower())]
    write_csv(folder / "SAMPLE_lookup_name_to_registry.csv", [("la-name", "local-authority-code"), *names])
    _cassr_codes(folder / "SAMPLE_ascof_ons_codes.csv")
    _areas(folder / "SAMPLE_LTLA-UTLA_Lookup.csv")
    _neighbours(folder / "SAMPLE_NN.json")
    _prices(folder / "SAMPLE_GDP_Deflators.csv")
    _deprivation(folder / "SAMPLE_IoD2019_upper-tier.xlsx")


def _registry(path: Path) -> None:
    by_code = {council.council_code: council for council in COUNCILS}
    header = [row["header"] for row in column_map.load("council_registry") if row["layout"] == "registry"]
    rows: list[list[Cell]] = [header]
    for body in (*COUNCILS, *DISTRICTS):
        body_class = body.council_class if isinstance(body, Council) else body.body_class
        kind, kind_name = REGISTRY_TYPES[body_class]
        successors = body.successor_codes if isinstance(body, Council) else body.county.successor_codes
        ended = body.valid_to_year
        facts = {
            "local-authority-code": body.registry_code,
            "official-name": f"{body.name} Council",
            "nice-name": body.name,
            "gss-code": body.council_code,
            "start-date": "" if body.valid_from_year == FIRST_YEAR else f"{body.valid_from_year[:4]}-04-01",
            "end-date": f"{int(ended[:4]) + 1}-03-31" if ended else "",
            "replaced-by": ",".join(by_code[code].registry_code for code in successors),
            "nation": "England",
            "region": body.region,
            "local-authority-type": kind,
            "local-authority-type-name": kind_name,
            "county-la": "" if isinstance(body, Council) else body.county.registry_code,
            "alt-names": body.name.lower(),
            "notes": "SAMPLE: no such council",
            "current-authority": "False" if ended else "True",
            "BS-6879": body.registry_code,
            "ecode": body.ecode,
            "lower-or-unitary": "False" if body_class == "SC" else "True",
        }
        rows.append([facts.get(column, "") for column in header])
    write_csv(path, rows)


def _cassr_codes(path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("Geography", "Council type", "Council region", "LA Code ", "ONS Area Code"),
        ("England", "", "", "", "E92000001"),
    ]
    councils = in_force("2021-22")
    for region, (letters, code) in REGIONS.items():
        rows.append((region, "", region, letters, code))
        rows.extend(
            (c.name, council_type(c), region, c.cassr_code, c.council_code) for c in councils if c.region == region
        )
    write_csv(path, rows)


def _areas(path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("LTLA23CD", "LTLA23NM", "LTLA23NMW", "UTLA23CD", "UTLA23NM", "UTLA23NMW", "ObjectId")
    ]
    for council in in_force("2021-22"):
        lower = [d for d in DISTRICTS if d.county == council] or [council]
        for area in lower:
            rows.append((area.council_code, area.name, "", council.council_code, council.name, "", len(rows)))
    write_csv(path, rows, "utf-8-sig")


def _neighbours(path: Path) -> None:
    """Fifteen councils of the same class nearest in the share of older residents, and the council itself."""
    lists = {}
    for council in in_force("2021-22"):
        alike = [c for c in in_force("2021-22") if c.council_class == council.council_class and c != council]
        alike.sort(key=lambda c: (abs(c.older_per_mille - council.older_per_mille), c.council_code))
        lists[council.council_code] = sorted(c.council_code for c in [council, *alike[:15]])
    path.write_text(json.dumps(lists, indent=4) + "\n", encoding="utf-8", newline="\n")


def _prices(path: Path) -> None:
    index = Decimal(80)
    rows: list[list[Cell]] = [
        ["", "SAMPLE: FICTIONAL GDP DEFLATORS AT MARKET PRICES, AND MONEY GDP"],
        [],
        ["", "SAMPLE figures, invented; in the layout of the published series."],
        ["", "Forecast years give growth only, as in the published series."],
        ["", "Financial year", "", "", "", "", "", "Calendar year"],
        ["", "", "GDP deflator at market prices ", "", "Money GDP (3), (4)", "", "", "",
         "GDP deflator at market prices ", "", "Money GDP (3)"],
        ["", "Financial year", "2022-23 = 100", "per cent change on previous year",
         "Cash £ million\nNon-Season-ally Adjusted", "Cash £ million\nSeasonally Adjusted", "", "Calendar year",
         "2022 = 100", "per cent change on previous year", "Cash £ million\nNon-Seasonally Adjusted"],
    ]  # fmt: skip
    levels = {}
    for year, change in PRICE_CHANGES.items():
        index = index * (100 + Decimal(change)) / 100
        levels[year] = index
    calendar = _calendar_changes({**PRICE_CHANGES, **FORECAST_CHANGES})
    for year, change in PRICE_CHANGES.items():
        level = (levels[year] * 100 / levels["2022-23"]).quantize(Decimal("0.001"))
        rows.append(["", year, str(level), change, "1", "1", "", year[:4], str(level), calendar[year], "1"])
    for year, change in FORECAST_CHANGES.items():
        beside = f"{year[:4]} (1), (2)"
        rows.append(["", f"{year} (1), (2)", "-", change, "1", "1", "", beside, "-", calendar[year], "1"])
    rows.append(["", "Sources and footnotes:"])
    rows.append(["", "(1)", "SAMPLE: every figure on this sheet is invented."])
    width = 18
    write_csv(path, [row + [""] * (width - len(row)) for row in rows], "utf-8-sig")


def _calendar_changes(changes: dict[str, str]) -> dict[str, str]:
    """Growth of calendar years that goes with that of financial years: three quarters of one, a quarter of the next."""
    found: dict[str, str] = {}
    following = None
    for year, change in reversed(changes.items()):
        growth = Decimal(change)
        following = growth if following is None else (growth - following / 4) * 4 / 3
        found[year] = str(following.quantize(Decimal("0.01")))
    return found


def _deprivation(path: Path) -> None:
    councils = sorted(in_force("2019-20"), key=lambda c: c.council_code)
    place = ("Upper Tier Local Authority District code (2019)", "Upper Tier Local Authority District name (2019)")
    sheets: dict[str, list[list[Cell]]] = {"Notes": [["SAMPLE: fictional councils and figures"]]}
    for sheet, (title, more) in DOMAINS.items():
        is_imd = sheet == "IMD"
        of_lsoas = "of LSOAs in most deprived 10% nationally"
        tail = "" if sheet == "Education" else " "
        header = [
            *place,
            f"{title} - Average rank ", f"{title} - Rank of average rank ",
            f"{title} - Average score ", f"{title} - Rank of average score ",
            f"{title} - Proportion {'' if is_imd else ' '}{of_lsoas}{tail}",
            f"{title} - Rank of proportion {of_lsoas}{tail}",
            *more,
        ]  # fmt: skip
        ranks = {c: Decimal(draw(300_000, 3_000_000, c.council_code, sheet)) / 100 for c in councils}
        order = {c: n for n, c in enumerate(sorted(councils, key=lambda c: -ranks[c]), start=1)}
        sheets[sheet] = [header]
        for c in councils:
            score = (ranks[c] / 800).quantize(Decimal("0.001"))
            extra = [_context(name, c, order[c], ranks[c]) for name in more]
            share = (ranks[c] / 60_000).quantize(Decimal("0.0001"))
            sheets[sheet].append([c.council_code, c.name, ranks[c], order[c], score, order[c], share, order[c], *extra])
    write_xlsx(path, sheets)


def _context(header: str, council: Council, rank: int, average: Decimal) -> Cell:
    """A figure for the columns that only some sheets have."""
    if "Rank " in header:
        return rank
    if "scale" in header:
        return int(average)
    return average if "concentration" in header else (average / 40_000).quantize(Decimal("0.0001"))
