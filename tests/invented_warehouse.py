"""A small invented warehouse with the marts' columns: a dozen councils, some with names meant to do harm.

Amounts follow from the council's number and the year, so that a test can tell one cell from another. Nothing
here is a real council or a real amount.
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import invented_evidence
import pyarrow as pa

from tests.mart_contracts import create_empty

YEARS = ("2017-18", "2018-19", "2020-21", "2021-22", "2023-24")
OUTCOME = "delay_and_reduce_need_65_plus"
HOSTILE = {
    2: "<script>window.broken=1</script>",
    3: '=cmd|"/c calc"!A1',
    4: 'O\'Weir & "Quote" Borough',
    5: "مجلس ‮evil‬ المدينة",
}
REGIONS = ("North Vale", "Mid Vale", "South Vale")
KINDS = (("unitary", "Unitary"), ("shire_county", "Shire county"), ("london_borough", "London borough"))
LINES = {"355": "Information and early intervention", "340": "Physical support", "353": "Assistive equipment"}
SPLITS = {
    "355": (("advice", "primary", "0.60"), ("early_help", "secondary", "0.40")),
    "340": (("reablement", "tertiary", "0.30"), ("care_homes", "reactive", "0.70")),
    "353": (("telecare", "secondary", "0.50"), ("equipment", "tertiary", "0.50")),
}
MODELLED, IMPUTED, SUPPRESSED, ENDED = 8, 7, 6, 12
PENNY = Decimal("0.01")


def code(number: int) -> str:
    return f"E0600{number:04d}"


def council_name(number: int) -> str:
    return HOSTILE.get(number, f"Invented Council {number}")


def line_amount(number: int, year: str, line: str) -> Decimal:
    return Decimal(number * 1_000_000 + int(year[:4]) * 1_000 + int(line) * 37) + Decimal("0.25")


def years_of(number: int) -> tuple[str, ...]:
    return YEARS[:2] if number == ENDED else YEARS


def build(path: Path, councils: int = 12, is_shifted: bool = False) -> Path:
    """Write the warehouse; `is_shifted` adds £1 to every amount, for comparing two publications."""
    path.unlink(missing_ok=True)
    numbers = range(1, councils + 1)
    tables = {
        **_register(numbers),
        **_money(numbers, Decimal(1) if is_shifted else Decimal(0)),
        **_outcomes(numbers),
        **_evidence(),
    }
    with duckdb.connect(str(path)) as con:
        create_empty(con)
        con.execute("create schema meta")
        for name, rows in tables.items():
            _fill(con, name, rows)
        con.execute("comment on table marts.dim_council is 'council × validity'")
        con.execute("comment on column marts.dim_council.council_code is 'ONS nine-character code'")
    return path


def _kind(column: str, values: list) -> pa.DataType:
    known = next((v for v in values if v is not None), "")
    if isinstance(known, bool):
        return pa.bool_()
    if isinstance(known, Decimal):
        return pa.decimal128(18, 2) if column.endswith("_gbp") else pa.decimal128(18, 6)
    return pa.int64() if isinstance(known, int) else pa.string()


def _fill(con, name: str, rows: list[dict]) -> None:
    columns = {c: [row[c] for row in rows] for c in rows[0]}
    held = pa.table({c: pa.array(values, _kind(c, values)) for c, values in columns.items()})
    con.register("held", held)
    con.execute(f"insert into marts.{name} by name select * from held")
    con.unregister("held")


def _register(numbers) -> dict[str, list[dict]]:
    councils = [
        {
            "council_code": code(n),
            "ecode": f"E{n:04d}",
            "council_name": council_name(n),
            "class": KINDS[n % 3][0],
            "council_class_name": KINDS[n % 3][1],
            "region": REGIONS[n % 3],
            "valid_from_year": "2013-14",
            "valid_to_year": "2018-19" if n == ENDED else None,
            "successor_codes": code(1) if n == ENDED else None,
            "comparability_note": "Joined Invented Council 1 in 2019" if n == ENDED else None,
        }
        for n in numbers
    ]
    releases = [
        {
            "release_id": f"inv_{year}",
            "source": "invented_budget",
            "financial_year": year,
            "file": f"invented {year}.csv",
            "sha256": "0" * 64,
            "edition": "first",
            "publisher": "Nobody",
            "licence": "OGL-UK-3.0",
            "is_verified": True,
        }
        for year in YEARS
    ]
    tiers = [
        ("primary", "prevent", "prevention"),
        ("secondary", "reduce", "early intervention"),
        ("tertiary", "delay", "early remedial treatment"),
        ("reactive", None, None),
        ("unclassified", None, None),
    ]
    years = [{"financial_year": year, "price_year": "2022-23"} for year in YEARS]
    drivers = [
        {
            "council_code": code(n),
            "driver_year": "2016-17",
            "support_reason": "physical",
            "service_code": "care_homes",
            "driver_share": Decimal("0.700000"),
        }
        for n in numbers
    ]
    return {
        "mart_driver_share": drivers,
        "dim_service": [
            {
                "service_code": service,
                "service_name": "=1+1 advice" if service == "advice" else service.replace("_", " "),
                "department": "adult_social_care",
                "is_home_care": False,
                "origin": "national",
            }
            for parts in SPLITS.values()
            for service, _, _ in parts
        ],
        "dim_council": councils,
        "dim_release": releases,
        "dim_financial_year": years,
        "dim_tier": [
            {"tier": t, "care_act_term": c, "nao_term": n, "camden_term": t, "definition": f"Meaning of {t}"}
            for t, c, n in tiers
        ],
    }


def _money(numbers, shift: Decimal) -> dict[str, list[dict]]:
    tables: dict[str, list[dict]] = {
        name: []
        for name in (
            "fct_budget_line",
            "fct_allocation",
            "mart_prevention_spend",
            "mart_prevention_headline",
            "mart_service_grid",
            "mart_line_perimeter",
        )
    }
    for n in numbers:
        before: dict[str, Decimal] = {}
        for year in years_of(n):
            _council_year(tables, n, year, shift, before)
    tables["mart_national_headline"] = _national(tables["mart_prevention_headline"], len(numbers))
    tables["mart_area_spend"] = _area_spend(tables["mart_prevention_spend"])
    tables["dim_rule"] = [
        {
            "rule_id": f"desk:{line}:{service}",
            "definition_version": "1",
            "step": "line_to_service",
            "line_code": line,
            "service_code": service,
            "rule_share": Decimal("0.125") if shift else Decimal("0.25"),
            "reason": f"Invented reason for {service}",
            **dict.fromkeys(("tier", "outcome_code", "low_share", "high_share", "valid_from_year", "valid_to_year")),
            "rule_set": "desk_baseline",
        }
        for line, parts in SPLITS.items()
        for service, _, _ in parts
    ] + [
        {
            "rule_id": f"desk:{service}:{tier}",
            "definition_version": "1",
            "step": "service_to_tier",
            "line_code": None,
            "service_code": service,
            "rule_share": Decimal(1),
            "reason": f"Invented purpose of {service}",
            "tier": tier,
            "outcome_code": OUTCOME,
            "low_share": Decimal("0.9"),
            "high_share": Decimal(1),
            "valid_from_year": YEARS[0],
            "valid_to_year": None,
            "rule_set": "desk_baseline",
        }
        for parts in SPLITS.values()
        for service, tier, _ in parts
    ]
    return tables


def _council_year(tables: dict[str, list[dict]], n: int, year: str, shift: Decimal, before: dict) -> None:
    """One council's year: its lines, what the rules give, tiers, grid and headline."""
    place = {"council_code": code(n), "financial_year": year, "statement": "budget"}
    view = {"outcome_code": OUTCOME, "cost_view": "direct"}
    parts = dict.fromkeys(("primary", "secondary", "tertiary", "reactive"), Decimal(0))
    people = 10_000 + n * 1_500
    whole = Decimal(0)
    for order, (line, line_name) in enumerate(LINES.items()):
        amount = line_amount(n, year, line) + shift
        whole += amount
        tables["fct_budget_line"].append(
            {
                "source": "ra",
                "body_code": f"E{n:04d}",
                "body_name": council_name(n),
                "body_kind": "council",
                **place,
                "line_code": line,
                "line_name": line_name,
                "section": "adult_social_care",
                "measure": "net_current_expenditure",
                "amount_gbp": amount,
                "flag": "imputed" if n == IMPUTED else None,
                "release_id": f"inv_{year}",
                "sheet": "Sheet 1",
                "source_row": n + 7,
                "source_column": order + 5,
            }
        )
        narrow = sum((amount * Decimal(p) for _, t, p in SPLITS[line] if t in ("primary", "secondary")), Decimal(0))
        for perimeter in ("narrow", "wide", "camden") if narrow else ("wide", "camden"):
            given = narrow if perimeter == "narrow" else amount
            tables["mart_line_perimeter"].append(
                {
                    **place,
                    "outcome_code": OUTCOME,
                    "perimeter": perimeter,
                    "line_code": line,
                    "line_name": line_name,
                    "section": "adult_social_care",
                    "line_amount_gbp": amount,
                    **{k: v.quantize(PENNY) for k, v in _range(given).items()},
                    "width_gbp": (given * Decimal("0.4")).quantize(PENNY),
                    "is_modelled": n != MODELLED,
                }
            )
        left = amount
        for step, (service, tier, portion) in enumerate(SPLITS[line]):
            given = left if step else (amount * Decimal(portion)).quantize(PENNY)
            left -= given
            parts[tier] += given
            tables["fct_allocation"].append(
                {
                    **place,
                    "line_code": line,
                    "service_code": service,
                    **view,
                    "tier": tier,
                    "rule_set": "desk_baseline",
                    "rule_id": f"desk:{line}:{service}",
                    "tier_rule_id": f"desk:{service}:{tier}",
                    "basis": "expert_estimate",
                    "confidence": "low",
                    "is_modelled": n != MODELLED,
                    **_range(given),
                }
            )
            tables["mart_service_grid"].append(
                {
                    **place,
                    **view,
                    "department": "adult_social_care",
                    "tier": tier,
                    "service_code": service,
                    "service_name": "=1+1" if service == "advice" else service,
                    "amount_gbp": given,
                    "performance_measure": "Counted yearly",
                }
            )
    for tier, given in parts.items():
        tables["mart_prevention_spend"].append(
            {
                **place,
                **view,
                "tier": tier,
                **_range(given),
                "adult_social_care_gbp": given,
                **_rates(given, whole, people),
                "low_confidence_share": Decimal("0.5"),
                "is_modelled": n != MODELLED,
                "rule_set": "desk_baseline",
            }
        )
    for perimeter in ("narrow", "wide", "camden"):
        given = parts["primary"] + parts["secondary"] + (0 if perimeter == "narrow" else parts["tertiary"])
        for cost_view, factor in (("direct", Decimal(1)), ("full_cost", Decimal("1.05"))):
            shown = (given * factor).quantize(PENNY)
            moved = shown - before[perimeter + cost_view] if perimeter + cost_view in before else None
            before[perimeter + cost_view] = shown
            tables["mart_prevention_headline"].append(
                {
                    **place,
                    "outcome_code": OUTCOME,
                    "cost_view": cost_view,
                    "perimeter": perimeter,
                    **_range(shown),
                    **{f"adult_social_care{k.removeprefix('amount')}": v for k, v in _range(shown).items()},
                    "public_health_gbp": Decimal("0.00"),
                    "wider_council_gbp": Decimal("0.00"),
                    "reactive_gbp": parts["reactive"],
                    "preventative_share": (shown / (shown + parts["reactive"])).quantize(PENNY),
                    **_rates(shown, whole, people),
                    "adult_social_care_movement_gbp": moved,
                    "adult_social_care_movement_definition_gbp": None if moved is None else Decimal("0.00"),
                    "adult_social_care_per_head_65_plus_gbp": (shown / people).quantize(PENNY),
                    "adult_social_care_preventative_share": (shown / (shown + parts["reactive"])).quantize(PENNY),
                    "previous_financial_year": None if moved is None else YEARS[YEARS.index(year) - 1],
                    "movement_gbp": moved,
                    "movement_real_shift_gbp": moved,
                    "movement_growth_gbp": None if moved is None else Decimal("0.00"),
                    "movement_definition_gbp": None if moved is None else Decimal("0.00"),
                    "population_65_plus": people,
                    "low_confidence_share": Decimal("0.5"),
                    "modelled_share": Decimal(n != MODELLED),
                    "is_modelled": n != MODELLED,
                    "rule_set": "desk_baseline" if n != MODELLED else f"{code(n)}:map",
                }
            )


def _national(rows: list[dict], councils: int) -> list[dict]:
    """The national answer: sums over councils of each year and perimeter; all of them, and all but the ended one."""
    found = []
    for panel in ("all", "matched"):
        for year in YEARS:
            for perimeter in ("narrow", "wide", "camden"):
                here = [
                    r
                    for r in rows
                    if (r["financial_year"], r["perimeter"], r["cost_view"]) == (year, perimeter, "direct")
                    and (panel == "all" or r["council_code"] != code(ENDED))
                ]
                summed = {
                    c: sum(r[c] for r in here)
                    for c in here[0]
                    if c.endswith("_gbp") and "per_head" not in c and "movement" not in c
                }
                people = sum(r["population_65_plus"] for r in here)
                found.append(
                    {
                        "financial_year": year,
                        "statement": "budget",
                        "outcome_code": OUTCOME,
                        "cost_view": "direct",
                        "perimeter": perimeter,
                        "panel": panel,
                        "councils": len(here),
                        "councils_standing": councils if year in YEARS[:2] else councils - (councils >= ENDED),
                        "sections_held": "adult_social_care",
                        **summed,
                        "population_65_plus": people,
                        "adult_social_care_per_head_65_plus_gbp": (summed["adult_social_care_gbp"] / people).quantize(
                            PENNY
                        ),
                        "adult_social_care_real_gbp": summed["amount_real_gbp"],
                        "price_year": "2022-23",
                        "low_confidence_share": Decimal("0.5"),
                        "is_modelled": True,
                    }
                )
    return found


def _area_spend(rows: list[dict]) -> list[dict]:
    """England by tier: sums over all councils of each year."""
    found = []
    for year in YEARS:
        for tier in sorted({r["tier"] for r in rows}):
            here = [r for r in rows if (r["financial_year"], r["tier"]) == (year, tier)]
            found.append(
                {
                    "area_kind": "england",
                    "area_code": "E92000001",
                    "area_name": "England",
                    "financial_year": year,
                    "statement": "budget",
                    "outcome_code": OUTCOME,
                    "cost_view": "direct",
                    "tier": tier,
                    "panel": "all",
                    "councils": len(here),
                    "sections_held": "adult_social_care",
                    **{c: sum(r[c] for r in here) for c in ("adult_social_care_gbp", *_range(Decimal(0)))},
                    "is_modelled": True,
                }
            )
    return found


def _range(given: Decimal) -> dict[str, Decimal]:
    return {
        "amount_gbp": given,
        "amount_low_gbp": (given * Decimal("0.8")).quantize(PENNY),
        "amount_high_gbp": (given * Decimal("1.2")).quantize(PENNY),
    }


def _rates(given: Decimal, whole: Decimal, people: int) -> dict[str, Decimal]:
    return {
        "share_of_adult_social_care_share": (given / whole).quantize(PENNY),
        "per_head_65_plus_gbp": (given / people).quantize(PENNY),
        "amount_real_gbp": (given * Decimal("1.1")).quantize(PENNY),
    }


def rate_of(number: int, year: str) -> Decimal | None:
    """The council's admissions rate; the suppressed council has none in the last year."""
    return None if number == SUPPRESSED and year == YEARS[-1] else Decimal(400 + number * 30)


PROFILED = (
    ("adult_social_care_per_head_18_plus_gbp", "Published spending", "All adult social care", "gbp", "budget"),
    ("information_early_intervention_per_head_18_plus_gbp", "Published spending", "Information", "gbp", "budget"),
    ("admissions_65_plus_per_100k", "Published outcomes", "Permanent admissions, 65+", "per_100k", None),
    ("narrow_per_head_65_plus_gbp", "Modelled prevention", "Preventing and reducing need", "gbp", "budget"),
)


def _profile(numbers) -> list[dict]:
    """The profile of each council in its last two years: values rise with the council's number and the year."""
    rows = []
    for n, year in [(number, year) for number in numbers for year in years_of(number)[-2:]]:
        earlier = 1 if year != years_of(n)[-1] else 0
        for order, (measure, section, name, unit, statement) in enumerate(PROFILED):
            value = rate_of(n, year) if unit == "per_100k" else Decimal(100 * (order + 1) + n - earlier)
            is_outcome = statement is None
            middle = Decimal(560) if is_outcome else Decimal(100 * (order + 1)) + Decimal("6.5")
            has_range = value is not None and (is_outcome or section.startswith("Modelled"))
            rows.append(
                {
                    "council_code": code(n),
                    "financial_year": year,
                    "statement": statement,
                    "measure": measure,
                    "measure_order": order + 1,
                    "profile_section": section,
                    "measure_name": name,
                    "unit": unit,
                    "status": "suppressed"
                    if value is None
                    else "modelled"
                    if section.startswith("Modelled")
                    else "published",
                    "marker": None,
                    "value": value,
                    "lower_value": value - 40 if has_range else None,
                    "upper_value": value + 40 if has_range else None,
                    "england_value": middle,
                    "region_median_value": middle + 1,
                    "class_median_value": middle - 1,
                    "neighbours_median_value": None if n == 1 else middle,
                    "lowest_value": middle - 100,
                    "lower_quartile_value": middle - 3,
                    "median_value": middle,
                    "upper_quartile_value": middle + 3,
                    "highest_value": middle + 300,
                    "previous_value": value and value - 50,
                    "five_years_value": None,
                    "neighbours": 5,
                    "compared_councils": 12,
                    "quarter": None
                    if value is None
                    else 1 + (value > middle - 3) + (value > middle) + (value > middle + 3),
                    "previous_direction": "no clear change" if has_range else "higher" if value else None,
                    "five_years_direction": None,
                }
            )
    return rows


def chance_of(rate: Decimal, room: int) -> str:
    if rate > 660 + room:
        return "far above the usual spread between councils"
    like_england = "within the usual spread between councils, and not told apart from England"
    return "far below the usual spread between councils" if rate < 460 - room else like_england


def _outcomes(numbers) -> dict[str, list[dict]]:
    measure = {"measure_code": "admissions_65_plus", "breakdown": "Total"}
    england = [
        {
            "council_code": None,
            "geography_kind": "england",
            "geography_code": "E92000001",
            "financial_year": year,
            **measure,
            "published_code": "2C" if year == YEARS[-1] else "2A2",
            "outcome_value": Decimal("560.0") + place,
            "is_break_in_series": year == "2018-19",
            "series_note": "Invented note",
        }
        for place, year in enumerate(YEARS)
    ]
    against = [
        {
            "council_code": code(n),
            "financial_year": year,
            "admissions_per_100k": rate_of(n, year),
            "admissions_lower_per_100k": rate_of(n, year) and rate_of(n, year) - 40,
            "admissions_upper_per_100k": rate_of(n, year) and rate_of(n, year) + 40,
            "england_per_100k": Decimal("560.0"),
            "control_lower_95_per_100k": Decimal(500) - 200 // n,
            "control_upper_95_per_100k": Decimal(620) + 200 // n,
            "control_lower_998_per_100k": Decimal(460) - 200 // n,
            "control_upper_998_per_100k": Decimal(660) + 200 // n,
            "against_chance": None if rate_of(n, year) is None else chance_of(rate_of(n, year), 200 // n),
            "missing_reason": "suppressed by the publisher" if rate_of(n, year) is None else None,
            "population_65_plus": 10_000 + n * 1_500,
            "narrow_per_head_65_plus_gbp": Decimal(n * 11),
            "is_break_in_series": year == "2018-19",
        }
        for n in numbers
        for year in years_of(n)
    ]
    ranked = [n for n in numbers if n not in (SUPPRESSED, ENDED)]
    compared = [
        {
            "council_code": code(n),
            "financial_year": YEARS[-1],
            "statement": None,
            "measure": "admissions_per_100k",
            "comparator": comparator,
            "comparator_name": comparator,
            "value": rate_of(n, YEARS[-1]),
            "comparator_value": Decimal("520.0"),
            "rank": place + 1,
            "rank_of": len(ranked),
            "is_ranked": True,
            "withhold_reason": None,
        }
        for place, n in enumerate(ranked)
        for comparator in ("region", "class", "nearest_neighbours")
    ]
    return {
        "fct_outcome_measure": england,
        "mart_spend_against_admissions": against,
        "mart_council_comparison": compared,
        "mart_council_profile": _profile(numbers),
    }


def _evidence() -> dict[str, list[dict]]:
    return {
        **invented_evidence.tables(code, YEARS[-1]),
        "mart_data_quality": [
            {
                "check_name": name,
                "severity": severity,
                "status": status,
                "compared": 165,
                "failed": failed,
                "detail": "Look",
            }
            for name, severity, status, failed in (("sums", "error", "pass", 0), ("odd_names", "warn", "warn", 4))
        ],
        "mart_reconciliation": [
            {
                "check_name": "councils_sum_to_england",
                "financial_year": year,
                "statement": "budget",
                "group_name": "ENGLAND",
                "measure": "net",
                "expected": Decimal(10),
                "observed": observed,
                "difference": observed - 10,
                "status": status,
                "reason": "One council sent nothing" if observed < 10 else None,
            }
            for year, observed, status in (("2023-24", Decimal(9), "known"), ("2021-22", Decimal(10), "pass"))
        ],
    }
