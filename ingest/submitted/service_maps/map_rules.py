"""The rules between the cells of a service map: what must hold for a line, a service, a target and the councils.

Each rule that fails is reported at the cell a person would change, and the next rule is tried.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import process

from ingest.submitted.service_maps.map_answers import Pages, Row
from ingest.submitted.service_maps.map_layout import (
    COUNCIL_CODE,
    DETAILS,
    HOME_CARE_NAMES,
    LINES,
    TIERS,
    TOTAL_LINES,
    folded,
)

_COMMON_WORDS = frozenset(
    {"the", "of", "and", "city", "county", "council", "borough", "district", "metropolitan", "unitary", "authority"}
    | {"london", "royal", "ua"}
)


@dataclass(frozen=True)
class Known:
    """What the caller knows of the world, to check a map against; whatever is None is not checked.

    `councils` are names by ONS code, `line_codes` the lines each council has and can map (by ONS code), `services`
    our own service codes, `financial_years` the years with published figures that say more than a total.
    """

    councils: Mapping[str, str] | None = None
    line_codes: Mapping[str, Collection[str]] | None = None
    services: Collection[str] | None = None
    financial_years: Collection[str] | None = None


class MapRules:
    """Judges one map; problems go to its pages, `councils` are those the map holds for."""

    def __init__(self, pages: Pages, known: Known, details: Row, lines: list[Row], tiers: list[Row], targets: Row):
        self.pages, self.known = pages, known
        self.details, self.lines, self.tiers, self.targets = details, lines, tiers, targets
        self.councils = self._judge_details() if DETAILS in pages.sheets else []
        if LINES in pages.sheets:
            self._judge_lines()
        if {LINES, TIERS} <= pages.sheets.keys():
            self._judge_tiers()
        self._judge_target()

    def _report(self, row: Row, field: str | None, what: str, remedy: str) -> None:
        answer = row.answers.get(field) if field else None
        place = (answer.row, answer.column, answer.shown) if answer else (row.number, None, None)
        self.pages.report(row.sheet, what, remedy, *place)

    def _judge_details(self) -> list[str]:
        """The councils the map holds for."""
        details = self.details
        codes = re.split(r"[\s,;]+", details.get("councils") or "")
        codes = [code.upper() for code in codes if code]
        own = (details.get("council_code") or "").upper()
        kind = details.get("map_kind")
        if kind == "council":
            if not own:
                self.pages.report(DETAILS, "the council code is missing", "fill in the ONS code of the council")
            if codes:
                self._report(
                    details,
                    "councils",
                    "a map of one council lists councils of a shared map",
                    "clear that cell, or choose “Shared by several councils” as kind of map",
                )
            councils, field = [own] if own else [], "council_code"
        else:
            if kind == "shared" and not codes:
                self.pages.report(DETAILS, "a shared map lists no councils", "list the ONS codes it holds for")
            if kind == "shared" and not details.get("shared_name"):
                self.pages.report(DETAILS, "a shared map has no name", "name the region or partnership")
            if kind == "shared" and own and codes and own not in codes:
                self._report(
                    details,
                    "council_code",
                    "the council is not among the councils of the shared map",
                    "clear the council code, or add it to the list",
                )
            councils, field = codes, "councils"
        for code, times in Counter(councils).items():
            if times > 1:
                self._report(details, field, f"council {code} is listed {times} times", "list it once")
            self._judge_council(code, field)
        first, last = details.get("valid_from_year"), details.get("valid_to_year")
        if first and last and last < first:
            self._report(
                details,
                "valid_to_year",
                f"the map ends in {last}, before it begins in {first}",
                "correct one of the two years, or leave the last year blank",
            )
        years = self.known.financial_years
        if years is not None and first and not any(first <= year <= (last or year) for year in years):
            self._report(
                details,
                "valid_from_year",
                f"no budget is published for the years of this map; there are {min(years)} to {max(years)}",
                "correct the years, or keep the map until that budget is published",
            )
        return sorted(set(councils))

    def _judge_council(self, code: str, field: str) -> None:
        if not COUNCIL_CODE.match(code):
            self._report(
                self.details,
                field,
                f"{code} is not the ONS code of a council with adult social care duties",
                "use the nine-character code, such as E09000007, of a county, unitary, borough or metropolitan council",
            )
        elif self.known.councils is not None and code not in self.known.councils:
            name = self.details.get("council_name") or ""
            near = process.extractOne(name, self.known.councils, score_cutoff=80) if name else None
            hint = f"; {near[0]} has {near[2]}" if near else ""
            self._report(self.details, field, f"there is no council {code}", f"check the code{hint}")
        elif self.known.councils is not None and field == "council_code" and self.details.get("council_name"):
            given, real = self.details.get("council_name"), self.known.councils[code]
            if not _same_name(given, real):
                self._report(
                    self.details,
                    "council_name",
                    f"the code {code} belongs to {real}, not to this council",
                    "correct the code or the name",
                )

    def _judge_lines(self) -> None:
        if not self.lines and not any(problem.sheet == LINES for problem in self.pages.problems):
            self.pages.report(
                LINES, "no line is given to a service: the map is blank", "fill in at least one line and service"
            )
        for row in self.lines:
            self._judge_driver(row)
            self._judge_support(row)
            self._judge_known(row)
        by_line: dict[str, list[Row]] = {}
        for row in self.lines:
            by_line.setdefault(row.get("line_code") or "", []).append(row)
        for code, rows in by_line.items():
            if code:
                self._judge_line(code, rows)
        self._judge_services()

    def _judge_driver(self, row: Row) -> None:
        has_share, has_quantity = "share" in row.answers, "quantity" in row.answers
        if has_share and has_quantity:
            self._report(row, "quantity", "the row gives a share and a quantity", "keep one of the two")
        elif not has_share and not has_quantity:
            self._report(
                row, "service_name", "the service has neither share nor quantity", "give its share of the line"
            )

    def _judge_support(self, row: Row) -> None:
        """Evidence behind a range or a claim of high confidence."""
        if "evidence" in row.answers:
            return
        if "low_share" in row.answers or "high_share" in row.answers:
            ranged = "low_share" if "low_share" in row.answers else "high_share"
            self._report(row, ranged, "a range is given without evidence", "say under Evidence what the range rests on")
        elif row.get("confidence") == "high":
            self._report(
                row,
                "confidence",
                "high confidence is claimed without evidence",
                "say what it rests on, or grade it medium",
            )

    def _judge_known(self, row: Row) -> None:
        code, standard = row.get("line_code"), row.get("standard_service")
        without = [
            council
            for council in self.councils
            if code and code not in (self.known.line_codes or {}).get(council, [code])
        ]
        if code in TOTAL_LINES:
            self._report(
                row,
                "line_code",
                f"line {code} ({TOTAL_LINES[code]}) is the total of the other lines, and its money is in them",
                "map the lines that it sums up; the sheet “Budget lines” lists them",
            )
        elif without:
            self._report(
                row,
                "line_code",
                f"{', '.join(without)} has no published line of this code that a map can split",
                "pick a code from the drop-down, which lists the council's own lines",
            )
        if standard and self.known.services is not None and standard not in self.known.services:
            self._report(
                row,
                "standard_service",
                "there is no standard service of this code",
                "pick one from the drop-down, or clear it",
            )

    def _judge_line(self, code: str, rows: list[Row]) -> None:
        kinds = {name for row in rows for name in ("share", "quantity") if name in row.answers}
        if len(kinds) == 2:
            self._report(
                rows[0],
                "line_code",
                f"line {code} mixes shares and quantities",
                "give shares in every row of the line, or quantities in every row",
            )
            return
        seen: dict[str, Row] = {}
        for row in rows:
            service = folded(row.get("service_name") or "")
            if service and service in seen:
                self._report(
                    row,
                    "service_name",
                    f"line {code} has this service twice (row {seen[service].number} too)",
                    "put both into one row",
                )
            seen[service] = row
        if "quantity" in kinds:
            whole = sum((row.get("quantity") or Decimal(0) for row in rows), Decimal(0))
            if whole == 0 and all(row.get("quantity") is not None for row in rows if "quantity" in row.answers):
                self._report(
                    rows[0], "quantity", f"the quantities of line {code} are all 0", "give at least one of them"
                )
            shares = [
                row.get("quantity") / whole if whole and row.get("quantity") is not None else None for row in rows
            ]
        else:
            shares = [row.get("share") for row in rows]
            self._judge_sum(rows, shares, "share", f"the shares of line {code}")
            if kinds and all(share == 0 for share in shares):
                self._report(
                    rows[0],
                    "share",
                    f"the shares of line {code} are all 0, so none of its money is given to a service",
                    "give at least one of them, or clear the rows of the line",
                )
        for row, share in zip(rows, shares, strict=True):
            self._judge_range(row, share)

    def _judge_sum(self, rows: list[Row], shares: list[Decimal | None], field: str, which: str) -> None:
        whole = sum((share for share in shares if share is not None), Decimal(0))
        if whole > 1:
            listed = ", ".join(str(row.number) for row in rows)
            self._report(
                rows[-1],
                field,
                f"{which} come to {_percent(whole, 10)}% (rows {listed})",
                "lower them so that they come to at most 100%",
            )

    def _judge_range(self, row: Row, share: Decimal | None) -> None:
        low, high = row.get("low_share"), row.get("high_share")
        if low is not None and high is not None and low > high:
            self._report(row, "low_share", "the lowest share is above the highest", "swap or correct the two")
            return
        # Quantities divided out differ from a typed share behind the twelfth place.
        slack = Decimal("0.0000000001")
        if share is not None and low is not None and low > share + slack:
            self._report(row, "low_share", f"the lowest share is above the share of {_percent(share, 2)}%", "lower it")
        if share is not None and high is not None and high < share - slack:
            self._report(
                row, "high_share", f"the highest share is below the share of {_percent(share, 2)}%", "raise it"
            )

    def _judge_services(self) -> None:
        """One service, one department, one standard service, and the other way round."""
        first: dict[str, Row] = {}
        names: dict[str, Row] = {}
        for row in self.lines:
            name = folded(row.get("service_name") or "")
            if not name:
                continue
            earlier = first.setdefault(name, row)
            for field, what in (("department", "department"), ("standard_service", "standard service")):
                if row.get(field) != earlier.get(field):
                    self._report(
                        row,
                        field if field in row.answers else "service_name",
                        f"the service has another {what} than in row {earlier.number}",
                        "give the service the same in every row, or two names",
                    )
            code = service_code("", row)
            other = names.setdefault(code, row)
            if folded(other.get("service_name")) != name:
                self._report(
                    row,
                    "service_name",
                    f"the service cannot be told from “{other.get('service_name')}” in row {other.number}",
                    "use one name for both, or give them different standard services",
                )

    def _judge_tiers(self) -> None:
        services = {folded(row.get("service_name")): row for row in self.lines if row.get("service_name")}
        by_service: dict[str, list[Row]] = {}
        for row in self.tiers:
            self._judge_support(row)
            self._judge_range(row, row.get("tier_share"))
            name = folded(row.get("service_name") or "")
            self._judge_home_care(row, services.get(name))
            if name and name not in services:
                near = process.extractOne(name, list(services), score_cutoff=70)
                close = services[near[0]] if near else None
                hint = f"; row {close.number} there has “{close.get('service_name')}”" if close else ""
                self._report(
                    row,
                    "service_name",
                    f"this service is not on the sheet “{LINES}”",
                    f"write it as it is there{hint}",
                )
            elif name:
                by_service.setdefault(name, []).append(row)
        for name, rows in by_service.items():
            self._judge_sum(rows, [row.get("tier_share") for row in rows], "tier_share", "the shares of this service")
            seen: dict[str, Row] = {}
            for row in rows:
                tier = row.get("tier")
                if tier and tier in seen:
                    self._report(
                        row,
                        "tier",
                        f"the service has this tier twice (row {seen[tier].number} too)",
                        "put both into one row",
                    )
                seen[tier] = row
            del services[name]
        for row in services.values():
            self._report(row, "service_name", "this service has no tier", f"add it to the sheet “{TIERS}”")

    def _judge_home_care(self, row: Row, service: Row | None) -> None:
        """Home care is the largest swing item: where neither column nor standard service says, the map is asked."""
        if "is_home_care" in row.answers or service is None or service.get("standard_service"):
            return
        if HOME_CARE_NAMES.search(folded(row.get("service_name") or "")):
            self._report(
                row,
                "service_name",
                "the name speaks of home care, but the map does not say whether it is long-term home care",
                "answer Yes or No under “Long-term home care”, or give the service a standard service",
            )

    def _judge_target(self) -> None:
        has_share, has_year = (
            "shift_target_share" in self.targets.answers,
            "shift_target_year" in self.targets.answers,
        )
        if has_share != has_year:
            given = "shift_target_share" if has_share else "shift_target_year"
            self._report(self.targets, given, "a target needs both a share and a year", "fill in both, or clear both")


def slug(text: str) -> str:
    """Lower-case letters, digits and single underscores: a code made from a name."""
    return re.sub(r"[^a-z0-9]+", "_", folded(text)).strip("_") or "unnamed"


def service_code(owner: str, row: Row) -> str:
    """Our own code where the council picked one, else the council's (or shared map's) code and the name."""
    return row.get("standard_service") or f"{owner}.{slug(row.get('service_name') or '')}"


def _percent(share: Decimal, places: int) -> str:
    return f"{round(share * 100, places).normalize():f}"


def _same_name(given: str, real: str) -> bool:
    """Whether two council names mean the same, whatever is written around them (City of, County Council, UA)."""
    plain = [set(re.findall(r"[a-z]+", folded(name))) - _COMMON_WORDS for name in (given, real)]
    return not plain[0] or not plain[1] or plain[0] <= plain[1] or plain[1] <= plain[0]
