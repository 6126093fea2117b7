"""The page of rules: every rule that can give money, its share, range and reason."""

from decimal import Decimal

from reporting import words
from reporting.facts import Facts
from reporting.pages.what_if import DESK
from reporting.warehouse import Row

DESK_WORDS = "Desk baseline"


def context(facts: Facts, names: dict[str, str]) -> dict:
    """Everything templates/rules.html prints."""
    rows = facts.warehouse.read("dim_rule")
    newest = _newest_versions(rows)
    seen: set[str] = set()
    rules = []
    for row in rows:
        service = names.get(row["service_code"], words.humanise(row["service_code"]))
        if row["tier"]:
            does = f"{service} → {words.TIER_WORDS.get(row['tier'], words.humanise(row['tier'])).lower()}"
        else:
            does = f"line {row['line_code'] or ''} → {service}"
        rules.append(
            {
                "rule_id": row["rule_id"],
                "is_first": row["rule_id"] not in seen,
                "group": _group(row),
                "does": does,
                "share": words.share(row["rule_share"]),
                "low": words.share(row["low_share"]),
                "high": words.share(row["high_share"]),
                "basis": ", ".join(
                    p
                    for p in (
                        words.humanise(row["basis"]) if row["basis"] else "",
                        f"{row['confidence']} confidence" if row["confidence"] else "",
                    )
                    if p
                ),
                "years": _years(row, newest),
                "reason": row["reason"] or "",
                "source": row["source"] or "",
            }
        )
        seen.add(row["rule_id"])
    groups: dict[str, list[dict]] = {}
    for rule in rules:
        groups.setdefault(rule["group"], []).append(rule)
    return {"rules": rules, "groups": sorted(groups.items(), key=lambda g: (not g[0].startswith(DESK_WORDS), g[0]))}


def _group(row: Row) -> str:
    """Whose rule it is, and which of the two steps it is for."""
    whose = DESK_WORDS if row["rule_set"] == DESK else f"Map {row['rule_set']}"
    return f"{whose}, {'what a service is for' if row['tier'] else 'what a line is spent on'}"


def _place(row: Row) -> tuple | None:
    """Line, or service and outcome, of a desk rule; none for rules of maps and the defaults of several sections."""
    if row["rule_set"] != DESK or row["line_code"] == "*":
        return None
    return (row["line_code"],) if row["line_code"] else (row["service_code"], row["outcome_code"])


def _newest_versions(rows: list[Row]) -> dict[tuple, Decimal]:
    """The version of the desk baseline that is in force, by line, or service and outcome."""
    newest: dict[tuple, Decimal] = {}
    for row in rows:
        place = _place(row)
        if place is not None:
            version = Decimal(row["definition_version"])
            newest[place] = max(newest.get(place, version), version)
    return newest


def _years(row: Row, newest: dict[tuple, Decimal]) -> str:
    """The years a rule is written for; and, where a newer version has taken its place, which."""
    start, end = row["valid_from_year"], row["valid_to_year"]
    years = f"{start or ''} to {end}" if end else f"from {start}"
    place = _place(row)
    is_replaced = place is not None and Decimal(row["definition_version"]) < newest[place]
    return f"{years}; replaced by version {newest[place]}" if place and is_replaced else years
