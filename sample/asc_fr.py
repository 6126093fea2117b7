"""The sample's Adult Social Care Finance Return of 2016-17: totals by keys, in £ thousand with pence.

The mandatory rows carry all the money; the voluntary rows split some of it again by older age bands.
"""

from collections.abc import Iterator
from pathlib import Path

from sample.chance import draw
from sample.councils import REGIONS, Council, in_force
from sample.files import Cell, write_csv

YEAR = "2016-17"
HEADER = (
    "FY_Ending", "CASSR_CODE", "GEOGRAPHY_CODE", "REGION_GO_CODE", "CareType_KEY", "AgeBand_KEY",
    "PrimarySupportReason_KEY", "SupportSetting_KEY", "Purpose_KEY", "CarerSupportType_KEY", "DataType_KEY",
    "TOTALEXPENDITURE", "TOTALINCOME", "NETTOTALEXPENDITURE", "GROSSTOTALEXPENDITURE", "NETCURRENTEXPENDITURE",
    "GROSSCURRENTEXPENDITURE",
)  # fmt: skip
# Pence of gross spending per resident, by key: what a typical council spends.
SETTINGS = {  # setting: (18 to 64, 65 and over)
    "1": (2100, 850), "2": (1250, 2550), "3": (1400, 500), "4": (2200, 400),
    "6": (450, 2600), "7": (4000, 5450), "9": (680, 180),
}  # fmt: skip
REASON_WEIGHTS = {"1": {"4": 66, "5": 12, "6": 18, "7": 1, "13": 3}, "2": {"4": 9, "5": 7, "6": 52, "7": 2, "13": 30}}
SHORT_TERM = {"1": {"1": 185, "2": 105}, "2": {"1": 275, "2": 450}}
OTHER_LINES = {  # primary support reason key: (carer support type, pence per resident)
    "1": ("", 355), "2": ("", 1900), "3": ("", 385), "8": ("", 2850), "9": ("", 48), "10": ("", 64), "11": ("", 160),
    "12": ("1", 66),
}  # fmt: skip
INCOME_PER_CENT = {"6": 44, "7": 38, "2": 20}

Keys = tuple[str, str, str, str, str, str, str]


def write(folder: Path) -> None:
    """One file: councils first, then regions, then England, as published."""
    rows: list[tuple[Cell, ...]] = [HEADER]
    money: dict[str, dict[Keys, list[int]]] = {}
    councils = in_force(YEAR)
    for council in councils:
        region_code = REGIONS[council.region][1]
        for keys, gross, income in _lines(council):
            rows.append((2017, council.cassr_code, council.council_code, region_code, *keys, *_columns(gross, income)))
            for group in (region_code, "E92000001"):
                total = money.setdefault(group, {}).setdefault(keys, [0, 0])
                total[0] += gross
                total[1] += income
    for group in sorted(money):
        rows.extend((2017, "", "", group, *keys, *_columns(*total)) for keys, total in money[group].items())
    write_csv(folder / "SAMPLE_CSV_ASCFR_Totals.csv", rows)


def _lines(council: Council) -> Iterator[tuple[Keys, int, int]]:
    """Keys, gross spending and income in pence of every line of a council."""
    for setting, per_resident in SETTINGS.items():
        for age_band, pence in zip(("1", "2"), per_resident, strict=True):
            for reason, weight in REASON_WEIGHTS[age_band].items():
                gross = _pence(council, pence * weight // 100, "long", setting, age_band, reason)
                income = gross * INCOME_PER_CENT.get(setting, 12) // 100
                yield ("2", age_band, reason, setting, "", "", "1"), gross, income
                if age_band == "2" and setting == "7":
                    for voluntary, per_cent in (("3", 15), ("4", 25), ("5", 60)):
                        part = gross * per_cent // 100
                        yield ("2", voluntary, reason, setting, "", "", "2"), part, income * per_cent // 100
    for age_band, purposes in SHORT_TERM.items():
        for purpose, pence in purposes.items():
            gross = _pence(council, pence, "short", age_band, purpose)
            yield ("4", age_band, "6", "", purpose, "", "1"), gross, gross * 30 // 100
    for reason, (carer_type, pence) in OTHER_LINES.items():
        gross = _pence(council, pence, "other", reason)
        yield ("3", "", reason, "", "", carer_type, "1"), gross, gross * 25 // 100


def _pence(council: Council, per_resident: int, *name: str) -> int:
    return council.population * per_resident * draw(70, 135, council.ecode, *name) // 100


def _columns(gross: int, income: int) -> tuple[str, ...]:
    """The six money columns in £ thousand; without capital charges, gross total and gross current are equal."""
    net = gross - income
    return tuple(_thousands(pence) for pence in (gross, income, net, gross, net, gross))


def _thousands(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100_000}.{abs(pence) % 100_000:05d}"
