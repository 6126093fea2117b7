"""Waves, codebooks, units and findings that a warehouse adds by a workbook beside its codings."""

import json
from pathlib import Path

import openpyxl
import pytest

from ingest.catalogue import Release, load
from ingest.edition import Edition
from ingest.problems import InputError
from ingest.submitted.codings import (
    codebook,
    codebook_lists,
    codebook_set,
    codebook_template,
    coding_sheet,
    coding_template,
)
from ingest.submitted.codings.codebook_lists import NAMES, SEEDS, declared
from tests.added_wave import ADDED, write


@pytest.fixture
def added(tmp_path):
    return write(tmp_path / "codebook_2026.xlsx")


def test_the_shipped_lists_are_read_by_the_same_loader_and_hold_to_what_is_asked_of_a_workbook():
    shipped = codebook_lists.lists_of(SEEDS)
    assert set(shipped) == set(NAMES) and len(shipped["published_findings"]) > 150
    for name, rows in shipped.items():
        assert [column.name for column in declared()[name].columns] == list(rows[0].cells)
    assert codebook.waves("foi_response") == ("2016", "2017")


def test_a_blank_template_has_every_list_and_is_refused_for_holding_nothing(tmp_path):
    codebook_template.write(tmp_path / "blank.xlsx")
    book = openpyxl.load_workbook(tmp_path / "blank.xlsx")
    assert book.sheetnames == ["Read me", *NAMES]
    assert [c.value for c in book["coding_waves"][1]] == [c.name for c in declared()["coding_waves"].columns]
    (problem,) = codebook_set.check(tmp_path / "blank.xlsx")
    assert "holds no row" in str(problem)


def test_a_wave_added_is_one_of_the_waves_and_only_while_it_is_in_force(added, tmp_path):
    assert codebook_set.check(added) == []
    with codebook.with_files([added]):
        assert codebook.waves("foi_response") == ("2016", "2017", "2026")
        asked = {item.item_code: [c.code for c in item.codes] for item in codebook.items("foi_response", "2026")}
        assert asked == {"response": ["received", "none"], "q7": ["yes", "no", "unclear"]}
        assert codebook.version("foi_response", "2026") == "3" and codebook.version("foi_response", "2017") == "2"
        assert codebook.versions_read("foi_response", "2026") == ("3",)
        assert codebook.versions_read("foi_response", "2017") == ("1", "2")
        assert codebook.partnerships([("E06000001", "Hartlepool")], "2025-26") == [
            ("icb_added", "An added partnership")
        ]
        coding_template.write_foi(tmp_path / "sheet.xlsx", "2026", [("E06000001", "Hartlepool")])
        (problem,) = coding_sheet.check(tmp_path / "sheet.xlsx")
        assert problem.what == "nobody is named as coder"
    assert codebook.waves("foi_response") == ("2016", "2017")
    assert "the codebook has no such wave" in str(coding_sheet.check(tmp_path / "sheet.xlsx")[0])


def test_a_workbook_is_landed_with_the_row_each_cell_came_from(added):
    source = load().sources["codebooks"]
    release = Release("codebooks:codebook_2026", source, added.name, ())
    edition = Edition(release, release.release_id, added, "0" * 64, "as submitted", None, False, 0)
    frame = codebook_set.read(edition).frames["codebook_rows"]
    assert len(frame) == sum(len(rows) for rows in ADDED.values())
    row = frame[frame["list_name"] == "coding_waves"].iloc[0]
    assert (row["source_row"], json.loads(row["fields"])["evidence_year"]) == (2, "2025-26")
    write(added, {"coding_waves": {0: {"wave": "26"}}})
    with pytest.raises(InputError, match="a wave is a year"):
        codebook_set.read(edition)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"coding_waves": {0: {"evidence_year": "2026"}}},
            "row 2, evidence_year: the cell cannot be read (found: '2026')",
        ),
        ({"coding_waves": {0: {"unit_kind": "ward"}}}, "unit_kind: ward is none of its values"),
        ({"coding_waves": {0: {"expected_units": "all"}}}, "write a whole number"),
        ({"coding_waves": {0: {"wave": "2017"}}}, "foi_response, 2017 is there already, from the project"),
        ({"coding_items": {0: {"scale": ""}}}, "“coding_items”, row 2, scale: the cell is blank"),
        ({"coding_items": {0: {"answer_type": "many"}}}, "write one of one_answer, themes"),
        (
            {"foi_codebook": {2: {"question_code": "q8"}}},
            "question_code: coding_items has no such item of foi_response",
        ),
        ({"foi_codebook": {2: {"waves": "2027"}}}, "there is no wave 2027 of foi_response"),
        ({"foi_codebook": {3: {"code": "yes"}}}, "q7, yes, 2026 is there already, from row 4"),
        ({"coding_item_bases": {0: {"base_name": "replies"}}}, "coding_bases has no replies"),
        ({"coding_item_bases": {0: {"item_code": "q1"}}}, "is there already"),
        ({"partnership_bridge": {0: {"council_code": "Hartlepool"}}}, "nine-character code"),
        ({"partnership_bridge": {0: {"is_sample": "perhaps"}}}, "write true or false"),
        (
            {"finding_recipes": {0: {"codes": "yess"}}},
            "(found: 'yess'). What to do: write codes of q7; the nearest is yes",
        ),
        ({"finding_recipes": {0: {"finding_id": "other"}}}, "published_findings has no other"),
        ({"published_findings": {0: {"numerator": "about 70"}}}, "write a number"),
    ],
)
def test_a_slip_is_refused_by_file_row_and_column_with_what_to_do(tmp_path, changed, said):
    problems = [str(problem) for problem in codebook_set.check(write(tmp_path / "slip.xlsx", changed))]
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("slip.xlsx, sheet “") and "What to do: " in problem for problem in problems)


def test_headings_and_sheets_that_are_not_known_are_named_with_the_nearest(added):
    book = openpyxl.load_workbook(added)
    book["coding_waves"]["B1"] = "wav"
    book.create_sheet("coding_wave")
    book.save(added)
    said = " ".join(map(str, codebook_set.check(added)))
    assert "sheet “coding_wave”: no list has the name of this sheet" in said and "the nearest is coding_waves" in said
    assert "row 1, wav: the list has no such column" in said and "row 1, wave: the column is missing" in said


def test_an_earlier_workbook_may_be_used_and_not_repeated(added, tmp_path):
    with codebook.with_files([added]):
        assert all("is there already" in str(problem) for problem in codebook_set.check(write(tmp_path / "again.xlsx")))
    assert Path(added).exists()
