"""What two kinds of senders would send: coding sheets, and a service map with a ledger from the shifting council."""

from decimal import Decimal
from pathlib import Path

from sample import codings, documents, examples, files, partner_money
from sample.councils import in_force
from sample.outcomes import SHIFTING_CODE
from sample.revenue_account import budgets, columns

CODED_YEAR = "2017-18"
MAP_YEAR = "2021-22"
# Lines of which a share prevents or delays need: carers, isolation, equipment, care activities, information.
MAPPED_LINES = (350, 351, 353, 354, 355)


def write(folder: Path) -> None:
    """Sheets in `codings/` with replies in `documents/`, a map in `maps/`, a ledger in `ledgers/`, partner money in
    `partners/`; workbooks stored without clock."""
    coded = [(council.council_code, council.name) for council in in_force(CODED_YEAR)]
    codings.write(folder, coded)
    documents.write(folder, coded)
    partner_money.write(folder)
    council = next(council for council in in_force(MAP_YEAR) if council.council_code == SHIFTING_CODE)
    headers = {column.number: column.header for column in columns(MAP_YEAR).values()}
    amounts = budgets(MAP_YEAR)[council]
    lines = [
        {
            "line_code": str(number),
            "line_name": headers[number],
            "section": "adult_social_care",
            "department": "Adult social care",
            "amount_gbp": Decimal(amounts[number]),
        }
        for number in MAPPED_LINES
    ]
    examples.write(folder, {"code": council.council_code, "name": council.name}, lines, MAP_YEAR)
    for path in sorted(folder.rglob("*.xlsx")):
        if path.parent != folder:
            files.store_plainly(path)
