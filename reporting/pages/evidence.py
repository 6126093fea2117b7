"""What councils say: FOI answers, strategy labels, printed findings beside recomputed ones, reliability."""

from reporting import words
from reporting.charts import Chart
from reporting.facts import Council, Facts
from reporting.markup import Column, Table, figure, link
from reporting.warehouse import Row

GAP = "mart_say_do_gap"
# Rows: claims prevention strongly, or not. Columns: the money shows it, or does not.
CELLS = (("says_and_does", "says_money_does_not_show_it"), ("does_without_saying", "neither"))
FINDINGS = "mart_published_findings"
DOCUMENTS = {
    "jhws": "Joint health and wellbeing strategy",
    "stp": "Sustainability and transformation plan",
}


def of_council(facts: Facts, council: Council) -> dict:
    """Strategy, FOI answers and the say-do classification of one council."""
    gap = [r for r in _gap_rows(facts) if r["council_code"] == council.code]
    gap.sort(key=lambda r: str(r.get("financial_year")))
    latest = gap[-1] if gap else None
    return {
        "classification": words.humanise(latest.get("classification")) if latest else None,
        "year": latest.get("financial_year") if latest else None,
        "reason": (latest.get("reason") or "") if latest else "",
        "answers": _answers(facts, council),
        "labels": _labels(facts, council),
    }


def _gap_rows(facts: Facts) -> list[Row]:
    if GAP not in facts.rows:
        facts.rows[GAP] = facts.warehouse.read(GAP)
    return facts.rows[GAP]


def _indexed(facts: Facts, mart: str) -> dict[str, list[Row]]:
    """A coding mart's rows by the council they speak of, read once."""
    cache = f"{mart} by council"
    if cache not in facts.rows:
        index: dict[str, list[Row]] = {}
        for row in facts.warehouse.read(mart):
            spoken_for = {row.get("council_code"), row.get("unit_code"), *(row.get("council_codes") or "").split(", ")}
            for code in spoken_for - {None, ""}:
                index.setdefault(code, []).append(row)
        facts.rows[cache] = index
    return facts.rows[cache]


def _answers(facts: Facts, council: Council) -> Table | None:
    rows = [r for r in _indexed(facts, "fct_foi_coding").get(council.code, []) if r.get("is_adjudicated", True)]
    return _coding_table(rows, "question_code", "FOI answers as coded", "foi.csv")


def _labels(facts: Facts, council: Council) -> Table | None:
    rows = [r for r in _indexed(facts, "fct_strategy_label").get(council.code, []) if r.get("is_adjudicated", True)]
    return _coding_table(rows, "field_code", "Strategy as read and labelled", "strategy.csv")


def _coding_table(rows: list[Row], item: str, caption: str, csv_name: str) -> Table | None:
    if not rows:
        return None
    table = Table(
        caption,
        [Column("Wave"), Column("Item"), Column("Code"), Column("Quotation, page")],
        csv_name=csv_name,
    )
    for row in sorted(rows, key=lambda r: (str(r.get("wave")), str(r.get(item)), str(r.get("code")))):
        evidence = ", page ".join(str(p) for p in (row.get("quotation"), row.get("page")) if p)
        table.rows.append([row.get("wave"), words.humanise(row.get(item)), words.humanise(row.get("code")), evidence])
    return table


def context(facts: Facts) -> dict:
    """Everything templates/evidence.html prints."""
    return {
        "findings": _findings(facts),
        "findings_counts": _findings_counts(facts),
        "foi": _summary(facts, "mart_foi_summary", "question_code", "foi-summary", "FOI answers"),
        "strategy": _summary(facts, "mart_strategy_summary", "field_code", "strategy-summary", "Strategies"),
        "reliability": _reliability(facts),
        "grid": _two_way(facts),
        "gap_text": _gap_sentence(facts),
    }


def _findings(facts: Facts) -> Table | None:
    rows = facts.warehouse.read(FINDINGS)
    if not rows:
        return None
    table = Table(
        "Figures printed in published reports, beside the same figures recomputed",
        [
            Column("Finding"),
            Column("Wave"),
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
        cells = [row.get("statement") or row["finding_id"], row.get("wave")]
        for side in ("printed", "recomputed"):
            for part in ("numerator", "denominator", "percent"):
                column = f"{side}_{part}"
                # Printed percentages show the places they were printed with.
                is_whole = row.get(column) is None or row[column] == int(row[column])
                places = 0 if is_whole and column != "recomputed_percent" else 1
                cells.append(figure(row, FINDINGS, ["finding_id"], column, lambda v, p=places: words.number(v, p)))
        reason = row.get("reason") or row.get("note") or ""
        table.rows.append([*cells, words.humanise(row.get("status")), reason])
    return table


def _findings_counts(facts: Facts) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in facts.warehouse.read(FINDINGS, ["status"]):
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    return [(words.humanise(k), v) for k, v in sorted(counts.items(), key=lambda kv: -kv[1])]


def _summary(facts: Facts, mart: str, item: str, identifier: str, what: str) -> dict | None:
    rows = facts.warehouse.read(mart)
    if not rows:
        return None
    kind = item.removesuffix("_code")
    has_documents = "document_type" in rows[0]
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
            Column("Reliable"),
        ],
        csv_name=f"{identifier}.csv",
        is_sortable=True,
    )
    columns = facts.warehouse.columns(mart)
    key = [k for k in ("series", "wave", "document_type", item, "code", "base_name", "unit_kind") if k in columns]
    for row in rows:
        reliable = {True: "yes", False: "not reliable"}.get(row.get("is_reliable"), "")
        table.rows.append(
            [
                *([DOCUMENTS.get(row["document_type"], row["document_type"])] if has_documents else []),
                words.humanise(row.get("question_label") or row.get("field_label") or row[item]),
                row["wave"],
                words.humanise(row.get("code_label") or row["code"]),
                figure(row, mart, key, "numerator", words.number),
                figure(row, mart, key, "denominator", words.number),
                row.get("base_label") or row.get("base_name"),
                figure(row, mart, key, "percent", lambda v: words.number(v, 1)),
                reliable,
            ]
        )
    # Order 0 is whether the council replied at all: the chart is of the first question put to it.
    first = next((r[item] for r in rows if r.get(f"{kind}_order") != 0), rows[0][item])
    wave = max(str(r["wave"]) for r in rows if r[item] == first)
    # Whether a question was answered at all is the base of its themes, not one of them.
    shown = [
        r
        for r in rows
        if r[item] == first
        and str(r["wave"]) == wave
        and r.get("percent") is not None
        and r.get("answer_type") != "answer_status"
        and r.get("document_type") == rows[0].get("document_type")
    ]
    shown.sort(key=lambda r: -r["percent"])
    chart = None
    if shown:
        top = shown[0]
        label = words.humanise(top.get("code_label") or top["code"])
        subject = DOCUMENTS.get(rows[0].get("document_type"), what)
        chart = Chart(
            identifier=identifier,
            kind="bars",
            title=f"{subject}, {wave}: the most common answer to “{words.humanise(first)}” is “{label}”,"
            f" {words.number(top['percent'])}% of {words.number(top['denominator'])}",
            subtitle=f"Per cent of {top.get('base_label') or top.get('base_name') or 'units'}, {wave}",
            alt=f"{label} {words.number(top['percent'])}%, then "
            + words.listed([words.humanise(r.get("code_label") or r["code"]) for r in shown[1:4]]),
            source=facts.source_line(mart, "codings"),
            data={
                "unit": "%",
                "bars": [{"l": words.humanise(r.get("code_label") or r["code"]), "y": r["percent"]} for r in shown],
            },
        )
    return {"chart": chart, "table": table}


def _reliability(facts: Facts) -> Table | None:
    mart = "mart_coding_reliability"
    rows = facts.warehouse.read(mart)
    if not rows:
        return None
    columns = facts.warehouse.columns(mart)
    item = next((c for c in ("question_code", "item_code", "field_code") if c in columns), None)
    key = [k for k in ("series", "document_type", "wave", item, "code", "unit_kind") if k and k in columns]
    table = Table(
        "How far two coders agree",
        [
            Column("Item"),
            Column("Wave"),
            Column("Units", True),
            Column("Agreement", True),
            Column("Kappa", True),
            Column("Alpha", True),
            Column("Alpha, lower", True),
            Column("Alpha, upper", True),
            Column("Reliable"),
        ],
        csv_name="reliability.csv",
        is_sortable=True,
    )
    for row in rows:
        cells = [
            ": ".join(words.humanise(part) for part in (row.get(item), row.get("code_label")) if part),
            row["wave"],
            figure(row, mart, key, "units", words.number),
        ]
        agreement = words.share if (row.get("percent_agreement") or 0) <= 1 else lambda v: f"{words.number(v, 1)}%"
        cells.append(figure(row, mart, key, "percent_agreement", agreement))
        for column in ("kappa", "alpha", "alpha_lower", "alpha_upper"):
            cells.append(figure(row, mart, key, column, lambda v: words.number(v, 3)))
        reliable = {True: "yes", False: "not reliable"}.get(row.get("is_reliable"), "cannot be told")
        table.rows.append([*cells, reliable])
    return table


def _two_way(facts: Facts) -> dict | None:
    """Say against do: a grid of counts with the councils' names, never a fitted line."""
    rows = _gap_rows(facts)
    known = [r for r in rows if r.get("classification") != "not_enough_evidence"]
    # The last year about which anything can be said; codings speak for a few years only.
    years = sorted({str(r.get("financial_year")) for r in known or rows})
    if not years:
        return None
    rows = [r for r in rows if str(r.get("financial_year")) == years[-1]]
    groups: dict[str, list] = {}
    for row in rows:
        council = facts.councils.get(row["council_code"])
        if council:
            groups.setdefault(row.get("classification") or "not_enough_evidence", []).append(council)

    def group(name: str) -> dict:
        councils = groups.get(name, [])
        return {
            "name": words.humanise(name),
            "count": len(councils),
            "links": [link(f"councils/{c.page}", c.name) for c in councils],
        }

    placed = {name for row in CELLS for name in row}
    return {
        "year": years[-1],
        "total": len(rows),
        "cells": [[group(name) for name in row] for row in CELLS],
        "others": [group(name) for name in sorted(set(groups) - placed)],
        "unknown": len(groups.get("not_enough_evidence", [])),
    }


def _gap_sentence(facts: Facts) -> str:
    grid = _two_way(facts)
    if not grid:
        return "This publication holds no comparison of what councils say with what they spend."
    unknown = grid["unknown"]
    if unknown == grid["total"]:
        return (
            f"For none of the {grid['total']} councils is there enough evidence to set what it says beside what it"
            f" spends in {grid['year']}: no codings of real strategies or answers have been received."
        )
    return (
        f"In {grid['year']} there is enough evidence to set words beside money for {grid['total'] - unknown} of"
        f" {grid['total']} councils."
    )
