"""The raw tables: every column, its type, meaning and rule, declared once for reader, checks and dbt sources.

A reader hands over data frames with these columns; `to_arrow` refuses anything else. Text columns of a
key are never null: an empty string stands for "not given" only where the description says so.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pandas as pd
import pyarrow as pa

from ingest.raw_rules import (
    AREA,
    CHECKSUM,
    DAY,
    DAY_OR_MONTH,
    FROM_ONE,
    GIVEN,
    GRADE,
    NOT_BELOW_ZERO,
    OUR_CODE,
    OUR_CODE_OR_EMPTY,
    SHARE_OF_ONE,
    STATEMENT,
    WAVE,
    YEAR,
    Rule,
    if_given,
    like,
    one_of,
    publishers,
    within,
)

MONEY_THOUSAND = pa.decimal128(24, 9)
MONEY_GBP = pa.decimal128(18, 2)
MEASURE = pa.decimal128(24, 9)
SHARE = pa.decimal128(18, 12)

Column = tuple[str, pa.DataType, str] | tuple[str, pa.DataType, str, Rule]

PLACE: tuple[Column, ...] = (
    ("release_id", pa.string(), "Edition of the file this row was read from", GIVEN),
    ("sheet", pa.string(), "Sheet the cell is on; empty for CSV files"),
    ("source_row", pa.int32(), "Row of the cell, 1-based, as a spreadsheet shows it", FROM_ONE),
    ("source_column", pa.int32(), "Column of the cell, 1-based", FROM_ONE),
)


@dataclass(frozen=True)
class RawTable:
    """One raw table: its name, what one row is, and its columns as declared: (name, type, meaning) and, where there is
    one, the rule that every cell keeps."""

    name: str
    grain: str
    declared: tuple[Column, ...]

    @property
    def columns(self) -> list[tuple[str, pa.DataType, str]]:
        """Name, type and meaning of each column."""
        return [(column[0], column[1], column[2]) for column in self.declared]

    @property
    def rules(self) -> dict[str, Rule]:
        """By column, what each of its cells holds."""
        return {column[0]: column[3] for column in self.declared if len(column) == 4}

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(name, kind) for name, kind, _ in self.columns])


def to_arrow(table: RawTable, frame: pd.DataFrame | pa.Table) -> pa.Table:
    """The frame as an Arrow table of exactly the declared columns and types.

    Long tables come as Arrow tables, which are cast column by column; a cast that would lose anything fails.

    Raises ValueError when a column is missing, unknown or holds a value its type cannot keep exactly.
    """
    names = [name for name, _, _ in table.columns]
    given = frame.column_names if isinstance(frame, pa.Table) else list(frame.columns)
    if set(given) != set(names):
        wrong = sorted(set(given) ^ set(names))
        raise ValueError(f"raw table {table.name}: columns missing or not declared: {', '.join(wrong)}")
    if isinstance(frame, pa.Table):
        return frame.select(names).cast(table.schema)
    arrays = []
    for name, kind, _ in table.columns:
        values = frame[name]
        if pa.types.is_decimal(kind):
            arrays.append(_decimals(values, kind))
        elif isinstance(values.dtype, pd.StringDtype) and pa.types.is_string(kind):
            # Text columns are held by Arrow already.
            arrays.append(pa.array(values.array).cast(kind))
        else:
            arrays.append(pa.array(values.astype(object).where(values.notna(), None), type=kind, from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _decimals(values: pd.Series, kind: pa.Decimal128Type) -> pa.Array:
    """The column at once where Arrow takes every value as it is; else each value that is new."""
    try:
        return pa.array(values, type=kind, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        known = {}
        for value in values:
            if (value.__class__, value) not in known:
                known[value.__class__, value] = _exact(value, kind)
        return pa.array([known[value.__class__, value] for value in values], type=kind)


def _exact(value, kind: pa.Decimal128Type) -> Decimal | None:
    """A decimal with the column's number of places. A float is an error: money never passes through one."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, float):
        raise ValueError(f"float {value!r} in a decimal column")
    try:
        return Decimal(value).quantize(Decimal(1).scaleb(-kind.scale))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number of {kind}") from error


def _table(name: str, grain: str, *columns: Column) -> RawTable:
    return RawTable(name, grain, PLACE + columns)


FINANCE_CELLS = _table(
    "finance_cells",
    "body × line × measure × edition: one published cell of a Revenue Account or Revenue Outturn file",
    ("source", pa.string(), "`ra`, `ro3`, `ro4`, `ro5`, `rsx` or `rs`", one_of("ra", "ro3", "ro4", "ro5", "rsx", "rs")),
    ("financial_year", pa.string(), "Year of the figures, as 2021-22", YEAR),
    ("statement", pa.string(), "`budget` or `outturn`", STATEMENT),
    (
        "body_code",
        pa.string(),
        "E-code of the authority; `Eng` or the class code for a control row",
        publishers(like(r"^(?:E\d{2}|E\d{4}|[A-Za-z]{1,3})$")),
    ),
    ("ons_code", pa.string(), "ONS code as published; null where the year has none"),
    ("body_name", pa.string(), "Name, footnote letters and suffixes removed", GIVEN),
    ("body_name_published", pa.string(), "Name exactly as printed"),
    ("body_class", pa.string(), "Class as published (L, LB, MD, UA, SC, SD, O ...)"),
    ("is_control", pa.bool_(), "The publication's own total row (England or a class)", GIVEN),
    (
        "flag",
        pa.string(),
        "`no_return`, `revised`, `imputed`, `uncertified`; null for a plain return",
        if_given(one_of("no_return", "revised", "imputed", "uncertified")),
    ),
    ("line_code", pa.string(), "Form line number; `360` is total adult social care", GIVEN),
    ("line_name", pa.string(), "Line header as published, white space folded"),
    ("section", pa.string(), "Section of the form, our code, e.g. adult_social_care", OUR_CODE),
    ("measure", pa.string(), "net_current_expenditure, total_expenditure, total_income, employees ...", OUR_CODE),
    ("value_text", pa.string(), "Cell as published", GIVEN),
    ("amount_thousand_gbp", MONEY_THOUSAND, "£ thousand; null where the cell is blank or a marker"),
    ("marker", pa.string(), "The marker or word found instead of a number; `blank` for an empty cell"),
)

ASCOF_CELLS = _table(
    "ascof_cells",
    "geography × measure × breakdown × value kind × edition",
    (
        "source",
        pa.string(),
        "`ascof_open_data`, `ascof_time_series`, `ascof_stack` or `lga_extract`",
        one_of("ascof_open_data", "ascof_time_series", "ascof_stack", "lga_extract"),
    ),
    ("financial_year", pa.string(), "Year of the figures", YEAR),
    ("framework_year", pa.string(), "Year of the framework whose numbering the code follows", YEAR),
    ("geography_code", pa.string(), "Code as published (CASSR code or ONS code)"),
    ("ons_code", pa.string(), "ONS code as published; null where the row has none"),
    ("geography_name", pa.string(), "Name as published"),
    (
        "geography_level",
        pa.string(),
        "council, region, council_type or england",
        one_of("council", "region", "council_type", "england"),
    ),
    (
        "measure_code",
        pa.string(),
        "Measure code as published in that framework year, e.g. 2A2 or 2C",
        publishers(like(r"^\d[A-Z]")),
    ),
    ("measure_group", pa.string(), "Measure wording as published"),
    ("breakdown", pa.string(), "Disaggregation level, `Total` where the publication gives none", GIVEN),
    ("value_kind", pa.string(), "numerator, denominator or outcome; other kinds as published", OUR_CODE),
    ("value_text", pa.string(), "Cell as published"),
    ("value", MEASURE, "The number; null where suppressed or blank", publishers(NOT_BELOW_ZERO)),
    ("marker", pa.string(), "Marker found instead of a number; `blank` for an empty cell"),
)

POPULATION_CELLS = _table(
    "population_cells",
    "area × single year of age × edition",
    ("mid_year", pa.int32(), "Year whose 30 June the estimate is for", within(1900, 2100)),
    ("area_code", pa.string(), "ONS code on the release's own boundaries", publishers(AREA)),
    ("area_name", pa.string(), "Name as published"),
    (
        "age",
        pa.int32(),
        "Single year of age; 90 stands for 90 and over; -1 for the printed all-ages total",
        within(-1, 90),
    ),
    ("persons", pa.int64(), "Residents", NOT_BELOW_ZERO),
    ("value_text", pa.string(), "Cell as published"),
)

DEFLATOR_ROWS = _table(
    "deflators",
    "financial year × edition",
    ("financial_year", pa.string(), "Financial year", YEAR),
    (
        "deflator_index",
        MEASURE,
        "GDP deflator, base year 100, as published; null for forecast years",
        within(Decimal("0.1"), 1000),
    ),
    ("growth_percent", MEASURE, "Change on the year before, per cent, as published", publishers(within(-50, 100))),
    ("calendar_growth_percent", MEASURE, "The same of the calendar year the financial year begins in, beside it"),
    ("is_forecast", pa.bool_(), "The publisher gives growth only: the index must be chained", GIVEN),
    ("base_year", pa.string(), "Year whose index is 100", if_given(YEAR)),
    ("value_text", pa.string(), "Index or growth cell as published"),
)

DEPRIVATION_CELLS = _table(
    "deprivation_cells",
    "council × domain × measure × edition",
    ("council_code", pa.string(), "ONS code as published", publishers(AREA)),
    ("council_name", pa.string(), "Name as published"),
    ("domain", pa.string(), "Our code for the domain, e.g. imd, income, idaopi", OUR_CODE),
    ("measure", pa.string(), "average_rank, average_score, rank_of_average_score ..., our code", OUR_CODE),
    ("header", pa.string(), "Header as published, white space folded"),
    ("value_text", pa.string(), "Cell as published"),
    ("value", MEASURE, "The number", GIVEN),
)

ASC_FR_CELLS = _table(
    "asc_fr_cells",
    "council or region × keys × money column × edition (Adult Social Care Finance Return totals)",
    ("financial_year", pa.string(), "Financial year", YEAR),
    ("cassr_code", pa.string(), "CASSR code; null on region and England rows", publishers(if_given(like(r"^\d{3}$")))),
    ("region_code", pa.string(), "Region code as published; E92000001 on the England rows", publishers(AREA)),
    (
        "data_type",
        pa.string(),
        "mandatory or voluntary (voluntary rows repeat money)",
        one_of("mandatory", "voluntary"),
    ),
    ("care_type", pa.string(), "long_term, short_term or neither", one_of("long_term", "short_term", "neither")),
    ("age_band", pa.string(), "18_64, 65_plus, a voluntary split of 65+, or empty", OUR_CODE_OR_EMPTY),
    ("support_reason", pa.string(), "Primary support reason or non-SALT line, our code", OUR_CODE),
    ("support_setting", pa.string(), "Support setting, our code; empty where none", OUR_CODE_OR_EMPTY),
    (
        "purpose",
        pa.string(),
        "short-term purpose: maximise_independence or other; empty where none",
        one_of("maximise_independence", "other", ""),
    ),
    ("carer_support_type", pa.string(), "Kind of carer support, not decoded; empty where none", OUR_CODE_OR_EMPTY),
    ("measure", pa.string(), "Money column as published, our code, e.g. gross_current_expenditure", OUR_CODE),
    ("value_text", pa.string(), "Cell as published"),
    ("amount_thousand_gbp", MONEY_THOUSAND, "£ thousand"),
)

REGISTER_ROWS = _table(
    "council_register",
    "authority, past or present × edition",
    ("registry_code", pa.string(), "Registry's own three- or four-letter code", GIVEN),
    ("council_code", pa.string(), "ONS nine-character code", publishers(if_given(AREA))),
    ("former_gss_codes", pa.string(), "Earlier ONS codes, as published"),
    ("ecode", pa.string(), "E-code, null where the registry has none", publishers(if_given(like(r"^E\d{4}$")))),
    ("official_name", pa.string(), "Official name", GIVEN),
    ("nice_name", pa.string(), "Short name"),
    ("authority_type", pa.string(), "Registry type: CTY, UA, MD, LBO, CC, NMD, COMB, SRA"),
    ("region", pa.string(), "Region"),
    ("nation", pa.string(), "Nation", publishers(one_of("England", "Northern Ireland", "Scotland", "Wales"))),
    ("is_current", pa.bool_(), "Existing at the registry's date", GIVEN),
    ("start_date", pa.string(), "As published", publishers(DAY)),
    ("end_date", pa.string(), "As published", publishers(DAY)),
    ("replaced_by", pa.string(), "Registry code of the successor"),
)

CASSR_ROWS = _table(
    "cassr_codes",
    "council with adult social care duties × edition",
    ("cassr_code", pa.string(), "Three-digit CASSR code", GIVEN),
    ("council_code", pa.string(), "ONS code", publishers(AREA)),
    ("council_name", pa.string(), "Name as published", GIVEN),
    ("council_type", pa.string(), "Council type as published"),
    ("region", pa.string(), "Region as published"),
)

AREA_LOOKUP_ROWS = _table(
    "area_lookup",
    "lower-tier area × edition",
    ("lower_code", pa.string(), "Lower-tier ONS code", publishers(AREA)),
    ("lower_name", pa.string(), "Lower-tier name"),
    ("upper_code", pa.string(), "Upper-tier ONS code", publishers(AREA)),
    ("upper_name", pa.string(), "Upper-tier name"),
)

NAME_VARIANT_ROWS = _table(
    "council_name_variants",
    "spelling or code × edition",
    ("variant", pa.string(), "A spelling or a GSS code found in the wild", GIVEN),
    ("variant_kind", pa.string(), "`name` or `gss`", one_of("name", "gss")),
    ("registry_code", pa.string(), "Registry code it belongs to", GIVEN),
)

NEIGHBOUR_ROWS = _table(
    "nearest_neighbours",
    "council × neighbour × edition (the council itself left out, repeats removed)",
    ("council_code", pa.string(), "ONS code", publishers(AREA)),
    ("neighbour_code", pa.string(), "ONS code of a statistical neighbour", publishers(AREA)),
    ("neighbour_rank", pa.int32(), "1 for the nearest; null where the publisher gives no order", FROM_ONE),
)

SERVICE_MAP_LINES = _table(
    "service_map_lines",
    "line × service × map edition: step one of a map, what the money of a line does",
    (
        "map_id",
        pa.string(),
        "Council code or name of a shared map, first year, version, statement if one: E06000047:2025-26:v1",
        GIVEN,
    ),
    ("map_kind", pa.string(), "`council` or `shared`", one_of("council", "shared")),
    ("council_code", pa.string(), "Council the rule holds for; one row per council for a shared map", AREA),
    ("valid_from_year", pa.string(), "First financial year the map holds for", YEAR),
    ("valid_to_year", pa.string(), "Last financial year; null if still in force", if_given(YEAR)),
    (
        "definition_version",
        pa.string(),
        "Version of the map, a whole number; a re-tag is a new, higher version",
        like(r"^\d+$"),
    ),
    ("statement", pa.string(), "`budget`, `outturn` or `both`", one_of("budget", "outturn", "both")),
    ("line_code", pa.string(), "Form line number", GIVEN),
    (
        "service_code",
        pa.string(),
        "Service given to: our code where the council picked one, else `<council or shared map>.<name>`",
        GIVEN,
    ),
    ("service_name", pa.string(), "Service name as the council writes it", GIVEN),
    (
        "department",
        pa.string(),
        "adult_social_care, public_health, housing, children_and_families, culture_and_environment or other",
        one_of(
            "adult_social_care", "public_health", "housing", "children_and_families", "culture_and_environment", "other"
        ),
    ),
    (
        "basis",
        pa.string(),
        "direct, staff_time, service_users, activity, unit_cost, expert_estimate, external_driver or pro_rata",
        one_of(
            "direct",
            "staff_time",
            "service_users",
            "activity",
            "unit_cost",
            "expert_estimate",
            "external_driver",
            "pro_rata",
        ),
    ),
    ("driver_kind", pa.string(), "`share` or `quantity`", one_of("share", "quantity")),
    (
        "driver_value",
        SHARE,
        "The share, or the quantity (hours, users); quantities become shares in dbt",
        NOT_BELOW_ZERO,
    ),
    ("low_share", SHARE, "Lowest plausible share; null where not given", SHARE_OF_ONE),
    ("high_share", SHARE, "Highest plausible share; null where not given", SHARE_OF_ONE),
    ("confidence", pa.string(), "high, medium or low", GRADE),
    ("performance_measure", pa.string(), "How the performance of the service is measured"),
    ("evidence", pa.string(), "What the split rests on"),
    ("assessor_role", pa.string(), "Role, never the name, of who judged"),
    ("assessed_on", pa.string(), "Date of the judgement, ISO", DAY),
)

SERVICE_MAP_TIERS = _table(
    "service_map_tiers",
    "service × outcome × tier × map edition: step two of a map, why the service is there",
    ("map_id", pa.string(), "Map the row belongs to", GIVEN),
    ("council_code", pa.string(), "Council the rule holds for", AREA),
    ("service_code", pa.string(), "Service", GIVEN),
    ("outcome_code", pa.string(), "Outcome the tier is relative to", OUR_CODE),
    (
        "tier",
        pa.string(),
        "primary, secondary, tertiary, reactive, enabling or out_of_scope",
        one_of("primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope"),
    ),
    ("tier_share", SHARE, "Share of the service given to the tier", SHARE_OF_ONE),
    ("low_share", SHARE, "Lowest plausible share; null where not given", SHARE_OF_ONE),
    ("high_share", SHARE, "Highest plausible share; null where not given", SHARE_OF_ONE),
    ("is_home_care", pa.bool_(), "Long-term home care, as answered; null: as the standard service says"),
    ("confidence", pa.string(), "high, medium or low"),
    ("evidence", pa.string(), "What the tier rests on"),
)

SERVICE_MAP_TARGETS = _table(
    "service_map_targets",
    "council × outcome × map edition: a declared yearly shift target and the step-five answers",
    ("map_id", pa.string(), "Map the row belongs to", GIVEN),
    ("council_code", pa.string(), "Council", AREA),
    (
        "item",
        pa.string(),
        "`shift_target_share`, `shift_target_year`, or question code q1 to q8",
        like(r"^(?:shift_target_share|shift_target_year|q[1-8])$"),
    ),
    ("value_text", pa.string(), "What the council wrote"),
)

LEDGER_LINES = _table(
    "ledger_lines",
    "row of a ledger × edition: one cost centre, unless the council declares several rows for each",
    ("ledger_id", pa.string(), "Council and year of the ledger", GIVEN),
    ("council_code", pa.string(), "Council", AREA),
    ("financial_year", pa.string(), "Year of the ledger", YEAR),
    ("statement", pa.string(), "`budget` or `outturn`", STATEMENT),
    ("cost_centre_code", pa.string(), "Council's own code"),
    ("cost_centre_name", pa.string(), "Council's own wording"),
    ("line_code", pa.string(), "RA line it belongs to", GIVEN),
    ("service_code", pa.string(), "Service it maps to; null where the council left it open"),
    ("gross_gbp", MONEY_GBP, "Gross cost; null where the ledger gives net only"),
    ("income_gbp", MONEY_GBP, "Income, positive; null where the ledger gives net only"),
    ("net_gbp", MONEY_GBP, "Net cost"),
    ("tolerance_gbp", MONEY_GBP, "Declared tolerance of the ledger's line against the RA line", NOT_BELOW_ZERO),
    ("value_text", pa.string(), "Cell as sent"),
)

PARTNER_MONEY = _table(
    "partner_money",
    "row of a partner ledger × edition: money that a partner spends, or gives to another",
    (
        "partner",
        pa.string(),
        "nhs, better_care_fund, voluntary_sector, other_partner, or council as a giver",
        one_of("nhs", "better_care_fund", "voluntary_sector", "other_partner", "council"),
    ),
    ("partner_name", pa.string(), "Name of the body, as written"),
    ("council_code", pa.string(), "Council whose people it is for", AREA),
    ("financial_year", pa.string(), "Year of the money", YEAR),
    ("statement", pa.string(), "`budget` or `outturn`", STATEMENT),
    ("does", pa.string(), "`spends`, or `gives` to the receiver", one_of("spends", "gives")),
    ("receiver", pa.string(), "Partner that money is given to; null where it is spent"),
    ("service", pa.string(), "What it is for, as written"),
    ("tier", pa.string(), "primary, secondary or tertiary, as declared", one_of("primary", "secondary", "tertiary")),
    ("gains", pa.string(), "Partners that the sender says gain by it, with | between; null where nothing is said"),
    ("amount_gbp", MONEY_GBP, "Amount, never below zero", NOT_BELOW_ZERO),
    ("note", pa.string(), "What the sender adds"),
)

PAYMENTS = _table(
    "payments",
    "payment of a published list of payments × edition",
    ("council_code", pa.string(), "Council", AREA),
    ("paid_on", pa.date32(), "Day of the payment", GIVEN),
    ("financial_year", pa.string(), "Year the day lies in, April to March", YEAR),
    ("supplier_name", pa.string(), "Whom it was paid to, as written; may name a person: not published"),
    ("reference", pa.string(), "Transaction number, as written"),
    ("department", pa.string(), "Department or service area, as written"),
    ("description", pa.string(), "What it was for, as written"),
    ("amount_gbp", MONEY_GBP, "Amount; a refund is below zero"),
    ("cost_centre_code", pa.string(), "Cost centre by the rule, else as written; null where neither gives one"),
    ("line_code", pa.string(), "RA line by the rule"),
    ("service_code", pa.string(), "Service by the rule"),
    ("rule_name", pa.string(), "The first declared rule that fits; null where none does"),
    ("value_text", pa.string(), "Amount as written"),
)

CODEBOOK_ROWS = _table(
    "codebook_rows",
    "row of a list of waves, codes, units or findings that a codebook workbook adds to those shipped",
    ("list_name", pa.string(), "Name of the list, as of the seed it adds to", OUR_CODE),
    ("fields", pa.string(), "The cells of the row as text, a JSON object by column name", GIVEN),
)

CODINGS = _table(
    "codings",
    "unit × wave × item × code × coder: one coder's reading of one answer or strategy field",
    ("coding_kind", pa.string(), "`foi` or `strategy`", one_of("foi", "strategy")),
    ("unit_kind", pa.string(), "council, board or partnership", one_of("council", "board", "partnership")),
    ("unit_code", pa.string(), "Council code, board code or partnership code", GIVEN),
    ("unit_name", pa.string(), "Name on the sheet"),
    ("wave", pa.string(), "Year of the wave", WAVE),
    ("series", pa.string(), "Every re-coding is a new series"),
    ("document_type", pa.string(), "foi_response, jhws or stp", OUR_CODE),
    ("item_code", pa.string(), "question_code of an FOI answer, field_code of a strategy", GIVEN),
    ("code", pa.string(), "Code from the codebook"),
    ("is_present", pa.bool_(), "The code applies; false where the coder looked for a theme and did not find it", GIVEN),
    ("coder", pa.string(), "Coder's alias; `adjudicated` for the agreed code", GIVEN),
    ("is_adjudicated", pa.bool_(), "The agreed code after both read", GIVEN),
    ("quotation", pa.string(), "Evidence"),
    ("page", pa.string(), "Page of the evidence"),
    ("is_sample", pa.bool_(), "Fictional", GIVEN),
)

STATISTIC = pa.decimal128(9, 6)

CODING_RELIABILITY = RawTable(
    "coding_reliability",
    "document type × wave × series × item × theme: how far the coders agree before adjudication",
    (
        ("document_type", pa.string(), "foi_response, jhws or stp", OUR_CODE),
        ("wave", pa.string(), "Year of the wave", WAVE),
        ("series", pa.string(), "Series of the coding"),
        ("item_code", pa.string(), "Question or field", GIVEN),
        ("code", pa.string(), "Theme; empty for an item with one answer, `all_themes` for every theme together"),
        ("scale", pa.string(), "nominal or ordinal", one_of("nominal", "ordinal")),
        ("coders", pa.int32(), "Coders who read at least one unit", NOT_BELOW_ZERO),
        ("units", pa.int32(), "Units read by two coders or more", NOT_BELOW_ZERO),
        ("positives", pa.int32(), "Units in which at least one coder found the theme; null for one answer"),
        ("percent_agreement", STATISTIC, "Pairs of readings that agree, of 100", within(0, 100)),
        ("kappa", STATISTIC, "Cohen's kappa of two coders, quadratic weights where ordinal; null otherwise"),
        ("alpha", STATISTIC, "Krippendorff's alpha; null where nothing varies or positives are under ten"),
        ("alpha_lower", STATISTIC, "2.5th percentile of the bootstrap"),
        ("alpha_upper", STATISTIC, "97.5th percentile of the bootstrap"),
        ("note", pa.string(), "Why a figure is missing; empty where none is"),
    ),
)

DOCUMENT_PAGES = RawTable(
    "document_pages",
    "document × page: text of a reply, strategy or plan with people masked",
    (
        ("release_id", pa.string(), "Edition of the document", GIVEN),
        ("document_type", pa.string(), "foi_response, jhws or stp", OUR_CODE),
        ("wave", pa.string(), "Year of the wave", WAVE),
        ("unit_code", pa.string(), "Unit whose document it is, as its file is named", GIVEN),
        ("page", pa.int32(), "Page, from 1", FROM_ONE),
        ("page_text", pa.string(), "Text of the page, names, e-mail addresses and telephone numbers masked"),
        ("masked_names", pa.int32(), "Names masked in the whole document", NOT_BELOW_ZERO),
        ("masked_emails", pa.int32(), "E-mail addresses masked in the whole document", NOT_BELOW_ZERO),
        ("masked_telephones", pa.int32(), "Telephone numbers masked in the whole document", NOT_BELOW_ZERO),
        ("is_sample", pa.bool_(), "Fictional", GIVEN),
    ),
)

QUOTATION_CHECKS = RawTable(
    "quotation_checks",
    "coding sheet × row × item: whether its quotation is in the document, on its page",
    (
        ("release_id", pa.string(), "Edition of the coding sheet", GIVEN),
        ("source_row", pa.int32(), "Row of the sheet", FROM_ONE),
        ("document_type", pa.string(), "foi_response, jhws or stp", OUR_CODE),
        ("wave", pa.string(), "Year of the wave", WAVE),
        ("unit_code", pa.string(), "Unit on the sheet", GIVEN),
        ("item_code", pa.string(), "Question or field", GIVEN),
        ("status", pa.string(), "on_page, on_other_page or not_found", one_of("on_page", "on_other_page", "not_found")),
        ("found_page", pa.int32(), "Page it is on; null where it is on none", FROM_ONE),
        ("nearest", pa.string(), "Nearest passage where it is not there"),
        ("nearest_page", pa.int32(), "Page of that passage", FROM_ONE),
    ),
)

REJECTS = _table(
    "rejects",
    "row or cell that could not be kept × edition",
    ("file", pa.string(), "File name", GIVEN),
    ("value_text", pa.string(), "What was found"),
    ("reason", pa.string(), "Why it was not kept", GIVEN),
    ("remedy", pa.string(), "What to do", GIVEN),
)

RELEASES = RawTable(
    "releases",
    "edition of a published or submitted file in this refresh",
    (
        ("release_id", pa.string(), "Edition id", GIVEN),
        ("release_of", pa.string(), "Release the edition belongs to", GIVEN),
        ("source", pa.string(), "Source name in the catalogue", GIVEN),
        ("financial_year", pa.string(), "Year of the figures; null for files of many years", if_given(YEAR)),
        ("wave", pa.string(), "Coding wave; null for money and outcomes"),
        ("file", pa.string(), "File name as published", GIVEN),
        ("sha256", pa.string(), "Checksum", CHECKSUM),
        ("edition", pa.string(), "Edition as the publisher words it, or `unverified copy`", GIVEN),
        ("edition_order", pa.int32(), "Order of editions of one release; the last is served", NOT_BELOW_ZERO),
        ("is_serving", pa.bool_(), "The edition whose figures the marts show", GIVEN),
        ("is_verified", pa.bool_(), "Its checksum is in the catalogue", GIVEN),
        ("is_sample", pa.bool_(), "Fictional", GIVEN),
        ("publisher", pa.string(), "Publisher", GIVEN),
        ("licence", pa.string(), "Licence", GIVEN),
        ("page", pa.string(), "Publisher's page"),
        ("published_on", pa.string(), "Date published, ISO, to the day or month, where known", DAY_OR_MONTH),
        (
            "ingest_key",
            pa.string(),
            "Checksum over all its rows depend on: file, layout, reader and maps",
            CHECKSUM,
        ),
        ("rows", pa.int64(), "Rows read from it", NOT_BELOW_ZERO),
        ("rejects", pa.int64(), "Rows and cells of it that were not kept", NOT_BELOW_ZERO),
    ),
)

FILE_PROBLEMS = RawTable(
    "file_problems",
    "problem of a file of this refresh that was set aside",
    (
        ("source", pa.string(), "Source name in the catalogue", GIVEN),
        ("problem", pa.string(), "What is wrong with the file, where, and what to do", GIVEN),
    ),
)

CHECK_RESULTS = RawTable(
    "check_results",
    "check of this refresh",
    (
        ("check_name", pa.string(), "Name"),
        ("subject", pa.string(), "Table it looked at, as schema.table"),
        ("severity", pa.string(), "error or warn"),
        ("status", pa.string(), "pass, warn or fail"),
        ("compared", pa.int64(), "Rows or groups the check looked at"),
        ("failed", pa.int64(), "Rows or groups that failed"),
        ("expected", pa.string(), "What should be, in the check's own unit"),
        ("observed", pa.string(), "What is"),
        ("difference", pa.string(), "Observed less expected; empty where neither is a number"),
        ("detail", pa.string(), "In words"),
        ("warning", pa.string(), "What a person reads of a check that warns, one finding a line; empty otherwise"),
        ("code_version", pa.string(), "Version of the code that ran the check"),
    ),
)

TABLES: dict[str, RawTable] = {
    table.name: table
    for table in (
        FINANCE_CELLS,
        ASCOF_CELLS,
        POPULATION_CELLS,
        DEFLATOR_ROWS,
        DEPRIVATION_CELLS,
        ASC_FR_CELLS,
        REGISTER_ROWS,
        CASSR_ROWS,
        AREA_LOOKUP_ROWS,
        NAME_VARIANT_ROWS,
        NEIGHBOUR_ROWS,
        SERVICE_MAP_LINES,
        SERVICE_MAP_TIERS,
        SERVICE_MAP_TARGETS,
        LEDGER_LINES,
        PARTNER_MONEY,
        PAYMENTS,
        CODINGS,
        CODING_RELIABILITY,
        DOCUMENT_PAGES,
        CODEBOOK_ROWS,
        QUOTATION_CHECKS,
        REJECTS,
        RELEASES,
        FILE_PROBLEMS,
        CHECK_RESULTS,
    )
}
