"""What two fictional partners would send of one fictional partnership: money spent, and passed on, counted once."""

import csv
from pathlib import Path

from ingest.submitted.ledgers.partner_ledger import COLUMNS

YEAR = "2021-22"
# Partner, its name, council, what it does, receiver, service, tier, who gains, pounds.
_ROWS = (
    ("nhs", "Sample NHS body", "E10900001", "gives", "better_care_fund", "", "secondary", "", "900000.00"),
    ("better_care_fund", "", "E10900001", "gives", "council", "Reablement", "secondary", "nhs|council", "600000.00"),
    ("better_care_fund", "", "E10900001", "gives", "voluntary_sector", "", "secondary", "", "300000.00"),
    ("voluntary_sector", "Sample charity", "E10900001", "spends", "", "Falls", "secondary", "nhs", "350000.50"),
    ("council", "", "E10900002", "gives", "voluntary_sector", "Befriending", "primary", "", "40000.00"),
    ("voluntary_sector", "Sample charity", "E10900002", "spends", "", "Befriending", "primary", "council", "65000.25"),
    ("nhs", "Sample NHS body", "E10900002", "spends", "", "Health checks", "primary", "nhs", "120000.00"),
    ("nhs", "Sample NHS body", "E10900002", "spends", "", "Rehabilitation", "tertiary", "nhs", "80000.00"),
)


def write(folder: Path) -> None:
    """Write `partners/sample_partners.csv` below a folder."""
    path = folder / "partners" / "sample_partners.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for partner, name, council, does, receiver, service, tier, gains, amount in _ROWS:
            row = (partner, name, council, YEAR, "budget", does, receiver, service, tier, gains, amount, "Fictional")
            writer.writerow(row)
