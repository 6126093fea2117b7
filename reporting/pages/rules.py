"""The page of rules: every rule that can give money, its share, range and reason."""

from reporting import words
from reporting.facts import Facts


def context(facts: Facts, names: dict[str, str]) -> dict:
    """Everything templates/rules.html prints."""
    rows = facts.warehouse.read("dim_rule")
    seen: set[str] = set()
    rules = []
    for row in rows:
        service = names.get(row["service_code"], words.humanise(row["service_code"]))
        if row["tier"]:
            does = f"{service} → {words.TIER_WORDS.get(row['tier'], words.humanise(row['tier'])).lower()}"
        else:
            does = f"line {row.get('line_code') or ''} → {service}"
        until = row["valid_to_year"] or "on"
        rules.append(
            {
                "rule_id": row["rule_id"],
                "is_first": row["rule_id"] not in seen,
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
                "years": f"{row.get('valid_from_year') or ''} to {until}"
                if until != "on"
                else f"from {row.get('valid_from_year')}",
                "reason": row["reason"] or "",
                "source": row["source"] or "",
            }
        )
        seen.add(row["rule_id"])
    return {"rules": rules}
