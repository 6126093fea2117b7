"""A made-up wave of 2026 with its own codebook, units and findings, as a warehouse adds it: no council ever replied."""

from pathlib import Path

import openpyxl

from ingest.submitted.codings import codebook_template

_CODE = {"codebook_version": "3", "answer_type": "single_choice", "waves": "2026", "source_section": "made_up"}

ADDED: dict[str, list[dict[str, str]]] = {
    "coding_waves": [
        {
            "document_type": "foi_response",
            "wave": "2026",
            "evidence_year": "2025-26",
            "unit_kind": "council",
            "expected_units": "3",
            "note": "Made up",
        }
    ],
    "coding_items": [
        {
            "document_type": "foi_response",
            "item_code": "q7",
            "item_order": "70",
            "item_label": "Does the council say what it stopped paying for?",
            "answer_type": "one_answer",
            "scale": "nominal",
        }
    ],
    "foi_codebook": [
        _CODE | {"question_code": question, "code": code, "code_order": order, "label": label, "description": label}
        for question, code, order, label in (
            ("response", "received", "1", "Response received"),
            ("response", "none", "2", "No response"),
            ("q7", "yes", "1", "Says what it stopped"),
            ("q7", "no", "2", "Says nothing of it"),
            ("q7", "unclear", "3", "Unclear"),
        )
    ],
    "coding_item_bases": [
        {
            "document_type": "foi_response",
            "item_code": "q7",
            "base_name": "local_authority_foi_responses",
            "common_base_name": "local_authority_foi_responses",
        }
    ],
    "partnership_bridge": [
        {
            "partnership_code": "icb_added",
            "partnership_name": "An added partnership",
            "council_code": "E06000001",
            "valid_from_year": "2022-23",
            "is_sample": "false",
            "note": "Made up",
        }
    ],
    "published_findings": [
        {
            "finding_id": "made_up_q7_yes",
            "source": "made_up_2026",
            "wave": "2026",
            "section": "foi_q7",
            "statement": "Say what they stopped paying for",
            "population": "local_authority_foi_responses",
            "numerator": "2",
            "denominator": "3",
            "published_percent": "67",
            "recomputed_percent": "66.7",
            "agrees": "yes",
        }
    ],
    "finding_recipes": [
        {
            "finding_id": "made_up_q7_yes",
            "method": "count_in_base",
            "document_type": "foi_response",
            "item_code": "q7",
            "codes": "yes",
            "base_name": "local_authority_foi_responses",
            "compare_count": "equal",
            "compare_percent": "rounded",
        }
    ],
}


def write(path: Path, changed: dict[str, dict[int, dict[str, str]]] | None = None) -> Path:
    """The workbook, on the project's own template; `changed` gives other cells by list and row."""
    codebook_template.write(path)
    book = openpyxl.load_workbook(path)
    for name, rows in ADDED.items():
        sheet = book[name]
        header = [cell.value for cell in sheet[1]]
        for number, row in enumerate(rows):
            cells = row | (changed or {}).get(name, {}).get(number, {})
            for column, heading in enumerate(header, start=1):
                if cells.get(heading):
                    sheet.cell(number + 2, column, cells[heading])
    book.save(path)
    return path
