"""Sums over councils for national and place pages: summed in the database as decimals, rates formed from sums."""

from decimal import Decimal

from reporting.facts import VIEW, Facts
from reporting.warehouse import Row

MONEY = (
    "amount_gbp",
    "amount_low_gbp",
    "amount_high_gbp",
    "adult_social_care_gbp",
    "adult_social_care_low_gbp",
    "adult_social_care_high_gbp",
    "public_health_gbp",
    "wider_council_gbp",
    "reactive_gbp",
    "amount_real_gbp",
)


def headline(facts: Facts, codes: set[str] | None = None) -> list[Row]:
    """Headline rows summed over councils (all, or those given), in the shape of a headline row.

    Per head and share are sums over sums, only from councils that have both parts; never averages of rates.
    Low and high move every council together: a bound, not a sampling interval.
    """
    groups: dict[tuple, list[Row]] = {}
    for row in facts.headline:
        if (
            row["cost_view"] != VIEW
            or row["adult_social_care_gbp"] is None
            or (codes is not None and row["council_code"] not in codes)
        ):
            continue
        groups.setdefault((row["financial_year"], row["statement"], row["perimeter"]), []).append(row)
    result = []
    for (year, statement, perimeter), rows in sorted(groups.items()):
        summed: Row = {
            "financial_year": year,
            "statement": statement,
            "perimeter": perimeter,
            "cost_view": VIEW,
            "outcome_code": rows[0]["outcome_code"],
            "councils": len(rows),
            "is_modelled": any(r.get("is_modelled") for r in rows),
            "price_year": rows[0].get("price_year"),
        }
        for column in MONEY:
            summed[column] = _sum(rows, column)
        summed["per_head_65_plus_gbp"] = _ratio(rows, "amount_gbp", "population_65_plus")
        reactive = summed["reactive_gbp"]
        given = summed["amount_gbp"]
        both = given + reactive if None not in (given, reactive) else None
        summed["preventative_share"] = given / both if both else None
        summed["low_confidence_share"] = _weighted(rows, "low_confidence_share")
        result.append(summed)
    return result


def spend(facts: Facts, codes: set[str] | None = None) -> list[Row]:
    """Tier rows summed over councils, in the shape of a spend row."""
    groups: dict[tuple, list[Row]] = {}
    for row in facts.spend:
        if row["adult_social_care_gbp"] is not None and (codes is None or row["council_code"] in codes):
            groups.setdefault((row["financial_year"], row["statement"], row["tier"]), []).append(row)
    return [
        {
            "financial_year": year,
            "statement": statement,
            "tier": tier,
            "cost_view": VIEW,
            "outcome_code": rows[0]["outcome_code"],
            "councils": len(rows),
            "is_modelled": any(r.get("is_modelled") for r in rows),
            **{c: _sum(rows, c) for c in ("adult_social_care_gbp", "amount_gbp", "amount_low_gbp", "amount_high_gbp")},
        }
        for (year, statement, tier), rows in sorted(groups.items())
    ]


def _sum(rows: list[Row], column: str) -> Decimal | None:
    values = [r[column] for r in rows if r.get(column) is not None]
    return sum(values, Decimal(0)) if values else None


def _ratio(rows: list[Row], top: str, bottom: str) -> Decimal | None:
    pairs = [(r[top], r[bottom]) for r in rows if r.get(top) is not None and r.get(bottom)]
    people = sum(Decimal(p) for _, p in pairs)
    return sum((a for a, _ in pairs), Decimal(0)) / people if people else None


def _weighted(rows: list[Row], column: str) -> Decimal | None:
    pairs = [(r["amount_gbp"], r[column]) for r in rows if None not in (r.get(column), r["amount_gbp"])]
    money = sum((a for a, _ in pairs), Decimal(0))
    return sum((a * s for a, s in pairs), Decimal(0)) / money if money else None
