"""Regions and partnerships of councils: sums and medians over their councils, never averages of rates."""

from dataclasses import dataclass

from reporting import words
from reporting.catalogue import KEYS
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import HEADLINE_KEY, Council, Facts, one_perimeter
from reporting.markup import Column, Table, figure, link
from reporting.pages import admissions, adults, comparators, council_evidence, documents, money, say_do
from reporting.pages.lines import latest_headline
from reporting.warehouse import Row

SUMMARY = "mart_place_summary"
HEADLINE = "mart_area_headline"
SPEND = "mart_area_spend"
PER_HEAD = "adult_social_care_per_head_65_plus_gbp"
# What a count is of, by the column that holds the base.
OF_WORDS = {
    "councils_standing": "councils standing that year",
    "councils_scored": "councils whose claim can be scored",
    "replies_coded": "replies read",
    "strategies_coded": "strategies read",
}
WAVES = {"replies_coded": "replies_wave", "strategies_coded": "strategies_wave"}
CLASSES = {
    "says_and_does": "Say and do",
    "says_only": "Say, and their money does not show it",
    "does_only": "Do without saying",
    "neither": "Neither",
    "not_enough_evidence": "Not enough evidence",
}
PARTNERS_SAY = "as their ledgers declare, less what they were given"
PARTNER_WORDS = {
    "nhs": "the NHS",
    "better_care_fund": "the Better Care Fund",
    "voluntary_sector": "voluntary bodies",
    "other_partner": "other partners",
    "council": "the council",
}
PAID_FOR = "narrow perimeter, direct cost"
PAYERS = (
    ("amount_gbp", "These councils", "narrow perimeter, direct cost, net of what they were given"),
    ("paid_by_nhs_gbp", "The NHS", PARTNERS_SAY),
    ("paid_by_better_care_fund_gbp", "The Better Care Fund", PARTNERS_SAY),
    ("paid_by_voluntary_sector_gbp", "Voluntary bodies", PARTNERS_SAY),
    ("paid_by_other_partners_gbp", "Other partners", PARTNERS_SAY),
    ("amount_with_partners_gbp", "Together", "money that passes through several hands counts once"),
)


@dataclass(frozen=True)
class Place:
    """A region, or councils that act or are counted together."""

    code: str
    name: str
    kind: str
    area_kind: str
    councils: tuple[Council, ...]

    @property
    def said(self) -> str:
        """The name inside a sentence."""
        return words.in_sentence(self.name)

    @property
    def page(self) -> str:
        return f"{self.code}.html"


def places(facts: Facts) -> list[Place]:
    """Every region, then every combined area and partnership the publication knows."""
    regions: dict[str, list[Council]] = {}
    for council in facts.councils.values():
        if council.region:
            regions.setdefault(council.region, []).append(council)
    found = [Place(_slug(name), name, "Region", "region", tuple(members)) for name, members in sorted(regions.items())]
    return found + _combined(facts) + _partnerships(facts)


def _slug(text: str) -> str:
    return "region-" + "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in text.lower()).split())


def _combined(facts: Facts) -> list[Place]:
    grouped: dict[str, dict] = {}
    for row in facts.warehouse.read("dim_combined_area"):
        code = row["combined_area_code"]
        entry = grouped.setdefault(code, {"name": "", "members": set()})
        entry["name"] = row["combined_area_name"]
        entry["members"].add(row["council_code"])
    return _from_members(facts, grouped, "Councils counted together across a boundary change", "combined_area")


def _partnerships(facts: Facts) -> list[Place]:
    grouped: dict[str, dict] = {}
    for row in facts.warehouse.read("dim_partnership"):
        code = row["partnership_code"]
        entry = grouped.setdefault(code, {"name": "", "members": set()})
        entry["name"] = row["partnership_name"]
        entry["members"].add(row["council_code"])
    return _from_members(facts, grouped, "Partnership of councils", "partnership")


def _from_members(facts: Facts, grouped: dict[str, dict], kind: str, area_kind: str) -> list[Place]:
    prefix = "area" if area_kind == "combined_area" else area_kind
    result = []
    for code, entry in sorted(grouped.items(), key=lambda item: str(item[1]["name"])):
        members = tuple(c for c in facts.councils.values() if c.code in entry["members"])
        if members and code:
            safe = "".join(c if c.isalnum() and c.isascii() else "-" for c in str(code).lower())
            result.append(Place(f"{prefix}-{safe}", str(entry["name"]), kind, area_kind, members))
    return result


def context(facts: Facts, place: Place) -> dict:
    """Everything templates/place.html prints."""
    codes = {c.code for c in place.councils}
    rows = facts.area_headline[place.area_kind, place.name]
    now = latest_headline(facts, [r for r in rows if r["panel"] == "all"])
    return {
        "place": place,
        "answer": _answer(place, now),
        "adults": _adults(facts, place, now),
        "no_driver": None if facts.driver_years or now is None else money.NO_DRIVER,
        "trend": _trend(facts, place, rows, now),
        "spoken": now["statement"] if now else "",
        "balance": _balance(facts, place, now),
        "members": _members(facts, place),
        "said": _said(facts, place),
        "partners": _partners(facts, place),
        "documents": documents.held(facts, "../", _units(facts, codes)),
        "medians": _medians(facts, codes),
    }


def _said(facts: Facts, place: Place) -> Table | None:
    """What has been read of the place's councils and who pays, in the year that the evidence page speaks of."""
    year = say_do.year_of(facts)
    rows = facts.warehouse.read(SUMMARY)
    found = [r for r in rows if (r["place_name"], str(r["financial_year"])) == (place.name, year)]
    if not found:
        return None
    row, key = found[0], ("place_kind", "place_code", "financial_year")
    table = Table(
        f"What its councils say, and who pays, {year}",
        [Column("Measured"), Column("Value", True), Column("Of")],
        csv_name="place-summary.csv",
    )
    lines = [
        ("amount_gbp", "Paid by these councils to prevent and reduce need", PAID_FOR),
        ("paid_by_adult_social_care_gbp", "Of it by adult social care", PAID_FOR),
        ("paid_by_public_health_gbp", "Of it by public health", PAID_FOR),
        ("paid_by_wider_council_gbp", "Of it by other departments", PAID_FOR),
        ("councils_in_money", "Councils whose money is in these sums", "councils_standing"),
        ("councils_coded", "Councils with coded answers or strategies", "councils_standing"),
    ]
    if row["councils_coded"]:
        lines.append(("councils_claiming_strongly", "Claiming prevention strongly", "councils_scored"))
        lines += [(f"councils_{name}", label, "councils_standing") for name, label in CLASSES.items()]
    if row["replies_coded"]:
        lines.append(("replies_with_local_approach", "Replies with a local approach", "replies_coded"))
        lines.append(("replies_with_commissioning_strategy", "With a commissioning strategy", "replies_coded"))
    if row["strategies_coded"]:
        lines.append(("strategies_strong", "Strategies labelled strong or very strong", "strategies_coded"))
    for column, label, base in lines:
        shape = words.millions if column.endswith("_gbp") else words.number
        of = f"{words.number(row[base])} {OF_WORDS[base]}" if base in OF_WORDS else base
        of += f", wave {row[WAVES[base]]}" if base in WAVES else ""
        cell = figure(row, SUMMARY, key, column, shape) if row[column] is not None else words.NOT_HELD
        table.rows.append([label, cell, of])
    if row["plan_label"]:
        table.rows.append(["Label of the partnership’s own plan", row["plan_label"], ""])
    return table


def _partners(facts: Facts, place: Place) -> Table | None:
    """Who pays and who gains in the last year for which a partner has sent a ledger; none where nobody has."""
    rows = [
        r for r in facts.warehouse.read(SUMMARY) if r["place_name"] == place.name and r["councils_in_partner_money"]
    ]
    if not rows:
        return None
    row, key = max(rows, key=lambda r: str(r["financial_year"])), ("place_kind", "place_code", "financial_year")
    table = Table(
        f"Who pays to prevent and reduce need, councils and partners, {row['financial_year']}",
        [Column("Pays"), Column("£", True), Column("Of")],
        csv_name="who-pays.csv",
    )
    for column, label, base in PAYERS:
        # What a ledger declares is exact; the councils' money is split by rules and can bear three figures only.
        shape = words.modelled_pounds if row["is_modelled"] and column.startswith("amount") else words.pounds
        cell = figure(row, SUMMARY, key, column, shape) if row[column] is not None else words.NOT_HELD
        table.rows.append([label, cell, base])
    held = f"{row['councils_in_partner_money']} of {words.plural(row['councils_standing'], 'council')}"
    table.rows.append(["Councils for which a partner sent a ledger", held, ""])
    gaining = [PARTNER_WORDS[code] for code in (row["gaining_partners"] or "").split(", ") if code]
    table.rows.append(["Who gains, by the senders’ own account", words.listed(gaining) or "nothing is said", ""])
    return table


def _units(facts: Facts, codes: set[str]) -> set[str]:
    """The councils of a place, and the boards and partnerships that speak for them."""
    rows = council_evidence.rows_by_council(facts)
    return codes | {row["unit_code"] for code in codes for row in rows.get(code, [])}


def _named(place: Place) -> dict:
    return {"area_kind": place.area_kind, "name": place.name}


def _about(row: Row) -> dict:
    return {key: row[key] for key in ("area_kind", "area_code", "panel")}


def _trend(facts: Facts, place: Place, rows: list[Row], now: Row | None) -> Chart | None:
    """The same councils in every year of a statement; where no council answered in all, years in which all answered."""
    matched = [r for r in rows if r["panel"] == "matched"]
    drawn = matched or [r for r in rows if r["panel"] == "all" and r["councils"] == r["councils_standing"]]
    if now is None or not drawn:
        return None
    narrow = one_perimeter(drawn, "narrow", now["statement"])
    answered = (
        "the same councils in every year of a statement" if matched else "years in which all its councils answered"
    )

    def title(upto: list[Row], _: str) -> Claim:
        # Councils change from year to year without a matched panel: no year is set beside another in words.
        return money.trend_title(upto if matched else [], place.said, f"{place.said}’s", _about(drawn[0]))

    choices = money.by_period([r for r in drawn if r["perimeter"] == "narrow"], title)
    key, said = KEYS[HEADLINE], now["statement"]
    place_words = f"{place.name}, {answered}"
    return money.over_time(facts, drawn, "trend", title(narrow, ""), place_words, key, said, HEADLINE, choices=choices)


def _balance(facts: Facts, place: Place, now: Row | None) -> Chart | None:
    """Tiers of the councils that answered in each year; of a combined area, where all of them answered."""
    if now is None:
        return None
    rows = [r for r in facts.area_spend[place.area_kind, place.name] if r["panel"] == "all"]
    if place.area_kind == "combined_area":
        whole = [r for r in facts.area_headline[place.area_kind, place.name] if r["councils"] == r["councils_standing"]]
        periods = {(r["financial_year"], r["statement"]) for r in whole if r["panel"] == "all"}
        rows = [r for r in rows if (r["financial_year"], r["statement"]) in periods]
        # Without a whole return in the last year, the bars open with the last year that has one.
        last = max(rows, key=lambda r: (r["financial_year"], r["statement"] == now["statement"]), default=None)
        now = last and next(r for r in whole if r["panel"] == "all" and alike(r, last))
        if now is None:
            return None
    here = [r for r in rows if (r["financial_year"], r["statement"]) == (now["financial_year"], now["statement"])]
    if not here:
        return None
    about = _about(now)
    title = money.balance_title(here, place.name, about)
    choices = money.by_period(rows, lambda upto, year: money.balance_of(upto, year, place.name, about))
    answered = f"{place.name}, councils that answered in each year"
    return money.balance(facts, rows, "balance", title, answered, KEYS[SPEND], now["statement"], choices, SPEND)


def alike(one: Row, other: Row) -> bool:
    """Two rows are of one year and statement."""
    return all(one[k] == other[k] for k in ("financial_year", "statement"))


def _answer(place: Place, now: Row | None) -> Claim:
    """What its councils spend, how many of them the figure counts, and what that is for each older person."""
    if now is None:
        return claim("nothing-held", f"This publication has no spending figure for {place.said}.", **_named(place))
    key = KEYS[HEADLINE]
    how = "Modelled: in" if now["is_modelled"] else "In"
    of = "" if now["councils"] == now["councils_standing"] else f"{now['councils']} of "
    parts: list = [
        f"{how} {now['financial_year']} {of}the {words.plural(now['councils_standing'], 'council')} of {place.said}"
        f" {words.STATEMENT_WORDS[now['statement']]} ",
        money.spending_figure(now, key, HEADLINE),
        " of adult social care money on preventing and reducing need",
    ]
    if now[PER_HEAD] is not None:
        parts += [
            ", ",
            figure(now, HEADLINE, key, PER_HEAD, words.modelled_pounds),
            " for each person aged 65 and over",
        ]
    return claim("place-prevention", *parts, ".", **{k: now[k] for k in key})


def _adults(facts: Facts, place: Place, now: Row | None) -> Claim | None:
    """The same councils' figures for adults of all ages."""
    if now is None:
        return None
    rows = facts.area_adults[place.area_kind, place.name]
    return adults.sentence("place-adults", facts, rows, now, KEYS[HEADLINE], HEADLINE, ", of the same councils,")


def _members(facts: Facts, place: Place) -> Table:
    table = Table(
        f"Councils of {place.name}",
        [
            Column("Council"),
            Column("Year"),
            Column("Adult social care", True),
            Column("£ per person 65+", True),
            Column("Preventative share of both", True),
            Column(f"Admissions 65+ per 100,000, {facts.admissions_year or ''}", True),
            Column("State"),
        ],
        csv_name="members.csv",
        is_sortable=True,
    )
    for council in place.councils:
        row = latest_headline(facts, facts.headline_of.get(council.code, []))
        rate = next(
            (r for r in facts.admissions_of.get(council.code, []) if r["financial_year"] == facts.admissions_year), None
        )
        cells = [link(f"../councils/{council.page}", council.name)]
        if row is None:
            cells += ["", words.NOT_HELD, words.NOT_HELD, words.NOT_HELD]
        else:
            cells.append(f"{row['financial_year']} {row['statement']}")
            for column, shape in (
                (money.ASC[0], words.modelled_millions),
                (PER_HEAD, words.modelled_pounds),
                ("adult_social_care_preventative_share", words.share),
            ):
                cells.append(figure(row, money.HEADLINE, HEADLINE_KEY, column, shape))
        cells.append(admissions.rate_cell(rate))
        state = f"ended {council.valid_to}" if council.valid_to else money.status_words(row) if row else ""
        table.rows.append([*cells, state])
    return table


def _medians(facts: Facts, codes: set[str]) -> Table:
    """The middle council on each measure, of the councils that have it."""
    table = Table(
        "The middle council",
        [Column("Measure"), Column("Year"), Column("Councils", True), Column("Middle value", True)],
        csv_name="medians.csv",
    )
    shared = comparators.strip_values(facts)
    for measure, years in shared.items():
        year = comparators.main_period(facts, years)
        values = [v[3] for v in years[year] if v[0] in codes]
        if values:
            shape = comparators.shape_of(measure)
            table.rows.append(
                [comparators.measure_words(measure), year, words.number(len(values)), shape(words.median(values))]
            )
    return table
