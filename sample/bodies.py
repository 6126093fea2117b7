"""Fictional authorities without adult social care duties: shire districts, a police body, a fire body, a park.

Publications list them among the councils, so the sample must too.
"""

from dataclasses import dataclass

from sample.councils import COUNCILS, FIRST_YEAR, Council

# Enough to show what districts are; more would only make the sample slower.
COUNTIES_WITH_DISTRICTS = 5


@dataclass(frozen=True)
class OtherBody:
    """A fictional authority that is no council with adult social care duties.

    `body_class` is SD or O; `detailed_class` the letters the outturn files add; `county` the county of a
    district, None for the others. Years as in `Council`.
    """

    council_code: str
    ecode: str
    registry_code: str
    name: str
    body_class: str
    detailed_class: str
    region: str
    population: int
    county: Council | None = None
    valid_from_year: str = FIRST_YEAR
    valid_to_year: str | None = None

    def in_force(self, financial_year: str) -> bool:
        """Whether it exists in this year."""
        return self.valid_to_year is None or financial_year <= self.valid_to_year


def _districts() -> list[OtherBody]:
    """Two districts in each of the first counties; they end when their county turns unitary."""
    found = []
    for county in [c for c in COUNCILS if c.council_class == "SC"][:COUNTIES_WITH_DISTRICTS]:
        for part in ("East", "West"):
            number = len(found) + 1
            found.append(
                OtherBody(
                    council_code=f"E079{number:05d}",
                    ecode=f"E9{200 + number}",
                    registry_code=f"ZD{chr(65 + number // 26)}{chr(65 + number % 26)}",
                    name=f"{part} {county.name}",
                    body_class="SD",
                    detailed_class="SD",
                    region=county.region,
                    population=county.population // 2,
                    county=county,
                    valid_to_year=county.valid_to_year,
                )
            )
    return found


DISTRICTS = tuple(_districts())
OTHER_BODIES = (
    *DISTRICTS,
    OtherBody("E23900001", "E9901", "ZOAA", "Samplevale Police (fictional)", "O", "POL", "South West", 5_000_000),
    OtherBody(
        "E31900001", "E9902", "ZOAB", "Mockshire Fire Authority (fictional)", "O", "FIR", "North West", 5_000_000
    ),
    OtherBody(
        "E26900001", "E9903", "ZOAC", "Figment Hills Park Authority (fictional)", "O", "NPA", "North East", 100_000
    ),
)


def other_bodies(financial_year: str) -> list[OtherBody]:
    """Those that exist in a year, in order of their E-codes."""
    return sorted((b for b in OTHER_BODIES if b.in_force(financial_year)), key=lambda b: b.ecode)
