"""The page of rules: every rule that can give money, its share, range and reason."""

from reporting import words
from reporting.facts import Facts


def context(facts: Facts, names: dict[str, str]) -> dict:
    """Everything templates/rules.html prints."""
    rows = facts.warehouse.read("dim_rule")
    seen: set[str] = set()
    rules = []
    for row in rows:
        service = names.get(row.get("service_code"), words.humanise(row.get("service_code")))
        if row.get("tier"):
            does = f"{service} → {words.TIER_WORDS.get(row['tier'], words.humanise(row['tier'])).lower()}"
        else:
            does = f"line {row.get('line_code') or ''} → {service}"
        until = row.get("valid_to_year") or "on"
        rules.append(
            {
                "rule_id": row["rule_id"],
                "is_first": row["rule_id"] not in seen,
                "does": does,
                "share": words.share(row.get("rule_share")),
                "low": words.share(row.get("low_share")),
                "high": words.share(row.get("high_share")),
                "basis": ", ".join(
                    p
                    for p in (
                        words.humanise(row["basis"]) if row.get("basis") else "",
                        f"{row['confidence']} confidence" if row.get("confidence") else "",
                    )
                    if p
                ),
                "years": f"{row.get('valid_from_year') or ''} to {until}"
                if until != "on"
                else f"from {row.get('valid_from_year')}",
                "reason": row.get("reason") or "",
                "source": row.get("source") or "",
            }
        )
        seen.add(row["rule_id"])
    return {"rules": rules}
