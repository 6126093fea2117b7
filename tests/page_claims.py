"""Every sentence and title of the report that claims something, and the condition that must hold for it to be said.

Written apart from the code that says them: each kind is read back from its words and asked of the marts in SQL. A
figure in words may not differ from the mart by more than half of its last digit.
"""

import calendar
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import duckdb
import yaml

SOURCES = Path(__file__).parent.parent / "ingest" / "sources.yml"
MONTHS = calendar.month_name[1:]
VOID = {"meta", "link", "input", "br", "img", "hr", "line", "path", "circle", "rect"}
# A title without a claim may name its subject and nothing else.
COMPARING = re.compile(r"\d|\b(rose|fell|more|fewer|less|above|below|highest|lowest|half|largest)\b", re.IGNORECASE)
MONEY = r"(−?£[\d,.]+[mk]?)"
RANGED = rf"{MONEY}(?: \(between {MONEY} and {MONEY}\))?"
RATE = r"([\d,]+\.\d)"
YEAR = r"(\d{4}-\d\d)"


class _Claims(HTMLParser):
    """Elements that claim, with their words; and titles and points that do not."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str], str]] = []
        self.unclaimed: list[str] = []
        self._stack: list[tuple[str, dict]] = []
        self._open: tuple[int, dict] | None = None
        self._text = ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in VOID:
            return
        self._stack.append((tag, given))
        parents = [(t, a.get("class") or "") for t, a in self._stack[:-1]]
        in_chart = any(t == "figure" and "chart" in c for t, c in parents)
        in_points = any("points" in c for _, c in parents)
        is_title = (tag == "h3" and in_chart) or (tag == "li" and in_points)
        if self._open is None and ("data-claim" in given or is_title):
            self._open, self._text = (len(self._stack), given), ""

    def handle_endtag(self, tag):
        while self._stack and self._stack[-1][0] != tag:
            self._stack.pop()
        if self._open and len(self._stack) == self._open[0]:
            given, text = self._open[1], " ".join(self._text.split())
            if "data-claim" in given:
                about = dict(parse_qsl(given.get("data-about") or "", keep_blank_values=True))
                self.found.append((given["data-claim"], about, text))
            elif COMPARING.search(text):
                self.unclaimed.append(text)
            self._open = None
        if self._stack:
            self._stack.pop()

    def handle_data(self, data):
        if self._open:
            self._text += data


def claims_of(page: Path) -> tuple[list[tuple[str, dict[str, str], str]], list[str]]:
    """(kind, about, words) of every claim of a page, and titles that compare without being one."""
    reader = _Claims()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.found, reader.unclaimed


def says(text: str, value) -> bool:
    """Whether a figure in words is the value, to half of its last digit."""
    if value is None:
        return False
    plain = text.replace("−", "-").replace("£", "").replace(",", "").rstrip("%")
    scale = {"m": 10**6, "k": 10**3}.get(plain[-1], 1)
    digits = plain.rstrip("mk")
    unit = Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
    # Three significant figures of a large amount leave zeros at its end.
    whole = digits.lstrip("-").partition(".")[0]
    if "." not in digits and len(whole) > 3 and whole.endswith("0"):
        unit *= 10 ** (len(whole) - 3)
    shown = Decimal(digits) * scale
    factor = 100 if text.endswith("%") else 1
    return abs(shown - Decimal(str(value)) * factor) <= unit / 2


def figures_borne(text: str) -> bool:
    """Whether no amount of money in the words has more than three significant figures."""
    for amount in re.findall(r"£([\d,]+(?:\.\d+)?)[mk]", text):
        digits = amount.replace(",", "").lstrip("0.").replace(".", "")
        if len(digits) > 3 and len(digits.rstrip("0")) > 3:
            return False
    return True


class Marts:
    """The marts as the conditions ask them."""

    def __init__(self, database: Path):
        self.con = duckdb.connect(str(database), read_only=True)

    def one(self, sql: str, *values) -> tuple:
        rows = self.con.execute(sql, list(values)).fetchall()
        assert len(rows) == 1, (sql, values, len(rows))
        return rows[0]

    def all(self, sql: str, *values) -> list[tuple]:
        return self.con.execute(sql, list(values)).fetchall()

    def members(self, area_kind: str, area_code: str, financial_year: str) -> list[str]:
        """Councils of a region, combined area or partnership that stand in a year, from the dimensions."""
        codes = {
            "region": "select d.council_code from marts.dim_council as d where d.region = (select min(area_name) from"
            " marts.mart_area_headline where area_kind = 'region' and area_code = ?)",
            "combined_area": "select council_code from marts.dim_combined_area where combined_area_code = ?",
            "partnership": "select council_code from marts.dim_partnership where partnership_code = ?",
        }[area_kind]
        standing = (
            "select distinct council_code from marts.dim_council where valid_from_year <= ? and"
            f" coalesce(valid_to_year, '9999-00') >= ? and council_code in ({codes})"
        )
        return [code for (code,) in self.all(standing, financial_year, financial_year, area_code)]

    def headline(self, about: dict, columns: str) -> tuple:
        """Of one council, or summed over all, in the direct view."""
        where = "cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus' and perimeter = ?"
        where += " and financial_year = ? and statement = ?"
        values = [about.get("perimeter", "narrow"), about["financial_year"], about["statement"]]
        if "council_code" in about:
            where += " and council_code = ?"
            values.append(about["council_code"])
        return self.one(f"select {columns} from marts.mart_prevention_headline where {where}", *values)


ASC = ("adult_social_care_gbp", "adult_social_care_low_gbp", "adult_social_care_high_gbp")


def match(pattern: str, text: str) -> re.Match:
    found = re.fullmatch(pattern, text)
    assert found, f"the words are not of their kind: {text}"
    return found


def ranged(parts: tuple, values: tuple) -> None:
    """An amount, and its range where it is said, are the mart's."""
    assert says(parts[0], values[0]), (parts, values)
    if parts[1] is not None:
        assert says(parts[1], values[1]) and says(parts[2], values[2]), (parts, values)


def profile_level(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"In {YEAR} (.+) (budgeted|spent) {MONEY} on (.+) for each adult(?:, in the (lowest|second lowest"
        rf"|second highest|highest) quarter of councils)?(; income is above cost)?; England {MONEY}\.",
        text,
    )
    where = "council_code = ? and financial_year = ? and statement = ? and measure = ?"
    keys = [about[k] for k in ("council_code", "financial_year", "statement", "measure")]
    value, england, median, first, third, quarter = m.one(
        "select value, england_value, median_value, lower_quartile_value, upper_quartile_value, quarter"
        f" from marts.mart_council_profile where {where}",
        *keys,
    )
    assert found[1] == about["financial_year"] and (found[3] == "spent") == (about["statement"] == "outturn")
    assert says(found[4], value) and says(found[8], england)
    assert (found[7] is not None) == (value < 0)
    if found[6] is None:
        assert quarter is None
    else:
        low, high = {
            "lowest": (None, first),
            "second lowest": (first, median),
            "second highest": (median, third),
            "highest": (third, None),
        }[found[6]]
        assert (low is None or value > low) and (high is None or value <= high)


def admissions_point(where: str) -> Callable:
    def check(m: Marts, about: dict, text: str) -> None:
        said = {"not": "not clearly different from"}.get(where, where)
        found = match(
            rf"{RATE} of every 100,000 people aged 65 and over were admitted to a care home permanently in {YEAR}"
            rf"(?: \(95% interval {RATE} to {RATE}\))?, {said} England’s {RATE}\.",
            text,
        )
        value, low, high, england = m.one(
            "select value, lower_value, upper_value, england_value from marts.mart_council_profile"
            " where council_code = ? and financial_year = ? and measure = ?",
            *(about[k] for k in ("council_code", "financial_year", "measure")),
        )
        assert says(found[1], value) and says(found[5], england) and found[2] == about["financial_year"]
        if low is None:
            assert where == "beside" and found[3] is None
        else:
            assert says(found[3], low) and says(found[4], high)
            assert where == ("above" if low > england else "below" if high < england else "not")

    return check


def prevention(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"(Modelled: of|Of) the adult social care money (.+) (budgeted|spent) in {YEAR}, {RANGED} is"
        r" meant to prevent or reduce need in later life \(primary and secondary prevention\)(?:,"
        r" (−?[\d.]+%) of all adult social care)?\.",
        text,
    )
    *money, modelled, share = m.headline(about, ", ".join([*ASC, "is_modelled", "share_of_adult_social_care_share"]))
    ranged(found.group(5, 6, 7), tuple(money))
    assert (found[1] == "Modelled: of") == bool(modelled) and found[4] == about["financial_year"]
    assert found[8] is None if share is None else says(found[8], share)


def central_interval(table: str) -> Callable:
    def check(m: Marts, about: dict, text: str) -> None:
        found = match(
            r"The bounds in brackets take every rule to be wrong at once, the same way\. If the rules err as declared,"
            rf" the figure lies between {MONEY} and {MONEY} nine times in ten, with its middle at {MONEY}(?:: the"
            r" central figure lies (below|above) it)?(?:\. To know better what line (\w+)(?: \(.+\))? is spent on would"
            rf" narrow it most, by {MONEY})?\.",
            text,
        )
        place = "panel = 'all'" if table == "mart_national_headline" else "council_code = $code"
        values = {"year": about["financial_year"], "statement": about["statement"]}
        rows = m.con.execute(
            f"select {ASC[0]}, adult_social_care_central_low_gbp, adult_social_care_central_high_gbp,"
            f" adult_social_care_middle_gbp, {ASC[1]}, {ASC[2]} from marts.{table} where {place} and financial_year ="
            " $year and statement = $statement and perimeter = 'narrow' and cost_view = 'direct' and outcome_code ="
            " 'delay_and_reduce_need_65_plus'",
            values | ({"code": about["area_code"]} if "$code" in place else {}),
        ).fetchall()
        ((central, low, high, middle, least, most),) = rows
        assert says(found[1], low) and says(found[2], high) and says(found[3], middle)
        assert least - 1 <= low <= central <= high <= most + 1
        leaning = (middle - central) / (high - low)
        if found[4] is None:
            # The middle may print as the figure does: the sentence before it says that figure.
            assert abs(leaning) <= Decimal("0.1") or says(found[3], central)
        else:
            assert leaning > Decimal("0.1") if found[4] == "below" else leaning < Decimal("-0.1")
        best = m.con.execute(
            "select line_code, narrows_by_gbp from marts.mart_interval_contributors where area_code = $code and"
            " financial_year = $year and statement = $statement and perimeter = 'narrow' and outcome_code ="
            " 'delay_and_reduce_need_65_plus' order by narrows_by_gbp desc limit 1",
            values | {"code": about["area_code"]},
        ).fetchall()
        if found[5]:
            assert says(found[6], best[0][1]) and best[0][1] > 0
        else:
            assert not best or best[0][1] <= 0

    return check


def last_held(m: Marts, about: dict, text: str) -> None:
    names = dict(re.findall(rf"(admissions|budget|outturn) {YEAR}", text))
    own = " and council_code = ?" if "council_code" in about else ""
    values = [about["council_code"]] if own else []
    held = dict(
        m.all(
            "select statement, max(financial_year) from marts.mart_prevention_headline where adult_social_care_gbp is"
            f" not null and cost_view = 'direct'{own} group by 1",
            *values,
        )
    )
    (rate,) = m.one(
        "select max(financial_year) from marts.mart_spend_against_admissions where admissions_per_100k is not null"
        + own,
        *values,
    )
    assert names == {**held, **({"admissions": rate} if rate else {})}


def movement(way: str) -> Callable:
    def check(m: Marts, about: dict, text: str) -> None:
        found = match(
            rf"{MONEY} {way} of .+’s adult social care money is for preventing and reducing need than in {YEAR}"
            rf"(?:, of which {MONEY} because lines of the form or their rules changed)?"
            r"(\. The change is smaller than the doubt about the figure)?"
            r"(\. The shares are the desk baseline’s in both years: what moved is the size and mix of the lines)?\.",
            text,
        )
        moved, definition, before, rules, modelled, value, low, high = m.headline(
            about,
            "adult_social_care_movement_gbp, adult_social_care_movement_definition_gbp, previous_financial_year,"
            f" rule_set, is_modelled, {', '.join(ASC)}",
        )
        assert says(found[1], abs(moved)) and (moved > 0) == (way == "more")
        assert found[3] is None if not definition else says(found[3], definition)
        assert (found[4] is not None) == (low <= value - moved <= high)
        assert (found[5] is not None) == (rules == "desk_baseline" and bool(modelled))
        assert found[2] == before

    return check


def trend(kind: str) -> Callable:
    def check(m: Marts, about: dict, text: str) -> None:
        if "area_kind" in about:
            table, place = "mart_area_headline", "area_kind = ? and area_code = ? and panel = 'matched'"
            keys = [about["area_kind"], about["area_code"]]
        elif "council_code" in about:
            table, place, keys = "mart_prevention_headline", "council_code = ?", [about["council_code"]]
        else:
            table, place, keys = "mart_national_headline", "panel = 'matched'", []
        ends = [
            m.one(
                f"select {', '.join(ASC)} from marts.{table} where cost_view = 'direct' and perimeter = 'narrow' and"
                f" outcome_code = 'delay_and_reduce_need_65_plus' and financial_year = ? and"
                f" statement = ? and {place}",
                about[end],
                about["statement"],
                *keys,
            )
            for end in ("first", "last")
        ]
        (first, _, _), (last, low, high) = ends
        assert f"between {about['first']} and {about['last']} ({about['statement']})" in text
        if kind == "within-doubt":
            assert low <= first <= high and "smaller than the doubt about it" in text
            return
        assert not low <= first <= high
        found = match(rf".+ {kind} from {MONEY} to {MONEY} between .+, in cash", text)
        assert says(found[1], first) and says(found[2], last) and (last > first) == (kind == "rose")

    return check


def trend_alone(m: Marts, about: dict, text: str) -> None:
    if "statement" not in about:
        match(r"Preventing and reducing need, .+", text)
        return
    does = {"budget": "sets aside for", "outturn": "spent on"}[about["statement"]]
    match(rf"What .+ {does} preventing and reducing need", text)


def nothing_held(m: Marts, about: dict, text: str) -> None:
    """Said of an area, or of England: no row of the mart has an amount."""
    table, place, keys = "mart_national_headline", "true", []
    if "area_kind" in about:
        table, place, keys = (
            "mart_area_headline",
            "area_kind = ? and area_name = ?",
            [about["area_kind"], about["name"]],
        )
    assert not m.all(f"select 1 from marts.{table} where {place} and {ASC[0]} is not null limit 1", *keys)


def balance(m: Marts, about: dict, text: str) -> None:
    found = match(
        r".+: (\d+)p of every £1 of adult social care in scope is meant to prevent, reduce or delay need and (\d+)p is"
        r" for care once need is high(?:; (\d+)p is not classified)?(, each rounded)?",
        text,
    )
    place, values = "", [about["financial_year"], about["statement"]]
    if "council_code" in about:
        place, values = " and council_code = ?", [*values, about["council_code"]]
    if "area_kind" in about:
        place = " and council_code in (select unnest(?))"
        values.append(m.members(about["area_kind"], about["area_code"], about["financial_year"]))
    parts = dict(
        m.all(
            "select tier, sum(adult_social_care_gbp) from marts.mart_prevention_spend where cost_view = 'direct'"
            " and outcome_code = 'delay_and_reduce_need_65_plus' and (council_code, financial_year, statement) in"
            " (select (council_code, financial_year, statement) from marts.mart_prevention_headline where"
            " adult_social_care_gbp is not null)"
            f" and financial_year = ? and statement = ?{place} group by 1",
            *values,
        )
    )
    drawn = {
        t: a
        for t, a in parts.items()
        if a > 0 and t in ("primary", "secondary", "tertiary", "reactive", "unclassified")
    }
    whole = sum(drawn.values())
    assert (
        parts.get("unclassified", 0) <= whole / 2
        and min(parts[t] for t in parts if t not in ("enabling", "out_of_scope")) >= 0
    )
    left = 100 * sum(parts.get(t, 0) for t in ("primary", "secondary", "tertiary")) / whole
    right = 100 * parts["reactive"] / whole
    assert abs(Decimal(found[1]) - left) <= Decimal("0.5") and abs(Decimal(found[2]) - right) <= Decimal("0.5")
    rest = 100 - left - right
    assert rest < Decimal("0.5") if found[3] is None else abs(Decimal(found[3]) - rest) <= Decimal("0.5")
    assert (found[4] is not None) == (sum(int(p or 0) for p in found.group(1, 2, 3)) != 100)


def largest_tier(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"Running costs apart, the largest part of .+’s money that bears on need in later life, in {YEAR}"
        r" \((budget|outturn)\), is (for preventing need|for reducing need|for delaying need|for care once need is high"
        rf"|not yet classified): {MONEY}",
        text,
    )
    assert (found[1], found[2]) == (about["financial_year"], about["statement"])
    rows = m.all(
        "select tier, amount_gbp from marts.mart_prevention_spend where council_code = ? and financial_year = ? and"
        " statement = ? and outcome_code = ? and cost_view = ? and tier not in ('out_of_scope', 'enabling') and"
        " amount_gbp is not null order by amount_gbp desc",
        *(about[k] for k in ("council_code", "financial_year", "statement", "outcome_code", "cost_view")),
    )
    said = {"preventing": "primary", "reducing": "secondary", "delaying": "tertiary", "care": "reactive"}
    tier = said.get(found[3].split()[1], "unclassified")
    assert rows[0][0] == about["tier"] == tier and says(found[4], rows[0][1])


def against(m: Marts, about: dict, text: str) -> None:
    rate, low, high, least, most, england, own_low, own_high, spread = m.one(
        "select admissions_per_100k, control_lower_95_per_100k, control_upper_95_per_100k, control_lower_998_per_100k,"
        " control_upper_998_per_100k, england_per_100k, admissions_lower_per_100k,"
        " admissions_upper_per_100k, spread_class from marts.mart_spend_against_admissions where council_code = ? and"
        " financial_year = ?",
        about["council_code"],
        about["financial_year"],
    )
    if spread == "too_few_to_tell":
        assert "too few people to tell it from England’s" in text and "spread" not in text, text
    elif low is None or rate is None:
        assert "spread" not in text
    else:
        inside, near = low <= rate <= high, least <= rate <= most
        said = re.search(r"(well )?(above|below|within) the usual spread between councils", text)
        assert (said[2] == "within") == inside and bool(said[1]) == (not near), text
        assert inside or (said[2] == "above") == (rate > high), text
        assert ("99.8% limits" in text) == (not near) and ("95% limits" in text) == (near and not inside), text
    # What is worded as chance must be so: the council's own interval may not leave England out.
    assert "chance" not in text or own_low is None or own_low <= england <= own_high, text
    if found := re.match(rf"{RATE} admissions per 100,000 people 65\+ in {YEAR}", text):
        assert says(found[1], rate) and found[2] == about["financial_year"]


def national_prevention(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"(Modelled: in|In) {YEAR} ([\d,]+) councils? (budgeted|spent) {RANGED} of adult social care money on"
        r" preventing and reducing need in later life \(primary and secondary prevention\)\.",
        text,
    )
    columns = ", ".join(f"sum({c})" for c in ASC)
    *money, councils, modelled = m.headline(about, f"{columns}, count(amount_gbp), bool_or(is_modelled)")
    ranged(found.group(5, 6, 7), tuple(money))
    assert int(found[3].replace(",", "")) == councils and (found[1] == "Modelled: in") == modelled
    assert (found[4] == "spent") == (about["statement"] == "outturn")
    (later,) = m.one("select max(financial_year) from marts.mart_prevention_headline where amount_gbp is not null")
    assert found[2] == later, "the headline is not of the latest year that can carry it"


def place_prevention(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"(Modelled: in|In) {YEAR} (?:(\d+) of )?the (\d+) councils? of .+ (budgeted|spent) {RANGED} of adult social"
        rf" care money on preventing and reducing need(?:, {MONEY} for each person aged 65 and over)?\.",
        text,
    )
    members = m.members(about["area_kind"], about["area_code"], about["financial_year"])
    money = ", ".join(f"sum({c})" for c in ASC)
    *amounts, councils, modelled, real_heads, people = m.one(
        f"select {money}, count({ASC[0]}), bool_or(is_modelled), sum({ASC[0]}) filter (where population_65_plus > 0),"
        f" sum(population_65_plus) filter (where {ASC[0]} is not null) from marts.mart_prevention_headline where"
        " cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus' and perimeter = 'narrow' and"
        " financial_year = ? and statement = ? and council_code in (select unnest(?))",
        about["financial_year"],
        about["statement"],
        members,
    )
    ranged(found.group(6, 7, 8), tuple(amounts))
    assert (found[1] == "Modelled: in") == modelled and found[2] == about["financial_year"]
    assert int(found[4]) == len(members) and int(found[3] or found[4]) == councils
    assert (found[5] == "spent") == (about["statement"] == "outturn")
    assert found[9] is None or says(found[9], real_heads / people)


def national_wider(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"With money meant to delay need \(tertiary prevention, without home care\) it is {RANGED}; counting home care"
        rf" too, {RANGED}\.",
        text,
    )
    columns = ", ".join(f"sum({c})" for c in ASC)
    ranged(found.group(1, 2, 3), m.headline({**about, "perimeter": "wide"}, columns))
    ranged(found.group(4, 5, 6), m.headline({**about, "perimeter": "camden"}, columns))


def no_driver(m: Marts, about: dict, text: str) -> None:
    match(r"No finance return is held that tells care homes from care at home\. .+ leave them out\.", text)
    assert m.one("select count(*) from marts.mart_driver_share") == (0,)
    reactive, unclassified = m.one(
        "select coalesce(sum(adult_social_care_gbp) filter (tier = 'reactive'), 0), sum(adult_social_care_gbp) filter"
        " (tier = 'unclassified') from marts.mart_prevention_spend where cost_view = 'direct' and outcome_code ="
        " 'delay_and_reduce_need_65_plus' and financial_year = ? and statement = ?",
        about["financial_year"],
        about["statement"],
    )
    assert unclassified > reactive


def national_before_income(m: Marts, about: dict, text: str) -> None:
    found = match(
        r"The figures for later life are net\. Before income from users of services, the NHS and others they are"
        rf" {MONEY}, {MONEY} and {MONEY}\.",
        text,
    )
    for position, perimeter in enumerate(("narrow", "wide", "camden"), 1):
        gross, councils, with_gross = m.headline(
            {**about, "perimeter": perimeter},
            "sum(adult_social_care_gross_gbp), count(adult_social_care_gbp), count(adult_social_care_gross_gbp)",
        )
        assert says(found[position], gross)
        assert councils == with_gross, f"{councils - with_gross} councils have no gross figure"


def adults(of: str) -> Callable:
    def check(m: Marts, about: dict, text: str) -> None:
        whose = "" if of == "council" else ", of the same councils,"
        found = match(
            rf"For adults of all ages{whose} the narrow figure is {RANGED}, (−?[\d.]+%) of adult social care; with"
            rf" money meant to delay need, {RANGED}, ([\d.]+%); counting long-term care at home too, {RANGED},"
            r" ([\d.]+%)\.",
            text,
        )
        where, extra = "true", []
        if of == "council":
            where, extra = "council_code = ?", [about["council_code"]]
        elif of == "place":
            members = m.members(about["area_kind"], about["area_code"], about["financial_year"])
            where, extra = "council_code in (select unnest(?))", [members]
        sums = ", ".join(f"sum({c})" for c in ASC)
        share = f"sum({ASC[0]}) filter (adult_social_care_total_gbp is not null) / sum(adult_social_care_total_gbp)"
        share = f"round({share}, 6)"  # as the marts hold it
        for place, perimeter in enumerate(("narrow", "wide", "camden")):
            *money, of_total, councils, older, same = m.one(
                f"select {sums.replace('(', '(a.')}, {share.replace('adult', 'a.adult')}, count(*),"
                f" sum(o.{ASC[0]}), count(o.{ASC[0]}) from marts.mart_prevention_headline as a left join"
                " marts.mart_prevention_headline as o on o.outcome_code = 'delay_and_reduce_need_65_plus'"
                " and (o.council_code, o.financial_year, o.statement, o.cost_view, o.perimeter)"
                " = (a.council_code, a.financial_year, a.statement, a.cost_view, a.perimeter)"
                " where a.outcome_code = 'delay_and_reduce_need_adults' and a.cost_view = 'direct' and"
                " a.is_broken_down and a.adult_social_care_gbp is not null and a.perimeter = ? and"
                f" a.financial_year = ? and a.statement = ? and {where.replace('council_code', 'a.council_code')}",
                *(perimeter, about["financial_year"], about["statement"], *extra),
            )
            ranged(found.group(*range(4 * place + 1, 4 * place + 4)), tuple(money))
            assert says(found[4 * place + 4], of_total)
            assert same == councils, "not of the same councils"
            # A council may book income above cost on a line of younger adults; the sum over many may not.
            assert of == "council" or older <= money[0], "less than for older people alone"

    return check


def coverage(m: Marts, about: dict, text: str) -> None:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    (held,) = m.headline(about, "count(adult_social_care_gbp)")
    (stood,) = m.one(
        "select count(distinct council_code) from marts.dim_council where valid_from_year <= ? and"
        " coalesce(valid_to_year, '9999-00') >= ?",
        about["financial_year"],
        about["financial_year"],
    )
    assert numbers == ([stood] if held >= stood else [held, stood, stood - held])


def national_per_head(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"For each person 65\+, {MONEY} in {YEAR} against {MONEY} in {YEAR}( after inflation|, in cash):"
        r" (more|less|the same|a smaller change than the doubt about it)",
        text,
    )
    values = []
    for year in (about["first"], about["last"]):
        money, low, high, real, people = m.one(
            "select adult_social_care_gbp, adult_social_care_low_gbp, adult_social_care_high_gbp,"
            " adult_social_care_real_gbp, population_65_plus from"
            " marts.mart_national_headline where cost_view = 'direct' and perimeter = 'narrow' and panel = 'matched'"
            " and outcome_code = 'delay_and_reduce_need_65_plus' and financial_year = ? and statement = ?",
            year,
            about["statement"],
        )
        values.append((real if about["is_real"] == "true" else money) / people)
    first, last = values
    assert says(found[1], last) and says(found[3], first)
    is_in_doubt = not money or low / money <= first / last <= high / money
    way = "a smaller change than the doubt about it" if is_in_doubt else "more" if last > first else "less"
    assert found[6] == ("the same" if found[1] == found[3] else way)


ENGLAND_RATES = (
    "select financial_year, outcome_value from marts.fct_outcome_measure where geography_kind = 'england' and"
    " measure_code = 'admissions_65_plus' and breakdown = 'Total' and outcome_value is not null"
)
BREAKS = f"{ENGLAND_RATES} and is_break_in_series"


def national_admissions(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"{RATE} admissions to care homes per 100,000 people 65\+ in {YEAR}, (fewer than|more than|as many as)"
        rf" the {RATE} of {YEAR}",
        text,
    )
    first, last = (
        m.one(
            "select outcome_value from marts.fct_outcome_measure where geography_kind = 'england' and measure_code ="
            " 'admissions_65_plus' and breakdown = 'Total' and financial_year = ?",
            about[end],
        )[0]
        for end in ("first", "last")
    )
    breaks = m.all(f"{BREAKS} and financial_year > ? and financial_year <= ?", about["first"], about["last"])
    assert not breaks, f"the series breaks in {breaks} between the years compared"
    assert says(found[1], last) and says(found[4], first)
    assert found[3] == ("as many as" if last == first else "fewer than" if last < first else "more than")


def national_admissions_alone(m: Marts, about: dict, text: str) -> None:
    found = match(
        rf"{RATE} admissions to care homes per 100,000 people 65\+ in {YEAR}(, not comparable with earlier years)?",
        text,
    )
    rates = m.all(ENGLAND_RATES + " and financial_year <= ? order by financial_year", about["last"])
    assert says(found[1], rates[-1][1]) and found[2] == rates[-1][0] == about["last"]
    assert bool(found[3]) == (len(rates) > 1)
    assert len(rates) == 1 or m.all(f"{BREAKS} and financial_year = ?", about["last"])


def outside_limits(m: Marts, about: dict, text: str) -> None:
    found = match(rf"(\d+) of (\d+) councils lie outside the 99.8% limits around England in {YEAR}", text)
    outside, councils = m.one(
        "select count(*) filter (where admissions_per_100k not between control_lower_998_per_100k and"
        " control_upper_998_per_100k and spread_class is distinct from 'too_few_to_tell'), count(*) from"
        " marts.mart_spend_against_admissions where financial_year = ? and"
        " admissions_per_100k is not null and control_upper_998_per_100k is not null and population_65_plus > 0",
        about["financial_year"],
    )
    assert (int(found[1]), int(found[2]), found[3]) == (outside, councils, about["financial_year"])


def spread_admissions(m: Marts, about: dict, text: str) -> None:
    found = match(rf"Half of (\d+) councils lie at or below {RATE} admissions per 100,000 people 65\+", text)
    councils, middle = m.one(
        "select count(*), median(admissions_per_100k) from marts.mart_spend_against_admissions where financial_year = ?"
        " and admissions_per_100k is not null",
        about["financial_year"],
    )
    assert int(found[1]) == councils and says(found[2], middle)


def spend_and_admissions(m: Marts, about: dict, text: str) -> None:
    found = match(
        r"(\d+) of (\d+) councils spend more than the middle council and admit at a lower rate than the middle one",
        text,
    )
    both, councils = m.one(
        "with held as (select narrow_per_head_65_plus_gbp as spend, admissions_per_100k as rate from"
        " marts.mart_spend_against_admissions where financial_year = ? and narrow_per_head_65_plus_gbp is not null and"
        " admissions_per_100k is not null), middle as (select median(spend) as spend, median(rate) as rate from held)"
        " select count(*) filter (where h.spend > m.spend and h.rate < m.rate), count(*) from held as h, middle as m",
        about["financial_year"],
    )
    assert (int(found[1]), int(found[2])) == (both, councils)


def changed(m: Marts, about: dict, text: str) -> None:
    if found := re.search(r"every one of ([\d,]+) headline figures is the same", text):
        (figures,) = m.one(
            "select count(*) from marts.mart_prevention_headline where cost_view = 'direct' and outcome_code ="
            " 'delay_and_reduce_need_65_plus'"
        )
        assert int(found[1].replace(",", "")) == figures
    else:
        assert "no earlier publication" in text or re.search(
            r"\d+ headline figures? of \d+ councils? (differ|moved)", text
        )


def _spelt(text: str) -> set[str]:
    """Every financial year of a list in words, where `2012-13 to 2014-15` stands for the years between as well."""
    years = set()
    for part in text.split(", "):
        first, *last = re.findall(YEAR, part)
        for start in range(int(first[:4]), int((last or [first])[0][:4]) + 1):
            years.add(f"{start}-{(start + 1) % 100:02d}")
    return years


def _calendar(m: Marts, source: str) -> tuple[dict, set[str], list[str]]:
    """How a series comes out, by the catalogue, and its years and dated editions of the publication."""
    entry = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"][source]
    held = m.all("select financial_year, release_id from meta.inputs where source = ?", source)
    editions = [
        edition["published_on"]
        for one in entry["releases"]
        for edition in one["editions"]
        if one["release_id"] in {name.split("@")[0] for _, name in held} and edition.get("published_on")
    ]
    years = {year for year, _ in held if year}
    listed_years = {one.get("financial_year") for one in entry["releases"]} - {None}
    covered = [
        year or ""
        for (year,) in m.all(
            "select financial_year from meta.inputs where source in (select unnest($1))", entry.get("instead", [])
        )
    ]
    return {**entry["publishes"], "years": listed_years, "covered": max(covered, default=None)}, years, editions


def _out(rule: dict, held: set[str], day: str) -> set[str]:
    """The years that are out by a day and not held, since the first that the series has."""
    first = rule.get("first_year") or min(rule["years"] | held, default=None)
    expected = rule["expected"]
    years = set()
    for start in range(int(first[:4]) if first else 9999, int(day[:4]) + 1):
        due = f"{start + expected['years_after']}-{expected['month']:02d}-{expected['day']:02d}"
        year = f"{start}-{(start + 1) % 100:02d}"
        if due < day and year <= rule.get("last_year", year):
            years.add(year)
    return {year for year in years - held if year > (rule["covered"] or "")}


def _edition_due(rule: dict, editions: list[str]) -> str:
    year, month = (int(part) for part in max(editions).split("-")[:2])
    months = year * 12 + month + rule["months_between_editions"]
    return f"{months // 12}-{months % 12 + 1:02d}-01"


def _day(words_: str) -> str:
    day, month, year = words_.split()
    return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}"


def fresh_series(m: Marts, about: dict, text: str) -> None:
    rule, held, editions = _calendar(m, about["source"])
    (files,) = m.one("select count(*) from meta.inputs where source = ?", about["source"])
    stood_in = re.search(r"; (in its place|for other years) stands [^;.]+", text)
    assert (stood_in is not None) == (rule["covered"] is not None)
    assert stood_in is None or (stood_in[1] == "in its place") == (files == 0)
    found = match(
        rf".+: (?:newest held (?:{YEAR}|of ([\w ]+))|held, without a date|none held)"
        rf"(?:; (?:in its place|for other years) stands [^;.]+)?(?:; out (since|by now): ([\d, to-]+))?"
        rf"(?:; of earlier years not held: ([\d, to-]+))?(?:; (?:{YEAR}|the next edition) (is|was) due by"
        r" (\d+ \w+ \d{4})|; no calendar: .+|; no more is due)\.",
        text,
    )
    newest = max(held, default="")
    assert (found[1] or "") == newest and (found[2] is not None) == (not held and bool(editions))
    assert ("none held" in text) == (files == 0)
    since, earlier = (_spelt(found[n]) if found[n] else set() for n in (4, 5))
    assert since | earlier == (_out(rule, held, about["day"]) if "expected" in rule else set())
    assert all(year > newest for year in since) and all(year < newest for year in earlier)
    if found[8]:
        assert (found[7] == "was") == (_day(found[8]) < about["day"])
    if "expected" in rule and found[6]:
        assert found[6] not in held and found[7] == "is"
        assert _out(rule, held, "9999-12-31") and found[6] == min(
            year for year in _out(rule, held, f"{int(about['day'][:4]) + 5}-12-31") - since - earlier
        )
    if "months_between_editions" in rule and editions:
        assert _day(found[8]) == _edition_due(rule, editions)
    assert ("no calendar" in text) == ("without_calendar" in rule)


def fresh_all(m: Marts, about: dict, text: str) -> None:
    found = match(
        r"By their publishers’ calendars (no series has|(\d+) series (?:has|have)) something newer out on"
        r" (\d+ \w+ \d{4}) than this publication holds; “How fresh the figures are” names each\.",
        text,
    )
    assert _day(found[3]) == about["day"]
    behind = 0
    sources = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    for name in (name for name, entry in sources.items() if "folder" not in entry):
        rule, held, editions = _calendar(m, name)
        if "expected" in rule:
            behind += any(year > max(held, default="") for year in _out(rule, held, about["day"]))
        elif "months_between_editions" in rule and editions:
            behind += _edition_due(rule, editions) < about["day"]
    assert int(found[2] or 0) == behind


CONDITIONS: dict[str, Callable[[Marts, dict, str], None]] = {
    "profile-level": profile_level,
    **{f"admissions-{where}": admissions_point(where) for where in ("above", "below", "not", "beside")},
    "prevention": prevention,
    "central-interval": central_interval("mart_prevention_headline"),
    "national-interval": central_interval("mart_national_headline"),
    "last-held": last_held,
    "movement-more": movement("more"),
    "movement-less": movement("less"),
    "trend-within-doubt": trend("within-doubt"),
    "trend-alone": trend_alone,
    "nothing-held": nothing_held,
    "trend-rose": trend("rose"),
    "trend-fell": trend("fell"),
    "balance": balance,
    "largest-tier": largest_tier,
    "against-limits": against,
    "admissions-last": against,
    "national-prevention": national_prevention,
    "national-wider": national_wider,
    "place-prevention": place_prevention,
    "no-driver": no_driver,
    "national-before-income": national_before_income,
    "national-adults": adults("england"),
    "council-adults": adults("council"),
    "place-adults": adults("place"),
    "coverage-all": coverage,
    "coverage-part": coverage,
    "national-per-head": national_per_head,
    "national-admissions": national_admissions,
    "national-admissions-alone": national_admissions_alone,
    "outside-limits": outside_limits,
    "spread-admissions": spread_admissions,
    "spend-and-admissions": spend_and_admissions,
    "changes": changed,
    "fresh-all": fresh_all,
    "fresh-series": fresh_series,
    "moved": changed,
}


def check(report: Path, database: Path, pages: list[str]) -> tuple[dict[str, int], list[str]]:
    """Number of claims checked by kind, and every fault: page, words, what does not hold."""
    marts = Marts(database)
    counted: dict[str, int] = {}
    faults = []
    for name in pages:
        found, unclaimed = claims_of(report / name)
        faults += [f"{name}: says something of figures but is no claim: {text}" for text in unclaimed]
        for kind, about, text in found:
            counted[kind] = counted.get(kind, 0) + 1
            if not figures_borne(text):
                faults.append(f"{name}: more than three significant figures: {text}")
            try:
                CONDITIONS[kind](marts, about, text)
            except (AssertionError, KeyError, TypeError) as error:
                faults.append(f"{name}: {kind}: {text} -- {str(error)[:160]}")
    return counted, faults
