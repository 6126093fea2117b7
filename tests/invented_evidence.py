"""Evidence of the invented warehouse: three of twelve councils coded by two coders who differ, the rest not read."""

from collections.abc import Callable
from decimal import Decimal

CODED = (1, 2, 3)
# A question that is on no sheet, of which a silent reply is decided all the same.
NOT_ASKED = {
    "question_code": "services_named",
    "question_label": "Which services does it name?",
    "denominator": 0,
    "percent": None,
    "decided_units": 1,
    "undecided": 0,
}
EXPECTED = 12


def tables(code: Callable[[int], str], year: str) -> dict[str, list[dict]]:
    """Rows by mart; `code` gives a council's code by its number."""
    return {
        "mart_say_do_gap": [_gap(code(n), n, year) for n in range(1, 10)],
        "mart_council_evidence": [row for n in CODED for row in _evidence(code(n), n)],
        "mart_coding_coverage": [_coverage("q2a", 1, 2), _coverage("q3a", 2, 3)],
        "mart_foi_summary": [_answer("yes", 1, 2), _answer("no", 2, 1), _answer("telecare", 1, 0) | NOT_ASKED],
        "mart_published_findings": [
            _finding("f1", "not_yet_coded", "not yet coded (3 of 12)", "nothing_to_check", None),
            _finding("f2", "not_yet_coded", "not yet coded (3 of 12)", "does_not_add_up", "35 of 41 is 85 per cent"),
        ],
        "mart_codings_set_aside": [
            {
                "release_id": "codings:ann",
                "source_row": 11,
                "given_code": "E06000002",
                "given_name": "=Hartlepool",
                "reason": "the code is that of another",
                "remedy": "correct the sheet",
            }
        ],
    }


def _gap(council: str, number: int, year: str) -> dict:
    kinds = ("says_and_does", "neither", "not_enough_evidence")
    is_coded = number in CODED
    return {
        "council_code": council,
        "financial_year": year,
        "classification": kinds[number % 3] if is_coded else "not_enough_evidence",
        "classification_in_force": "says_and_does" if is_coded else "not_enough_evidence",
        "reason": "=cmd reason <b>",
        "coded_items": 6 if is_coded else 0,
        "claim_items": 4 if is_coded else 0,
        "claim_score_share": Decimal("0.75") if is_coded else None,
        "items_scored": "label, q2a" if is_coded else None,
        "items_left_out": "q2b (coders agree too little)" if is_coded else None,
        "above_alike_share": Decimal("0.21") if is_coded else None,
        "above_alike_low_share": Decimal("0.11") if is_coded else None,
        "above_alike_high_share": Decimal("0.31") if is_coded else None,
        "real_change_share": Decimal("0.04") if is_coded else None,
        "real_change_low_share": Decimal("0.03") if is_coded else None,
        "real_change_high_share": Decimal("0.05") if is_coded else None,
        "alike_group": "Unitary",
        "alike_councils": 9,
        "scenarios": 22,
        "scenarios_against": 0 if kinds[number % 3] == "says_and_does" else 3,
        "is_modelled": True,
    }


def _evidence(council: str, number: int) -> list[dict]:
    row = {
        "council_code": council,
        "document_type": "foi_response",
        "wave": "2017",
        "unit_code": council,
        "item_code": "q2a",
        "item_order": 2,
        "item_label": "Have you developed a local approach?",
        "code": "yes",
        "code_order": 1,
        "code_label": "Yes",
        "is_theme": False,
        "basis": "coders_agree",
        "basis_words": "coders agree",
        "quotation": "=prevention first <b>",
        "page": "3",
    }
    differs = {"code": "undecided", "code_label": "Coders differ", "basis": "undecided"}
    if number == CODED[-1]:
        return [row | differs | {"basis_words": "undecided: ann: Yes; bob: No"}]
    board = {"document_type": "jhws", "unit_code": f"hwb_{council}", "item_code": "label", "code_label": "Strong"}
    return [row, row | board | {"item_label": "How strong its focus was"}]


def _coverage(item: str, order: int, settled: int) -> dict:
    return {
        "document_type": "foi_response",
        "wave": "2017",
        "series": "1",
        "is_latest_series": True,
        "item_code": item,
        "item_order": order,
        "item_label": f"Question {item}",
        "expected_units": EXPECTED,
        "coded_units": len(CODED),
        "item_units": len(CODED),
        "decided_units": settled,
        "read_twice_units": len(CODED),
    }


def _answer(code: str, order: int, count: int) -> dict:
    return {
        "wave": "2017",
        "series": "1",
        "is_latest_series": True,
        "question_code": "q2a",
        "question_order": 2,
        "question_label": "Question q2a",
        "code": code,
        "code_order": order,
        "code_label": code.title(),
        "answer_type": "single_choice",
        "numerator": count,
        "denominator": len(CODED),
        "base_name": "replies",
        "base_label": "Councils that replied",
        "percent": Decimal("33.33") * count,
        "percent_low": Decimal("8.33"),
        "percent_high": Decimal("91.67"),
        "expected_units": EXPECTED,
        "coded_units": len(CODED),
        "decided_units": 2,
        "reliability": "tentative",
    }


def _finding(key: str, status: str, label: str, source_check: str, source_reason: str | None) -> dict:
    return {
        "finding_id": key,
        "wave": "2017",
        "statement": '=HYPERLINK("x") said <b>',
        "printed_numerator": 35,
        "printed_denominator": 41,
        "printed_percent": 88,
        "recomputed_numerator": 1,
        "recomputed_denominator": 3,
        "recomputed_percent": Decimal("33.3"),
        "status": status,
        "status_label": label,
        "reason": "3 of 12 units are coded",
        "source_check": source_check,
        "source_reason": source_reason,
    }
