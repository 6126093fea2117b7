"""data/years-CODE.js: what a council's page shows of every year it can be asked for, beside the year that opens it."""

from typing import Any

from reporting.facts import Council, Facts, one_perimeter
from reporting.packed import Pool, pack
from reporting.pages import council as page
from reporting.pages import money, profile
from reporting.pages.flow import FlowBook


def data(facts: Facts, council: Council, flows: FlowBook) -> dict[str, Any] | None:
    """Statement and year to the profile, the tables of perimeters and tiers, and the flow of that year.

    None for a council without a figure of prevention in any year.
    """
    pool = Pool()
    found = {}
    made: profile.Made = {}
    for row in one_perimeter(facts.headline_of.get(council.code, []), "narrow"):
        if row[money.ASC[0]] is None:
            continue
        period = (row["statement"], row["financial_year"])
        tables = {
            "profile": profile.table(facts, council, profile.rows_of(facts, council, period), period, made),
            "perimeters": page.perimeter_table(facts, council, row),
            "tiers": page.tier_table(facts, council, row),
        }
        of_year: dict[str, Any] = {name: pack(table, pool) for name, table in tables.items() if table}
        if period in flows.periods(council):
            of_year["flow"] = {
                "subtitle": pool.at(flows.subtitle(council, period)),
                "alt": pool.at(flows.alt(council, period)),
                "note": pool.at(flows.note(council, period)),
                "table": pack(flows.table(council, period), pool),
                **flows.drawing(council, period),
            }
        found[" ".join(period)] = of_year
    return {"texts": pool.texts, "periods": found} if found else None
