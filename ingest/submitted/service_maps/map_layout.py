"""The service map workbook: its sheets, columns and words, declared once for the template and for reading back.

What a person sees in the workbook is on the left, what raw tables store on the right. Nothing here opens
a file.
"""

import re
from dataclasses import dataclass

DETAILS, BUDGET_LINES, LINES, TIERS, TARGETS = (
    "Details",
    "Budget lines",
    "Lines to services",
    "Services to tiers",
    "Targets and questions",
)
READ_ME, EXAMPLE, LISTS = "Read me", "Worked example", "Lists"
SHEETS_READ = (DETAILS, LINES, TIERS, TARGETS)

OUTCOME = "delay_and_reduce_need_65_plus"

TIERS_OFFERED = {
    "primary": "Keeps people well: open to everyone, before any need shows",
    "secondary": "Helps people at risk early, so that need does not grow",
    "tertiary": "Supports people who have need already, so that a care home comes later or not at all",
    "reactive": "Pays for the need itself once it could not be delayed: residential and nursing care",
    "enabling": "Overhead that serves other services: commissioning, management; shared out afterwards",
    "out_of_scope": "Has nothing to do with the outcome",
}
DEPARTMENTS = {
    "Adult social care": "adult_social_care",
    "Public health": "public_health",
    "Housing": "housing",
    "Children, schools and families": "children_and_families",
    "Culture and environment": "culture_and_environment",
    "Other departments": "other",
}
BASES = {
    "Direct": ("direct", "The line or contract pays for this service and nothing else"),
    "Staff time": ("staff_time", "Timesheets, job plans or the manager's estimate of who does what"),
    "Service users": ("service_users", "Share of users, for instance those aged 65 and over"),
    "Activity": ("activity", "Recorded hours, packages, visits or contacts"),
    "Unit cost": ("unit_cost", "Number of units times what one unit costs"),
    "Expert estimate": ("expert_estimate", "Agreed in the room by people who know the service"),
    "External driver": ("external_driver", "A published figure, such as care by setting in the finance return"),
    "Pro rata": ("pro_rata", "Follows the other spending: for overheads without a better driver"),
}
CONFIDENCE = {
    "high": "Ledger, contract or recorded activity of the same year",
    "medium": "Users, staff time or activity of a nearby year",
    "low": "An estimate, or a whole line given to its main purpose",
}
STATEMENTS = {"Budget": "budget", "Outturn": "outturn", "Both": "both"}
MAP_KINDS = {"One council": "council", "Shared by several councils": "shared"}
YES_NO = {"Yes": True, "No": False}


@dataclass(frozen=True)
class Field:
    """One thing a person fills in: the header (or label) shown, our name for it, and the kind of answer.

    `kind` is text, long_text, share, quantity, whole, year, date, or the name of a list in `CHOICES`.
    `is_needed` holds for a row that is filled in at all.
    """

    header: str
    name: str
    kind: str
    is_needed: bool = False
    hint: str = ""
    width: int = 16


CHOICES: dict[str, dict] = {
    "tier": {tier: tier for tier in TIERS_OFFERED},
    "department": DEPARTMENTS,
    "basis": {label: code for label, (code, _) in BASES.items()},
    "confidence": {grade: grade for grade in CONFIDENCE},
    "statement": STATEMENTS,
    "map_kind": MAP_KINDS,
    "yes_no": YES_NO,
}

DETAIL_FIELDS = (
    Field("Kind of map", "map_kind", "map_kind", True, "A shared map holds for every council listed below"),
    Field("Council code", "council_code", "text", False, "ONS code; for a map of one council"),
    Field("Council", "council_name", "text", False, "Name, for people"),
    Field("Councils of a shared map", "councils", "long_text", False, "ONS codes, one space or comma between"),
    Field("Name of a shared map", "shared_name", "text", False, "For instance the region or partnership"),
    Field("Holds from financial year", "valid_from_year", "year", True, "First year, as 2025-26"),
    Field("Holds to financial year", "valid_to_year", "year", False, "Last year; leave blank if it still applies"),
    Field("Holds for", "statement", "statement", True, "Budget, outturn or both"),
    Field("Version of this map", "definition_version", "whole", True, "1, 2, 3 …: a changed tag is a new version"),
    Field("Role of the assessor", "assessor_role", "text", True, "A role, never a name"),
    Field("Assessed on", "assessed_on", "date", True, "Date of the workshop or decision"),
)

LINE_FIELDS = (
    Field("Line code", "line_code", "text", True, "Pick a line of the budget form", 10),
    Field("Service", "service_name", "text", True, "The council's own name for what the money does", 34),
    Field("Standard service", "standard_service", "text", False, "Our code, where the service is one of ours", 20),
    Field("Department", "department", "department", True, "Department that runs the service", 24),
    Field("Basis", "basis", "basis", True, "What the share or quantity rests on", 17),
    Field("Share of line", "share", "share", False, "Per cent of the line; or give a quantity instead", 13),
    Field("Quantity", "quantity", "quantity", False, "Hours, users, units; the line is split in proportion", 13),
    Field("Lowest share", "low_share", "share", False, "Lowest you could defend", 13),
    Field("Highest share", "high_share", "share", False, "Highest you could defend", 13),
    Field("Confidence", "confidence", "confidence", True, "High, medium or low", 12),
    Field("How performance is measured", "performance_measure", "long_text", False, "The measure shown beside it", 30),
    Field("Evidence", "evidence", "long_text", False, "Needed with a range or high confidence", 36),
)

TIER_FIELDS = (
    Field("Service", "service_name", "text", True, "As written on the sheet “Lines to services”", 34),
    Field("Tier", "tier", "tier", True, "Why the service is there, for the outcome", 14),
    Field("Share of service", "tier_share", "share", True, "Per cent of the service's money", 16),
    Field("Lowest share", "low_share", "share", False, "Lowest you could defend", 13),
    Field("Highest share", "high_share", "share", False, "Highest you could defend", 13),
    Field(
        "Long-term home care",
        "is_home_care",
        "yes_no",
        False,
        "Yes keeps home care visible on its own; blank: as the standard service says",
        13,
    ),
    Field("Confidence", "confidence", "confidence", True, "High, medium or low", 12),
    Field("Evidence", "evidence", "long_text", False, "Needed with a range or high confidence", 48),
)

TARGET_FIELDS = (
    Field("Share of spending to move to prevention each year", "shift_target_share", "share"),
    Field("Financial year by which it is to be reached", "shift_target_year", "year"),
)
QUESTIONS = {
    "q1": "How is the performance of each service measured, and who looks at the measure?",
    "q2": "Which of these measures tell you that need was delayed or a care home admission avoided?",
    "q3": "What evidence links the service to fewer or later admissions, and how strong is it?",
    "q4": "Which services share staff, buildings or budgets, and how was the split agreed?",
    "q5": "Which spending by partners (NHS, voluntary sector, districts) is missing from these lines?",
    "q6": "Is the balance between prevention and reaction what the council means it to be?",
    "q7": "Which money could move earlier, from which service to which, and what would it take?",
    "q8": "Who will fill in the next map, when, and how will moved money be followed?",
}

# Totals of the sections whose lines a map splits, as the seed budget_line_totals has them.
TOTAL_LINES = {
    "360": "Adult social care",
    "390": "Public health",
    "490": "Housing services",
    "509": "Cultural and related services",
}
# Names under which councils know long-term home care.
HOME_CARE_NAMES = re.compile(r"\b(home[ -]?care|domiciliary care|homecare)\b")

FIRST_HEADERS = {LINES: LINE_FIELDS[0].header, TIERS: TIER_FIELDS[0].header}
COMPUTED_HEADERS = {
    LINES: ("Line", "Amount of line (£)", "Amount given (£)", "Line still unmapped", "Service number"),
    TIERS: ("Service still without tier", "Services of step one", "Still without tier"),
}

YEAR = re.compile(r"^(\d{4})-(\d{2})$")
COUNCIL_CODE = re.compile(r"^E(06|07|08|09|10)\d{6}$")


def headers() -> dict:
    """The sheets of a map and what is in their headers and labels, as plain data, for others that write one."""
    return {
        "sheets": {"details": DETAILS, "lines": LINES, "tiers": TIERS, "targets": TARGETS},
        "details": [[item.header, item.name] for item in DETAIL_FIELDS],
        "lines": [[item.header, item.name] for item in LINE_FIELDS],
        "tiers": [[item.header, item.name] for item in TIER_FIELDS],
        "targets": [*(item.header for item in TARGET_FIELDS), *QUESTIONS.values()],
    }


def is_financial_year(text: str) -> bool:
    """Whether the text is a financial year such as 2025-26, its second part following its first."""
    found = YEAR.match(text)
    return bool(found) and (int(found[1]) + 1) % 100 == int(found[2])


def folded(text: str) -> str:
    """A header or choice as compared: white space folded, case ignored."""
    return " ".join(str(text).replace("\u00a0", " ").split()).casefold()
