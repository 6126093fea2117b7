"""The fictional councils: about as many, of the same classes and regions, as England has.

Codes have the published shapes and lie in ranges nobody uses: ONS codes end in 9xxxxx, E-codes begin with
E9, CASSR codes lie in 120-199 and 220-299. Three things happen to them, as they do to real councils: two
unitary authorities merge from April 2018, one district is recoded from April 2020, and a county council
turns unitary (new code, same name) from April 2019.
"""

from dataclasses import dataclass

from sample.chance import draw, scaled

FIRST_YEAR = "2013-14"
MERGED_FROM_YEAR = "2018-19"
UNITARY_FROM_YEAR = "2019-20"
RECODED_FROM_YEAR = "2020-21"

REGIONS = {
    "North East": ("NE", "E12000001"),
    "North West": ("NW", "E12000002"),
    "Yorkshire and The Humber": ("YH", "E12000003"),
    "East Midlands": ("EM", "E12000004"),
    "West Midlands": ("WM", "E12000005"),
    "East of England": ("E", "E12000006"),
    "London": ("L", "E12000007"),
    "South East": ("SE", "E12000008"),
    "South West": ("SW", "E12000009"),
}

# Councils of each class by region, in the order of REGIONS: 27 + 56 + 36 + 33 = 152.
MIX = {
    "SC": (0, 2, 1, 4, 3, 5, 0, 6, 6),
    "UA": (7, 6, 5, 4, 4, 6, 0, 12, 12),
    "MD": (5, 15, 9, 0, 7, 0, 0, 0, 0),
    "L": (0, 0, 0, 0, 0, 0, 33, 0, 0),
}
CODE_PREFIX = {"SC": "E10", "UA": "E06", "MD": "E08", "L": "E09"}
TYPICAL_POPULATION = {"SC": 800_000, "UA": 220_000, "MD": 320_000, "L": 260_000}
OLDER_PER_MILLE = {"SC": 215, "UA": 185, "MD": 165, "L": 115}

FIRST_SYLLABLES = (
    "Sample", "Specimen", "Mock", "Dummy", "Example", "Fable", "Pretend",
    "Placeholder", "Invented", "Figment", "Notional", "Makebelieve", "Imagined",
)  # fmt: skip
LAST_SYLLABLES = ("ford", "ton", "ham", "bury", "wick", "mouth", "stead", "by", "dale", "minster", "field", "bridge")


@dataclass(frozen=True)
class Council:
    """A fictional council under one code.

    `council_class` is the class letter of the Revenue Account: SC, UA, MD or L. Years are financial years
    (`2017-18`); `valid_to_year` is the last one and None while the code is in use. `population` is that of
    mid-2016, `older_per_mille` how many of a thousand residents are 65 or over. `cassr_code` is the three
    digits of the social care collections, `registry_code` the letters of the council registry.
    """

    council_code: str
    ecode: str
    cassr_code: str
    registry_code: str
    name: str
    council_class: str
    region: str
    population: int
    older_per_mille: int
    valid_from_year: str = FIRST_YEAR
    valid_to_year: str | None = None
    successor_codes: tuple[str, ...] = ()

    def in_force(self, financial_year: str) -> bool:
        """Whether the code is the council's in this year."""
        return self.valid_from_year <= financial_year and (
            self.valid_to_year is None or financial_year <= self.valid_to_year
        )


def _original() -> list[Council]:
    """The 152 councils of 2013-14 to 2017-18, ordered by class and region."""
    councils: list[Council] = []
    for council_class, counts in MIX.items():
        place = 0
        for region, count in zip(REGIONS, counts, strict=True):
            for _ in range(count):
                place += 1
                number = len(councils)
                first = FIRST_SYLLABLES[number % len(FIRST_SYLLABLES)]
                last = LAST_SYLLABLES[number % len(LAST_SYLLABLES)]
                # 13 and 12 have no common factor: no pair of syllables comes back within 156 councils.
                shire = "shire" if council_class == "SC" else ""
                code = f"{CODE_PREFIX[council_class]}9{place:05d}"
                councils.append(
                    Council(
                        council_code=code,
                        ecode=f"E9{number + 1:03d}",
                        cassr_code=_cassr(number),
                        registry_code=_letters(number),
                        name=f"{first}{last}{shire} (fictional)",
                        council_class=council_class,
                        region=region,
                        population=scaled(TYPICAL_POPULATION[council_class], 55, 165, code, "population"),
                        older_per_mille=OLDER_PER_MILLE[council_class] + draw(-35, 45, code, "older"),
                    )
                )
    return councils


def _cassr(number: int) -> str:
    return str(120 + number if number < 80 else 140 + number)


def _letters(number: int) -> str:
    return f"ZS{chr(65 + number // 26)}{chr(65 + number % 26)}"


def _with_changes(councils: list[Council]) -> tuple[Council, ...]:
    """The merger, the county that turns unitary and the recode, each as ended and new codes."""
    south_west = [c for c in councils if c.region == "South West" and c.council_class == "UA"]
    first, second = south_west[0], south_west[1]
    turned = next(c for c in councils if c.region == "East Midlands" and c.council_class == "SC")
    recoded = next(c for c in councils if c.region == "West Midlands" and c.council_class == "MD")
    residents = first.population + second.population
    older = first.population * first.older_per_mille + second.population * second.older_per_mille
    merged = Council(
        council_code="E06900057",
        ecode="E9153",
        cassr_code=_cassr(152),
        registry_code=_letters(152),
        name="Unitedsample and Mockshore (fictional)",
        council_class="UA",
        region="South West",
        population=residents,
        older_per_mille=older // residents,
        valid_from_year=MERGED_FROM_YEAR,
    )
    unitary = _again(turned, UNITARY_FROM_YEAR, 153, council_code="E06900058", ecode="E9154", council_class="UA")
    new_code = _again(recoded, RECODED_FROM_YEAR, 154, council_code="E08900037")
    ended = {
        first.council_code: ("2017-18", merged),
        second.council_code: ("2017-18", merged),
        turned.council_code: ("2018-19", unitary),
        recoded.council_code: ("2019-20", new_code),
    }
    kept = [
        Council(**{**c.__dict__, "valid_to_year": ended[c.council_code][0], "successor_codes": (successor,)})
        if c.council_code in ended and (successor := ended[c.council_code][1].council_code)
        else c
        for c in councils
    ]
    return (*kept, merged, unitary, new_code)


def _again(council: Council, from_year: str, number: int, **changed: str) -> Council:
    """The same council under another code from a year on; registry letters differ, the CASSR code stays."""
    return Council(**{**council.__dict__, "valid_from_year": from_year, "registry_code": _letters(number), **changed})


COUNCILS: tuple[Council, ...] = _with_changes(_original())


def in_force(financial_year: str) -> list[Council]:
    """The councils of a year, 152 to 2017-18 and 151 afterwards, in order of their E-codes."""
    return sorted((c for c in COUNCILS if c.in_force(financial_year)), key=lambda c: c.ecode)
