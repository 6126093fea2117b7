"""What councils say: source errors, coverage, answers, strategies, printed figures recomputed, reliability."""

from reporting import words
from reporting.charts import Chart
from reporting.facts import Facts
from reporting.markup import Column, Table, figure
from reporting.pages import documents, say_do
from reporting.warehouse import Row

QUOTED, AGES = "mart_quoted_figures", "mart_strategy_age"
FINDINGS, COVERAGE = "mart_published_findings", "mart_coding_coverage"
RELIABILITY_WORDS = {
    "reliable": "reliable",
    "tentative": "tentative",
    "not_reliable": "not reliable",
    "cannot_be_told": "cannot be told",
    None: "",
}


def context(facts: Facts) -> dict:
    """Everything templates/evidence.html prints."""
    return {
        "coverage_text": _coverage_sentence(facts),
        "coverage": _coverage(facts),
        "source_errors": _source_errors(facts),
        "findings": _findings(facts),
        "findings_counts": _findings_counts(facts),
        "foi": _summary(facts, "mart_foi_summary", "question_code", "foi-summary", "Answers to the request"),
        "strategy": _summary(facts, "mart_strategy_summary", "field_code", "strategy-summary", "Strategies"),
        "ages": _ages(facts),
        "reliability": _reliability(facts),
        "set_aside": _set_aside(facts),
        "documents": documents.held(facts, ""),
        "quoted": _quoted(facts),
        "grid": say_do.grid(facts),
        "gap_text": say_do.sentence(facts),
        "gap_table": say_do.table(facts),
        "sensitivity": say_do.sensitivity(facts),
    }


def _waves(facts: Facts) -> dict[tuple[str, str], Row]:
    """One row of the coverage for each document type and wave, last series."""
    rows = [r for r in facts.warehouse.read(COVERAGE) if r["is_latest_series"]]
    return {(r["document_type"], r["wave"]): r for r in rows}


def _coverage_sentence(facts: Facts) -> str:
    waves = _waves(facts)
    coded = {key: row for key, row in waves.items() if row["coded_units"]}
    if not coded:
        return "No answer, strategy or plan has been coded in this publication."
    parts = [
        f"{row['coded_units']} of {row['expected_units']} ({words.DOCUMENT_WORDS[kind].lower()}, {wave})"
        for (kind, wave), row in sorted(coded.items())
    ]
    return f"Coded so far: {words.listed(parts)}."


def _coverage(facts: Facts) -> Table | None:
    rows = [r for r in facts.warehouse.read(COVERAGE) if r["is_latest_series"]]
    if not rows:
        return None
    table = Table(
        "How far the coding has come",
        [
            Column("Question or field"),
            Column("Document"),
            Column("Wave"),
            Column("Expected", True),
            Column("Read", True),
            Column("Settled", True),
            Column("Read twice", True),
        ],
        csv_name="coverage.csv",
        is_sortable=True,
    )
    key = ("document_type", "wave", "series", "item_code")
    for row in sorted(rows, key=lambda r: (r["document_type"], r["wave"], r["item_order"])):
        counts = ("expected_units", "item_units", "decided_units", "read_twice_units")
        table.rows.append(
            [
                row["item_label"],
                words.DOCUMENT_WORDS[row["document_type"]],
                row["wave"],
                *(figure(row, COVERAGE, key, column, words.number) for column in counts),
            ]
        )
    return table


def _source_errors(facts: Facts) -> Table | None:
    """Printed figures that contradict themselves or whose words do not fit them: no coding is needed to see it."""
    rows = [r for r in facts.warehouse.read(FINDINGS) if r["source_check"] in ("does_not_add_up", "wording_loose")]
    if not rows:
        return None
    table = Table(
        "Printed figures at odds with the report they stand in",
        [Column("Finding"), Column("Wave"), Column("What is wrong"), Column("Kind")],
        csv_name="source-errors.csv",
    )
    kinds = {"does_not_add_up": "does not add up", "wording_loose": "words do not fit"}
    for row in sorted(rows, key=lambda r: (r["source_check"], str(r["wave"]), r["finding_id"])):
        table.rows.append([row["statement"], row["wave"], row["source_reason"], kinds[row["source_check"]]])
    return table


def _findings(facts: Facts) -> Table | None:
    rows = facts.warehouse.read(FINDINGS)
    if not rows:
        return None
    table = Table(
        "Figures printed in published reports, beside the same figures recomputed",
        [
            Column("Finding"),
            Column("Wave"),
            Column("Page", True),
            Column("Printed count", True),
            Column("Printed of", True),
            Column("Printed %", True),
            Column("Recomputed count", True),
            Column("Recomputed of", True),
            Column("Recomputed %", True),
            Column("Status"),
            Column("Why"),
        ],
        csv_name="published-findings.csv",
        is_sortable=True,
    )
    for row in rows:
        page = "" if row["printed_page"] is None else str(row["printed_page"])
        cells = [row["statement"] or row["finding_id"], row["wave"], page]
        for side in ("printed", "recomputed"):
            for part in ("numerator", "denominator", "percent"):
                column = f"{side}_{part}"
                # Printed percentages show the places they were printed with.
                is_whole = row.get(column) is None or row[column] == int(row[column])
                places = 0 if is_whole and column != "recomputed_percent" else 1
                cells.append(figure(row, FINDINGS, ["finding_id"], column, lambda v, p=places: words.number(v, p)))
        reason = row["reason"] or row["note"] or ""
        table.rows.append([*cells, words.humanise(row["status_label"] or row["status"]), reason])
    return table


def _quoted(facts: Facts) -> Table | None:
    """What the reports quote of others, in numbers, and what the budgets of the year give where they can."""
    rows = facts.warehouse.read(QUOTED)
    if not rows:
        return None
    table = Table(
        "Money, returns and shares quoted from others, and what the budgets give",
        [
            Column("Quoted"),
            Column("Report"),
            Column("£", True),
            Column("£ for each £1", True),
            Column("%", True),
            Column("Budgets of"),
            Column("% to prevent and reduce need", True),
            Column("Could be"),
            Column("% with delaying need", True),
            Column("Could be"),
            Column("Why the two are not one measure"),
        ],
        csv_name="quoted-figures.csv",
    )
    for row in sorted(rows, key=lambda r: (r["compared_with"] == "none", r["wave"], r["finding_id"])):
        cells = [row["statement"], row["wave"]]
        cells.append(figure(row, QUOTED, ["finding_id"], "quoted_amount_gbp", lambda v: words.number(v)))
        for column, places in (("quoted_ratio", 2), ("quoted_percent", 1)):
            cells.append(figure(row, QUOTED, ["finding_id"], column, lambda v, p=places: words.number(v, p)))
        cells.append(row["warehouse_year"] or "")
        for perimeter in ("narrow", "wide"):
            cells.append(figure(row, QUOTED, ["finding_id"], f"{perimeter}_percent", lambda v: words.number(v, 1)))
            low, high = row[f"{perimeter}_low_percent"], row[f"{perimeter}_high_percent"]
            cells.append("" if low is None else f"{words.number(low, 1)} to {words.number(high, 1)}")
        table.rows.append([*cells, row["reason"]])
    return table


def _findings_counts(facts: Facts) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in facts.warehouse.read(FINDINGS, ["status"]):
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    return [(words.humanise(k), v) for k, v in sorted(counts.items(), key=lambda kv: -kv[1])]


def _summary(facts: Facts, mart: str, item: str, identifier: str, what: str) -> dict | None:
    rows = [r for r in facts.warehouse.read(mart) if r["is_latest_series"]]
    if not rows:
        return None
    kind = item.removesuffix("_code")
    has_documents = "document_type" in rows[0]
    # A question that no sheet holds has no line: the coverage above says that nobody read it.
    held = {(r.get("document_type"), r["wave"], r[item]) for r in rows if r["denominator"] or r["undecided"]}
    rows = [r for r in rows if (r.get("document_type"), r["wave"], r[item]) in held]
    if not rows:
        return None
    order = ("document_type", "wave", f"{kind}_order", "code_order")
    rows.sort(key=lambda r: [str(r.get(o) or "") if o in order[:2] else (r.get(o) or 0) for o in order])
    table = Table(
        f"{what} by wave",
        [
            *([Column("Document")] if has_documents else []),
            Column("Question or field"),
            Column("Wave"),
            Column("Answer"),
            Column("Count", True),
            Column("Of", True),
            Column("Base"),
            Column("%", True),
            Column("Could be, of all"),
            Column("Units read, of expected"),
            Column("Coders"),
        ],
        csv_name=f"{identifier}.csv",
        is_sortable=True,
    )
    columns = facts.warehouse.columns(mart)
    key = [k for k in ("series", "wave", "document_type", item, "code", "base_name", "unit_kind") if k in columns]
    for row in rows:
        table.rows.append(
            [
                *([words.DOCUMENT_WORDS.get(row["document_type"], row["document_type"])] if has_documents else []),
                words.humanise(row[f"{kind}_label"] or row[item]),
                row["wave"],
                words.humanise(row["code_label"] or row["code"]),
                figure(row, mart, key, "numerator", words.number),
                figure(row, mart, key, "denominator", words.number),
                row["base_label"] or row["base_name"],
                figure(row, mart, key, "percent", lambda v: words.number(v, 1)),
                _bounds(row),
                f"{row.get('coded_units')} of {row.get('expected_units')}",
                RELIABILITY_WORDS.get(row["reliability"], ""),
            ]
        )
    return {"chart": _chart(facts, mart, rows, item, identifier, what), "table": table}


def _ages(facts: Facts) -> Table | None:
    """How old strategies and plans were when they were read, and of how many that is known; None before any is."""
    rows = [r for r in facts.warehouse.read(AGES) if r["read_units"]]
    if not rows:
        return None
    table = Table(
        "How old they were when they were read",
        [
            Column("Document"),
            Column("Wave"),
            Column("Expected", True),
            Column("First year known", True),
            Column("Not stated", True),
            Column("Coders differ", True),
            Column("Median age, years", True),
            Column("Youngest", True),
            Column("Oldest", True),
            Column("Years since update, median", True),
            Column("Last year known", True),
            Column("Of these, run out", True),
        ],
        csv_name="strategy-age.csv",
    )
    key = ("document_type", "wave")
    whole = ("expected_units", "dated_units", "not_stated_units", "undecided_units")
    for row in sorted(rows, key=lambda r: (r["document_type"], r["wave"])):
        cells = [words.DOCUMENT_WORDS[row["document_type"]], row["wave"]]
        cells += [figure(row, AGES, key, column, words.number) for column in whole]
        cells.append(figure(row, AGES, key, "median_age_years", lambda v: words.number(v, 1)))
        cells += [figure(row, AGES, key, column, words.number) for column in ("least_age_years", "greatest_age_years")]
        cells.append(figure(row, AGES, key, "median_years_since_update", lambda v: words.number(v, 1)))
        cells += [figure(row, AGES, key, column, words.number) for column in ("end_known_units", "run_out_units")]
        table.rows.append(cells)
    return table


def _bounds(row: Row) -> str:
    low, high = row["percent_low"], row["percent_high"]
    if low is None or high is None or low == high == row["percent"]:
        return ""
    return f"{words.number(low, 1)} to {words.number(high, 1)}"


def _chart(facts: Facts, mart: str, rows: list[Row], item: str, identifier: str, what: str) -> Chart | None:
    """The answers to the first question of the last wave."""
    kind = item.removesuffix("_code")
    # Order 0 is whether the council replied at all: the chart is of the first question put to it.
    first = next((r[item] for r in rows if r.get(f"{kind}_order") != 0), rows[0][item])
    wave = max(str(r["wave"]) for r in rows if r[item] == first)
    # Whether a question was answered at all is the base of its themes, not one of them.
    shown = [
        r
        for r in rows
        if r[item] == first
        and str(r["wave"]) == wave
        and r["percent"] is not None
        and r["answer_type"] != "answer_status"
        and r.get("document_type") == rows[0].get("document_type")
    ]
    if not shown:
        return None
    shown.sort(key=lambda r: -r["percent"])
    top = shown[0]
    label = words.humanise(top["code_label"] or top["code"])
    subject = words.DOCUMENT_WORDS.get(rows[0].get("document_type"), what)
    question = words.humanise(top[f"{kind}_label"] or first)
    is_alone = len(shown) == 1 or shown[1]["percent"] < top["percent"]
    is_whole = top["coded_units"] == top["expected_units"]
    reach = "" if is_whole else f"; {top['coded_units']} of {top['expected_units']} units have been read"
    claim = (
        f"the most common code is “{label}”, {words.number(top['percent'])}% of {words.number(top['denominator'])}"
        if is_alone
        else "no code is the most common"
    )
    return Chart(
        identifier=identifier,
        kind="bars",
        title=f"{subject}, {wave}: {claim}{reach}",
        subtitle=f"{question} Per cent of {top['base_label'] or top['base_name'] or 'units'}, {wave}",
        alt=f"{label} {words.number(top['percent'])}%, then "
        + words.listed([words.humanise(r["code_label"] or r["code"]) for r in shown[1:4]]),
        source=facts.source_line(mart, "codings"),
        data={
            "unit": "%",
            "bars": [{"l": words.humanise(r["code_label"] or r["code"]), "y": r["percent"]} for r in shown],
        },
    )


def _reliability(facts: Facts) -> Table | None:
    mart = "mart_coding_reliability"
    rows = facts.warehouse.read(mart)
    if not rows:
        return None
    key = ("document_type", "wave", "series", "item_code", "code")
    table = Table(
        "How far coders agree",
        [
            Column("Item"),
            Column("Document"),
            Column("Wave"),
            Column("Units read twice", True),
            Column("Agreement, %", True),
            Column("Kappa", True),
            Column("Alpha", True),
            Column("Alpha, lower", True),
            Column("Alpha, upper", True),
            Column("Verdict"),
            Column("Why"),
        ],
        csv_name="reliability.csv",
        is_sortable=True,
    )
    for row in rows:
        cells = [
            ": ".join(part for part in (row["item_label"], row["code_label"]) if part),
            words.DOCUMENT_WORDS.get(row["document_type"], row["document_type"]),
            row["wave"],
            figure(row, mart, key, "units", words.number),
            figure(row, mart, key, "percent_agreement", lambda v: words.number(v, 1)),
        ]
        for column in ("kappa", "alpha", "alpha_lower", "alpha_upper"):
            cells.append(figure(row, mart, key, column, lambda v: words.number(v, 3)))
        table.rows.append([*cells, RELIABILITY_WORDS.get(row["reliability"], ""), row["reliability_note"] or ""])
    return table


def _set_aside(facts: Facts) -> Table | None:
    """Rows of sheets that count for nothing because their unit is in doubt."""
    rows = facts.warehouse.read("mart_codings_set_aside")
    if not rows:
        return None
    table = Table(
        "Rows of coding sheets that are not counted",
        [Column("Sheet"), Column("Row", True), Column("Code"), Column("Name"), Column("Why"), Column("What to do")],
        csv_name="set-aside.csv",
    )
    for row in rows:
        place = [row["release_id"], row["source_row"], row["given_code"], row["given_name"]]
        table.rows.append([*place, row["reason"], row["remedy"]])
    return table
