"""Main points: the three to five sentences that open a page, each a claim with a condition that a test checks."""

from reporting import words
from reporting.claims import Claim, claim
from reporting.facts import HEADLINE_KEY, Council, Facts
from reporting.markup import figure
from reporting.pages import intervals, money, profile
from reporting.publisher import publisher
from reporting.warehouse import Row


def of_council(facts: Facts, council: Council, latest: Row | None, rows: list[Row]) -> list[Claim]:
    """What is firm first, what is modelled after it, then what is not held."""
    by_measure = {row["measure"]: row for row in rows}
    found = [
        _level(
            council, by_measure.get("adult_social_care_per_head_18_plus_gbp"), "on adult social care for each adult"
        ),
        _level(
            council,
            by_measure.get("information_early_intervention_per_head_18_plus_gbp"),
            "on information and early intervention for each adult",
        ),
        _rate(by_measure.get("admissions_65_plus_per_100k")),
        _prevention(council, latest),
        intervals.sentence("central-interval", facts, latest, money.HEADLINE, HEADLINE_KEY, council.code),
        _held(facts, council),
    ]
    return [point for point in found if point]


def _level(council: Council, row: Row | None, what: str) -> Claim | None:
    if row is None or row["value"] is None:
        return None
    verb = words.STATEMENT_WORDS[row["statement"]]
    quarter = f", {profile.QUARTERS[row['quarter']]}" if row["quarter"] else ""
    return claim(
        "profile-level",
        f"In {row['financial_year']} {council.said} {verb} ",
        figure(row, profile.PROFILE, profile.KEY, "value", profile.pounds_each),
        f" {what}{quarter}{'; income is above cost' if row['value'] < 0 else ''}; England ",
        figure(row, profile.PROFILE, profile.KEY, "england_value", profile.pounds_each),
        ".",
        **{k: row[k] for k in profile.KEY},
    )


def _rate(row: Row | None) -> Claim | None:
    """Admissions beside England, told apart only where the interval leaves England out."""
    if row is None or row["value"] is None or row["england_value"] is None:
        return None
    interval = profile.interval(row, words.rate)
    where = "beside"
    if row["lower_value"] is not None:
        where = "not clearly different from"
        if row["lower_value"] > row["england_value"]:
            where = "above"
        elif row["upper_value"] < row["england_value"]:
            where = "below"
    return claim(
        f"admissions-{where.split()[0]}",
        figure(row, profile.PROFILE, profile.KEY, "value", words.rate),
        f" of every 100,000 people aged 65 and over were admitted to a care home permanently in {row['financial_year']}"
        + (f" (95% interval {interval})" if interval else "")
        + f", {where} England’s ",
        figure(row, profile.PROFILE, profile.KEY, "england_value", words.rate),
        ".",
        **{k: row[k] for k in profile.KEY},
    )


def _prevention(council: Council, latest: Row | None) -> Claim | None:
    if latest is None or latest.get(money.ASC[0]) is None:
        return None
    verb = words.STATEMENT_WORDS[latest["statement"]]
    how = "Modelled: of" if latest["is_modelled"] else "Of"
    parts: list = [
        f"{how} the adult social care money {council.said} {verb} in {latest['financial_year']}, ",
        money.spending_figure(latest),
        " is meant to prevent or reduce need in later life (primary and secondary prevention)",
    ]
    if latest["share_of_adult_social_care_share"] is not None:
        column = "share_of_adult_social_care_share"
        parts += [", ", figure(latest, money.HEADLINE, HEADLINE_KEY, column, words.share), " of all adult social care"]
    return claim("prevention", *parts, ".", **{k: latest[k] for k in HEADLINE_KEY})


def _held(facts: Facts, council: Council) -> Claim | None:
    """The last year of each source for this council."""
    lasts = {}
    for row in facts.headline_of.get(council.code, []):
        if row["adult_social_care_gbp"] is not None:
            lasts[row["statement"]] = max(lasts.get(row["statement"], ""), row["financial_year"])
    rates = [
        r["financial_year"] for r in facts.admissions_of.get(council.code, []) if r["admissions_per_100k"] is not None
    ]
    if rates:
        lasts["admissions"] = max(rates)
    if not lasts:
        return None
    names = {"budget": "budget", "outturn": "outturn", "admissions": "admissions"}
    text = words.listed([f"{names[kind]} {year}" for kind, year in sorted(lasts.items())])
    return claim("last-held", f"The last years held for {council.said}: {text}.", council_code=council.code, **lasts)


def standing_lines() -> list[str]:
    """Contact, next release and language, as the publisher sets them."""
    said = publisher()
    lines = [f"Questions and corrections: {said['contact']}."]
    if said.get("next_release"):
        lines.append(f"Next release: {said['next_release']}.")
    return lines
