"""What councils claim beside what their money shows: one year for every page, and what is said beside each name."""

from markupsafe import Markup

from reporting import words
from reporting.facts import Facts
from reporting.markup import Column, Table, figure, link
from reporting.warehouse import Row

GAP, SENSITIVITY = "mart_say_do_gap", "mart_say_do_sensitivity"
KEY = ("council_code", "financial_year")
UNKNOWN = "not_enough_evidence"
# Rows: claims prevention strongly, or not. Columns: the money shows it, or does not.
CELLS = (("says_and_does", "says_money_does_not_show_it"), ("does_without_saying", "neither"))
CLASS_WORDS = {
    "says_and_does": "Says and does",
    "says_money_does_not_show_it": "Says, and its money does not show it",
    "does_without_saying": "Does without saying",
    "neither": "Neither",
    UNKNOWN: "Not enough evidence",
}
SETTING_WORDS = {
    "perimeter_wide": "the wide perimeter",
    "perimeter_camden": "the Camden perimeter",
    "money_low": "the low end of the money’s range",
    "money_high": "the high end of the money’s range",
}


def rows_of(facts: Facts) -> list[Row]:
    """Every council and year of the comparison, read once."""
    if GAP not in facts.rows:
        facts.rows[GAP] = facts.warehouse.read(GAP)
    return facts.rows[GAP]


def year_of(facts: Facts) -> str | None:
    """The year that every page speaks of: the last with a class, else the last with a coded claim, else the last."""
    rows = rows_of(facts)
    classed = [r for r in rows if r["classification"] != UNKNOWN]
    coded = [r for r in rows if r["coded_items"]]
    return max((str(r["financial_year"]) for r in classed or coded or rows), default=None)


def of_council(facts: Facts, code: str) -> Row | None:
    """The council's row of that year."""
    year = year_of(facts)
    return next((r for r in rows_of(facts) if (r["council_code"], str(r["financial_year"])) == (code, year)), None)


def grid(facts: Facts) -> dict | None:
    """A grid of counts with the councils' names, never a fitted line."""
    year = year_of(facts)
    if year is None:
        return None
    rows = [r for r in rows_of(facts) if str(r["financial_year"]) == year]
    groups: dict[str, list] = {}
    for row in rows:
        council = facts.councils.get(row["council_code"])
        if council:
            groups.setdefault(row["classification"], []).append(council)

    def group(name: str) -> dict:
        councils = groups.get(name, [])
        links = [link(f"councils/{c.page}", c.name) for c in councils]
        return {"name": CLASS_WORDS.get(name, words.humanise(name)), "count": len(councils), "links": links}

    return {
        "year": year,
        "total": len(rows),
        "known": len(rows) - len(groups.get(UNKNOWN, [])),
        "cells": [[group(name) for name in row] for row in CELLS],
        "unknown": group(UNKNOWN),
        "coded": sum(1 for r in rows if r["coded_items"]),
        "lost": sum(1 for r in rows if r.get("classification_in_force", r["classification"]) != r["classification"]),
    }


def sentence(facts: Facts) -> str:
    """How many councils anything can be said about."""
    found = grid(facts)
    if not found:
        return "This publication holds no comparison of what councils say with what they spend."
    total, year = words.plural(found["total"], "council"), found["year"]
    if not found["coded"]:
        return (
            f"For none of the {total} can what it says be set beside what it spends in {year}: no coded strategy or"
            " answer speaks for that year."
        )
    lost = f" {found['lost']} more would be in another class under another setting, and so are in none." * bool(
        found["lost"]
    )
    return (
        f"{found['coded']} of {total} have coded answers or strategies that speak for {year}. Words and money can be"
        f" set side by side for {found['known']} of them.{lost}"
    )


def table(facts: Facts) -> Table | None:
    """Every council with a coded claim that year: claim, level and change with ranges, and how firm the class is."""
    year = year_of(facts)
    rows = [r for r in rows_of(facts) if str(r["financial_year"]) == year and r["coded_items"]]
    rows = [r for r in rows if r["council_code"] in facts.councils]
    if not rows:
        return None
    found = Table(
        f"What each council claims and what its money shows, {year}",
        [
            Column("Council"),
            Column("Class"),
            Column("Claim, 0 to 1", True),
            Column("Items scored, of coded", True),
            Column("Share above councils alike", True),
            Column("Range of it"),
            Column("Real change", True),
            Column("Range of it"),
            Column("Other settings against", True),
            Column("Money"),
            Column("Why"),
        ],
        csv_name="say-do.csv",
        is_sortable=True,
    )
    rows.sort(key=lambda r: (r["classification"] == UNKNOWN, facts.councils[r["council_code"]].name))
    for row in rows:
        council = facts.councils[row["council_code"]]
        found.rows.append(
            [
                link(f"councils/{council.page}", council.name),
                CLASS_WORDS.get(row["classification"], words.humanise(row["classification"])),
                figure(row, GAP, KEY, "claim_score_share", lambda v: words.number(v, 2)),
                f"{row.get('claim_items')} of {row['coded_items']}",
                figure(row, GAP, KEY, "above_alike_share", words.share),
                span(row, "above_alike"),
                figure(row, GAP, KEY, "real_change_share", words.share),
                span(row, "real_change"),
                f"{row.get('scenarios_against')} of {row.get('scenarios')}",
                "modelled" if row["is_modelled"] else "reported",
                row["reason"],
            ]
        )
    return found


def span(row: Row, name: str) -> Markup | str:
    """From the least to the most over the range of the money, “–” where it is not known."""
    low, high = (figure(row, GAP, KEY, f"{name}_{end}_share", words.share) for end in ("low", "high"))
    return words.NOT_HELD if low.value is None or high.value is None else Markup("{} to {}").format(low, high)


def sensitivity(facts: Facts) -> Table | None:
    """How many council-years each other setting would put into another class."""
    rows = facts.warehouse.read(SENSITIVITY)
    if not rows:
        return None
    moved: dict[tuple, list[int]] = {}
    for row in rows:
        if row["scenario"] != "in_force":
            key = (row["scenario"], row["changed_threshold"] or "", row["changed_value"])
            counts = moved.setdefault(key, [0, 0])
            counts[0] += row["council_years"] if row["is_moved"] else 0
            counts[1] += row["council_years"]
    found = Table(
        "What other settings would change",
        [Column("Setting"), Column("Council-years in another class", True), Column("Of", True)],
        csv_name="say-do-settings.csv",
    )
    for (scenario, threshold, value), (changed, total) in sorted(moved.items(), key=lambda item: -item[1][0]):
        name = f"{words.humanise(threshold)}: {words.number(value, 3)}" if threshold else SETTING_WORDS[scenario]
        found.rows.append([name, words.number(changed), words.number(total)])
    return found
