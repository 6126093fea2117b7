"""A small invented warehouse with the marts' columns: a dozen councils, some with names meant to do harm.

Amounts follow from the council's number and the year, so that a test can tell one cell from another. Nothing
here is a real council or a real amount.
"""

from decimal import Decimal
from pathlib import Path

import duckdb

YEARS = ("2017-18", "2018-19", "2020-21", "2021-22", "2023-24")
OUTCOME = "delay_and_reduce_need_65_plus"
HOSTILE = {
    2: "<script>window.broken=1</script>",
    3: '=cmd|"/c calc"!A1',
    4: 'O\'Weir & "Quote" Borough',
    5: "مجلس ‮evil‬ المدينة",
}
REGIONS = ("North Vale", "Mid Vale", "South Vale")
KINDS = (("UA", "Unitary"), ("SC", "Shire county"), ("LB", "London borough"))
LINES = (("355", "Information and early intervention"), ("340", "Physical support"), ("353", "Assistive equipment"))
TIER_OF = {
    "355": (("advice", "primary", "0.60"), ("early_help", "secondary", "0.40")),
    "340": (("reablement", "tertiary", "0.30"), ("care_homes", "reactive", "0.70")),
    "353": (("telecare", "secondary", "0.50"), ("equipment", "tertiary", "0.50")),
}


def code(number: int) -> str:
    return f"E0600{number:04d}"


def council_name(number: int) -> str:
    return HOSTILE.get(number, f"Invented Council {number}")


def line_amount(number: int, year: str, line: str) -> Decimal:
    return Decimal(number * 1_000_000 + int(year[:4]) * 1_000 + int(line) * 37) + Decimal("0.25")


def build(path: Path, councils: int = 12, is_shifted: bool = False) -> Path:
    """Write the warehouse; `is_shifted` adds £1 to every amount, for comparing two publications."""
    path.unlink(missing_ok=True)
    con = duckdb.connect(str(path))
    con.execute("create schema marts; create schema meta")
    numbers = range(1, councils + 1)
    _councils(con, numbers)
    _finance(con, numbers, Decimal(1) if is_shifted else Decimal(0))
    _outcomes(con, numbers)
    _evidence(con)
    _quality(con)
    con.execute("comment on table marts.dim_council is 'council × validity'")
    con.execute("comment on column marts.dim_council.council_code is 'ONS nine-character code'")
    con.close()
    return path


def _table(con, name: str, columns: str, rows: list[tuple]) -> None:
    """A mart from its columns as `name:kind`, text where no kind is given."""
    pairs = [(column + ":text").split(":")[:2] for column in columns.split()]
    declared = ", ".join(f'"{column}" {KINDS_OF_COLUMN[kind]}' for column, kind in pairs)
    con.execute(f"create table marts.{name} ({declared})")
    if rows:
        con.executemany(f"insert into marts.{name} values ({', '.join('?' * len(pairs))})", rows)


KINDS_OF_COLUMN = {
    "text": "VARCHAR",
    "money": "DECIMAL(18,2)",
    "share": "DECIMAL(18,12)",
    "flag": "BOOLEAN",
    "int": "INTEGER",
    "rate": "DECIMAL(18,4)",
    "percent": "DECIMAL(6,1)",
}


def _councils(con, numbers) -> None:
    rows = []
    for n in numbers:
        kind, kind_name = KINDS[n % 3]
        ended = "2018-19" if n == 12 else None
        successor = code(1) if n == 12 else None
        note = "Joined Invented Council 1 in 2019" if n == 12 else None
        rows.append(
            (code(n), f"E{n:04d}", council_name(n), kind, kind_name, REGIONS[n % 3], "2013-14", ended, successor, note)
        )
    _table(
        con,
        "dim_council",
        "council_code ecode council_name class council_class_name region valid_from_year valid_to_year "
        "successor_codes comparability_note",
        rows,
    )
    _table(
        con,
        "dim_release",
        "release_id source financial_year file sha256 edition publisher licence is_verified:flag is_serving:flag",
        [
            (
                f"inv_{y}",
                "invented_budget",
                y,
                f"invented {y}.csv",
                "0" * 64,
                "first",
                "Nobody",
                "OGL-UK-3.0",
                True,
                True,
            )
            for y in YEARS
        ],
    )
    _table(
        con,
        "dim_tier",
        "tier care_act_term nao_term camden_term definition",
        [
            ("primary", "prevent", "prevention", "Primary", "For everyone, before need"),
            ("secondary", "reduce", "early intervention", "Secondary", "For people at risk"),
            ("tertiary", "delay", "early remedial treatment", "Tertiary", "For people with need"),
            ("reactive", None, None, "Reactive", "After the event"),
            ("unclassified", None, None, None, "No rule claims it"),
        ],
    )


def _perimeter_amount(parts: dict[str, Decimal], perimeter: str) -> Decimal:
    amount = parts["primary"] + parts["secondary"]
    return amount if perimeter == "narrow" else amount + parts["tertiary"]


def _finance(con, numbers, shift: Decimal) -> None:
    budget, allocation, spend, headline, grid = [], [], [], [], []
    for n in numbers:
        years = YEARS[:2] if n == 12 else YEARS
        earlier = None
        for place, year in enumerate(years):
            parts = dict.fromkeys(("primary", "secondary", "tertiary", "reactive"), Decimal(0))
            services = {}
            whole = Decimal(0)
            for order, (line, line_name) in enumerate(LINES):
                amount = line_amount(n, year, line) + shift
                whole += amount
                release = f"inv_{year}"
                budget.append(
                    (
                        "ra",
                        f"E{n:04d}",
                        council_name(n),
                        "council",
                        code(n),
                        year,
                        "budget",
                        line,
                        line_name,
                        "adult_social_care",
                        "net_current_expenditure",
                        amount,
                        None,
                        None,
                        release,
                        "Sheet 1",
                        n + 7,
                        order + 5,
                        False,
                    )
                )
                left = amount
                for step, (service, tier, portion) in enumerate(TIER_OF[line]):
                    given = left if step else (amount * Decimal(portion)).quantize(Decimal("0.01"))
                    left -= given
                    parts[tier] += given
                    services[service, tier] = given
                    allocation.append(
                        (
                            code(n),
                            year,
                            "budget",
                            line,
                            service,
                            OUTCOME,
                            tier,
                            "direct",
                            "desk_baseline",
                            f"desk:{line}:{service}",
                            "expert_estimate",
                            "low",
                            True,
                            given,
                            given * Decimal("0.8"),
                            given * Decimal("1.2"),
                            "Invented reason for the split",
                        )
                    )
            population = 10_000 + n * 100
            for tier, given in parts.items():
                spend.append(
                    (
                        code(n),
                        year,
                        "budget",
                        OUTCOME,
                        "direct",
                        tier,
                        given,
                        given * Decimal("0.8"),
                        given * Decimal("1.2"),
                        given / whole,
                        (given / population).quantize(Decimal("0.01")),
                        (given * Decimal("1.1")).quantize(Decimal("0.01")),
                        Decimal("0.5"),
                        True,
                        n == 7,
                        "desk_baseline",
                        population,
                    )
                )
            for perimeter in ("narrow", "wide", "camden"):
                given = _perimeter_amount(parts, perimeter)
                for view in ("direct", "full_cost"):
                    shown = given if view == "direct" else (given * Decimal("1.05")).quantize(Decimal("0.01"))
                    moved = None if place == 0 else shown - earlier
                    headline.append(
                        (
                            code(n),
                            year,
                            "budget",
                            OUTCOME,
                            view,
                            perimeter,
                            shown,
                            shown * Decimal("0.8"),
                            shown * Decimal("1.2"),
                            parts["reactive"],
                            shown / (shown + parts["reactive"]),
                            shown / whole,
                            (shown / population).quantize(Decimal("0.01")),
                            (shown * Decimal("1.1")).quantize(Decimal("0.01")),
                            moved,
                            moved,
                            None if place == 0 else Decimal(0),
                            None if place == 0 else Decimal(0),
                            True,
                            n == 7,
                            population,
                            Decimal("0.5"),
                        )
                    )
                    earlier = shown if place == 0 and view == "direct" else earlier
            for (service, tier), given in services.items():
                grid.append(
                    (code(n), year, "budget", "Adult Social Care", tier, service, service, given, "Counted yearly")
                )
    _table(
        con,
        "fct_budget_line",
        "source body_code body_name body_kind council_code financial_year statement line_code line_name "
        "section measure amount_gbp:money marker flag release_id sheet source_row:int source_column:int "
        "is_total:flag",
        budget,
    )
    _table(
        con,
        "fct_allocation",
        "council_code financial_year statement line_code service_code outcome_code tier cost_view rule_set "
        "rule_id basis confidence is_modelled:flag amount_gbp:money amount_low_gbp:money "
        "amount_high_gbp:money reason",
        allocation,
    )
    _table(
        con,
        "mart_prevention_spend",
        "council_code financial_year statement outcome_code cost_view tier amount_gbp:money "
        "amount_low_gbp:money amount_high_gbp:money share_of_adult_social_care_share:share "
        "per_head_65_plus_gbp:money amount_real_gbp:money low_confidence_share:share is_modelled:flag "
        "is_imputed:flag rule_set population_65_plus:int",
        spend,
    )
    _table(
        con,
        "mart_prevention_headline",
        "council_code financial_year statement outcome_code cost_view perimeter amount_gbp:money "
        "amount_low_gbp:money amount_high_gbp:money reactive_gbp:money preventative_share:share "
        "share_of_adult_social_care_share:share per_head_65_plus_gbp:money amount_real_gbp:money "
        "movement_gbp:money movement_real_shift_gbp:money movement_growth_gbp:money "
        "movement_definition_gbp:money is_modelled:flag is_imputed:flag population_65_plus:int "
        "low_confidence_share:share",
        headline,
    )
    _table(
        con,
        "mart_service_grid",
        "council_code financial_year statement department tier service_code service_name amount_gbp:money "
        "performance_measure",
        grid,
    )


def _outcomes(con, numbers) -> None:
    outcome, against, compared = [], [], []
    for year in YEARS:
        measure = "2C" if year == "2023-24" else "2A2"
        outcome.append(
            (
                "E92000001",
                "england",
                year,
                measure,
                "Total",
                year,
                None,
                None,
                Decimal("560.0"),
                None,
                False,
                False,
                f"inv_{year}",
            )
        )
        for n in numbers:
            if n == 12 and year not in YEARS[:2]:
                continue
            hidden = n == 6 and year == "2023-24"
            value = None if hidden else Decimal(400 + n * 20)
            outcome.append(
                (
                    code(n),
                    "council",
                    year,
                    measure,
                    "Total",
                    year,
                    None,
                    None,
                    value,
                    "[c]" if hidden else None,
                    hidden,
                    False,
                    f"inv_{year}",
                )
            )
            against.append(
                (
                    code(n),
                    year,
                    value,
                    None if hidden else value - 40,
                    None if hidden else value + 40,
                    Decimal("560.0"),
                    Decimal(500),
                    Decimal(620),
                    Decimal(460),
                    Decimal(660),
                    10000 + n * 100,
                    Decimal(n * 11),
                    None,
                )
            )
    ranked = [n for n in numbers if n not in (6, 12)]
    for n in ranked:
        for comparator in ("region", "class", "nearest_neighbours"):
            compared.append(
                (
                    code(n),
                    "2023-24",
                    "admissions_per_100k",
                    comparator,
                    Decimal(400 + n * 20),
                    Decimal("520.0"),
                    ranked.index(n) + 1,
                    len(ranked),
                    1 + ranked.index(n) * 4 // len(ranked),
                    True,
                    None,
                )
            )
    _table(
        con,
        "fct_outcome_measure",
        "council_code geography_kind financial_year measure_code breakdown framework_year numerator:rate "
        "denominator:rate outcome_value:rate marker is_suppressed:flag is_recomputed:flag release_id",
        outcome,
    )
    _table(
        con,
        "mart_spend_against_admissions",
        "council_code financial_year admissions_per_100k:rate admissions_lower_per_100k:rate "
        "admissions_upper_per_100k:rate england_per_100k:rate control_lower_95_per_100k:rate "
        "control_upper_95_per_100k:rate control_lower_998_per_100k:rate control_upper_998_per_100k:rate "
        "population_65_plus:int narrow_per_head_65_plus_gbp:money comparability_note",
        against,
    )
    _table(
        con,
        "mart_council_comparison",
        "council_code financial_year measure comparator value:rate comparator_value:rate rank:int rank_of:int "
        "quartile:int is_ranked:flag reason",
        compared,
    )


def _evidence(con) -> None:
    _table(
        con,
        "mart_published_findings",
        "finding_id wave statement printed_numerator:int printed_denominator:int printed_percent:int "
        "recomputed_numerator:int recomputed_denominator:int recomputed_percent:percent status reason",
        [
            (
                "f1",
                "2017",
                '=HYPERLINK("x") said <b>',
                35,
                41,
                88,
                35,
                41,
                Decimal("85.4"),
                "disagrees",
                "The source's sum",
            )
        ],
    )


def _quality(con) -> None:
    _table(
        con,
        "mart_data_quality",
        "check_name severity status compared:int failed:int detail",
        [
            ("allocations_sum_to_line", "error", "pass", 165, 0, "Every line"),
            ("odd_names", "warn", "warn", 12, 4, "Look"),
        ],
    )
    _table(
        con,
        "mart_reconciliation",
        "check_name financial_year statement group_name measure expected:money observed:money "
        "difference:money tolerance:money status reason",
        [
            (
                "councils_sum_to_england",
                "2023-24",
                "budget",
                "ENGLAND",
                "net",
                Decimal(10),
                Decimal(9),
                Decimal(-1),
                Decimal(0),
                "known",
                "One council sent nothing",
            ),
            (
                "councils_sum_to_england",
                "2021-22",
                "budget",
                "ENGLAND",
                "net",
                Decimal(10),
                Decimal(10),
                Decimal(0),
                Decimal(0),
                "pass",
                None,
            ),
        ],
    )
