"""Coding sheets: what a template offers, what a filled-in sheet gives, and what is said of each fault."""

import csv
from types import SimpleNamespace

import openpyxl
import pytest

from ingest.problems import InputError
from ingest.submitted.codings import codebook, coding_sheet, coding_template
from ingest.submitted.codings.coding_layout import FIRST_ROW, HEADER_ROW, SHEET, columns
from sample.coded_replies import replies
from sample.coded_strategies import strategies
from sample.councils import in_force

COUNCILS = [(council.council_code, council.name) for council in in_force("2016-17")]
AGREED = replies("2017", [code for code, _ in COUNCILS])
CODED = {column.name for column in columns(codebook.FOI, "2017") if column.choices}
OPEN = [item for item in codebook.items(codebook.FOI, "2017") if item.is_themes]
# Councils that replied and answered every open question: a fault planted in their rows is the only one there.
FULL = [pair for pair in COUNCILS if all(AGREED[pair[0]].get(f"{item.item_code}:answered") == "yes" for item in OPEN)][
    :14
]


def edition(path, is_sample=False):
    source = SimpleNamespace(is_sample=is_sample)
    return SimpleNamespace(path=path, release_id="codings:test", release=SimpleNamespace(source=source))


@pytest.fixture
def sheet(tmp_path):
    """A sound CSV sheet of fourteen councils: its cells, and a way to write them back with changes."""
    path = tmp_path / "coder_a.csv"
    coding_template.write(path, codebook.FOI, "2017", FULL, "coder_a", "1", AGREED)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))

    def save() -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(cells)

    places = {name: position for position, name in enumerate(cells[HEADER_ROW - 1])}
    return SimpleNamespace(path=path, cells=cells, places=places, save=save)


def records(path) -> set[tuple]:
    frame = coding_sheet.read(edition(path)).frames["codings"]
    return set(frame[["unit_code", "item_code", "code", "is_present"]].itertuples(index=False, name=None))


def test_a_sound_sheet_gives_every_cell_and_no_fault(sheet):
    assert coding_sheet.check(sheet.path) == []
    coded = sum(1 for column in columns(codebook.FOI, "2017") if column.choices)
    assert len(records(sheet.path)) == coded * len(FULL)


def test_a_sheet_from_before_the_optional_items_is_complete_and_gives_none_of_them(sheet):
    whole = records(sheet.path)
    optional = {item.item_code for item in codebook.items(codebook.FOI, "2017") if item.is_optional}
    assert optional == {"services_named", "unmet_need_met"}
    kept = [place for name, place in sheet.places.items() if name.split(":")[0] not in optional]
    for number, row in enumerate(sheet.cells):
        if number >= HEADER_ROW - 1:
            sheet.cells[number] = [row[place] for place in kept]
    assert sheet.cells[5] == ["codebook_version", "2"]
    sheet.cells[5][1] = "1"
    sheet.save()
    assert coding_sheet.check(sheet.path) == []
    assert records(sheet.path) == {record for record in whole if record[1] not in optional}
    sheet.cells[5][1] = "0"
    sheet.save()
    (refused,) = coding_sheet.check(sheet.path)
    assert "sheets of version 1 or 2 are read" in refused.remedy


def test_an_optional_item_is_left_out_whole_or_asked_whole(sheet):
    for row in sheet.cells[FIRST_ROW - 1 :]:
        for name, place in sheet.places.items():
            if name.startswith("services_named:"):
                row[place] = ""
    sheet.save()
    assert coding_sheet.check(sheet.path) == []
    sheet.cells[FIRST_ROW - 1][sheet.places["services_named:telecare"]] = "yes"
    sheet.cells[HEADER_ROW - 1][sheet.places["services_named:reablement"]] = ""
    sheet.save()
    said = [fault.what for fault in coding_sheet.check(sheet.path)]
    assert "the column services_named:reablement is missing, so nothing of it is read" in said
    assert said.count("left blank, in a row that is coded") == len(OPEN[-2].codes) - 2


def test_years_of_a_strategy_that_cannot_be_are_named(tmp_path):
    units = [("hwb_E06000001", "Hartlepool: health and wellbeing board")]
    years = {"start_year": "2016", "end_year": "2013", "updated_year": "2017"}
    boards = codebook.boards(COUNCILS, codebook.evidence_year("jhws", "2016"))
    reading = strategies("jhws", "2016", [code for code, _ in boards])
    first = next(iter(reading.values())) | years
    coding_template.write(tmp_path / "dates.csv", "jhws", "2016", units, "coder_a", "1", {units[0][0]: first})
    end, updated = coding_sheet.check(tmp_path / "dates.csv")
    assert end.what == "the strategy would end before it starts, in 2016" and end.value == "2013"
    assert updated.what == "a year after the wave of 2016 read it" and updated.value == "2017"


def test_ten_planted_faults_give_ten_messages_and_lose_nothing_else(sheet):
    before = records(sheet.path)
    at = sheet.places
    planted = {
        (10, "q2a"): "yess",
        (11, "q3a"): "",
        (12, "q2a"): "other_or_earlier_plans",
        (13, "q1:new_services"): "perhaps",
        (14, "q4b:answered"): "",
        (15, "q5a"): "=HYPERLINK(\"http://x\")",
        (16, "q6:co_location"): "42",
        (17, "response"): "recieved",
        (18, "q5b:census"): "n/a",
    }  # fmt: skip
    for (row, name), text in planted.items():
        sheet.cells[row - 1][at[name]] = text
    sheet.cells[18][0] = sheet.cells[9][0]
    sheet.save()

    faults = coding_sheet.check(sheet.path)
    header = sheet.cells[HEADER_ROW - 1]
    expected = sorted([*planted, (19, "unit_code")])
    assert sorted((fault.row, header[fault.column - 1]) for fault in faults) == expected
    assert len(faults) == 10
    for fault in faults:
        assert fault.file == "coder_a.csv" and fault.what and fault.remedy
        assert fault.value == (sheet.cells[fault.row - 1][fault.column - 1] or None)
    said = {(fault.row, header[fault.column - 1]): fault for fault in faults}
    assert "nearest: yes" in said[10, "q2a"].remedy
    assert "belongs to wave 2016" in said[12, "q2a"].what
    assert "row 10 already" in said[19, "unit_code"].what

    # A misspelt response or status leaves the rest of the row; a repeated unit leaves the row, told as one.
    lost = {
        (FULL[row - FIRST_ROW][0], name.split(":")[0]) + ((name.split(":")[1],) if ":" in name else ())
        for row, name in planted
    }
    repeated = FULL[19 - FIRST_ROW][0]
    gone = {
        record
        for record in before
        if record[0] == repeated or (record[0], record[1]) in lost or (record[0], record[1], record[2]) in lost
    }
    assert records(sheet.path) == before - gone
    assert len(coding_sheet.read(edition(sheet.path)).rejects) == 10


def test_xlsx_and_csv_are_read_alike(tmp_path):
    read = []
    for suffix in ("xlsx", "csv"):
        path = tmp_path / f"sheet.{suffix}"
        coding_template.write(path, codebook.FOI, "2017", FULL, "adjudicated", "2", AGREED)
        parsed = coding_sheet.read(edition(path, is_sample=True))
        assert parsed.rejects == []
        read.append(parsed.frames["codings"].drop(columns="sheet"))
    assert read[0].equals(read[1])
    assert set(read[0].series) == {"2"} and read[0].is_adjudicated.all() and read[0].is_sample.all()


def test_a_blank_row_is_not_read_and_a_blank_theme_is_never_no(sheet):
    for position in range(2, len(sheet.cells[9])):
        sheet.cells[9][position] = ""
    sheet.cells[10][sheet.places["q6:co_location"]] = ""
    sheet.save()
    (fault,) = coding_sheet.check(sheet.path)
    assert (fault.row, fault.value) == (11, None) and "left blank" in fault.what
    found = records(sheet.path)
    assert FULL[0][0] not in {unit for unit, *_ in found}
    assert (FULL[1][0], "q6", "co_location") not in {record[:3] for record in found}


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"q2a": "yes", "q2b": "not_applicable"}, "q2b", "though q2a is yes"),
        ({"q2a": "no", "q2b": "yes"}, "q2b", "though q2a is not yes"),
        ({"q2a": "in_process", "q2b": "no"}, "q2b", "though q2a is not yes"),
        ({"q3a": "no", "q3b": "yes"}, "q3b", "though q3a is not"),
        ({"q1:information_only": "yes", "q1:new_services": "yes"}, "q1:information_only", "service theme"),
        ({"q4b:stakeholder_engagement": "no", "q4b:neighbourhood_teams": "yes",
          **{f"q4b:{c}": "no" for c in ("community_connectors", "commissioning_leads", "community_faith_groups",
                                        "occupational_therapists", "voluntary_sector")}},
         "q4b:neighbourhood_teams", "part of stakeholder_engagement"),
        ({"q5b:assessment_only": "yes", "q5b:primary_research": "yes"}, "q5b:assessment_only", "set beside"),
        ({"q6:no_action_or_early_stage": "yes", "q6:pooled_budgets": "yes"}, "q6:no_action_or_early_stage", "beside"),
    ],
)  # fmt: skip
def test_codes_that_contradict_each_other_name_the_cell_that_gives_way(sheet, changes, column, words):
    for name, text in changes.items():
        sheet.cells[9][sheet.places[name]] = text
    sheet.save()
    faults = coding_sheet.check(sheet.path)
    assert [(f.row, sheet.cells[HEADER_ROW - 1][f.column - 1]) for f in faults] == [(10, column)]
    assert words in faults[0].what
    # The other cells of the row are kept.
    kept = [record for record in records(sheet.path) if record[0] == FULL[0][0]]
    assert len(kept) == len(CODED) - 1


def strategy_faults(tmp_path, document_type, wave, **changes):
    units = [("hwb_a", "A"), ("hwb_b", "B"), ("hwb_c", "C"), ("hwb_d", "D")] * 38
    units = [(f"{code}{n}", name) for n, (code, name) in enumerate(units[:151])]
    readings = strategies(document_type, wave, [code for code, _ in units])
    chosen = next(u for u, r in readings.items() if r["placement:priority"] == "yes" and r["label"] == "strong")
    reading = readings[chosen] | {name.replace("__", ":"): value for name, value in changes.items()}
    path = tmp_path / "strategies.csv"
    coding_template.write(path, document_type, wave, [(chosen, "A")], "coder_a", "1", {chosen: reading})
    names = [column.name for column in columns(document_type, wave)]
    return [(names[fault.column - 1], fault.what) for fault in coding_sheet.check(path)]


def test_a_strategy_has_one_placement_from_2017_and_could_have_two_before(tmp_path):
    twice = {"placement__vision": "yes", "q3_in_vision": "yes"}
    assert strategy_faults(tmp_path, "jhws", "2016", **twice) == []
    (fault,) = strategy_faults(tmp_path, "jhws", "2017", **twice)
    assert "second placement" in fault[1]
    faults = dict(strategy_faults(tmp_path, "jhws", "2017", placement__not_placed="yes"))
    # Placed and not placed, and a priority though not placed: both cells are in doubt.
    assert set(faults) == {"placement:not_placed", "q4_in_priority"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"terminology": "primary_secondary_tertiary", "triple_definition": "none"}, "terminology"),
        ({"terminology": "no_terms", "triple_definition": "full"}, "terminology"),
        ({"terminology": "primary_only", "triple_definition": "full"}, "terminology"),
        ({"q3_in_vision": "yes", "placement__priority": "no", "placement__not_placed": "yes", "q4_in_priority": "no"},
         "q3_in_vision"),
        ({"q4_in_priority": "no"}, "q4_in_priority"),
        ({"q5_in_principle": "listed", "placement__priority": "no", "placement__not_placed": "yes",
          "q4_in_priority": "no"}, "q5_in_principle"),
        ({"placement__priority": "no", "q4_in_priority": "no"}, "placement:not_placed"),
    ],
)  # fmt: skip
def test_placement_and_terminology_contradict_in_both_directions(tmp_path, changes, column):
    faults = strategy_faults(tmp_path, "jhws", "2017", **changes)
    assert [name for name, _ in faults] == [column]


def test_section_two_cannot_be_named_without_its_act(tmp_path):
    changes = {"policy_mention__care_act": "no", "policy_mention__care_act_section_2": "yes"}
    (fault,) = strategy_faults(tmp_path, "jhws", "2017", **changes)
    assert fault[0] == "policy_mention:care_act_section_2"


@pytest.mark.parametrize(
    ("row", "text", "words"),
    [
        (2, "survey", "document type is not known"),
        (3, "2031", "no such wave"),
        (4, "first", "not a whole number"),
        (5, "", "nobody is named"),
        (6, "0", "another version"),
    ],
)
def test_a_head_that_is_not_understood_refuses_the_sheet(sheet, row, text, words):
    sheet.cells[row - 1][1] = text
    sheet.save()
    (fault,) = coding_sheet.check(sheet.path)
    assert (fault.row, fault.column) == (row, 2) and words in fault.what
    with pytest.raises(InputError):
        coding_sheet.read(edition(sheet.path))


def test_a_file_that_is_no_coding_sheet_says_how_to_begin(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    (fault,) = coding_sheet.check(path)
    assert "no coding sheet" in fault.what and "prevention template" in fault.remedy
    assert "“a”, “b”" in fault.what


def test_a_ledger_is_not_taken_for_codings(tmp_path):
    path = tmp_path / "durham_2025.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert coding_sheet.is_coding_sheet(path)
    (tmp_path / "durham.columns.yml").write_text("", encoding="utf-8")
    assert not coding_sheet.is_coding_sheet(path)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("cp1252", ","), ("utf-8", ";"), ("utf-16", "\t"), ("utf-8-sig", "|"), ("cp1252", ";")]
)
def test_every_kind_of_csv_that_excel_writes_gives_the_same_codes(sheet, encoding, delimiter):
    quotation = "“Prevention”, £5; that’s it"
    sheet.cells[9][sheet.places["q2a:quotation"]] = quotation
    whole = records(sheet.path)
    with sheet.path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(sheet.cells)
    assert coding_sheet.check(sheet.path) == []
    assert records(sheet.path) == whole
    assert quotation in set(coding_sheet.read(edition(sheet.path)).frames["codings"].quotation)


def test_bytes_of_no_known_text_say_how_to_save_the_sheet(sheet):
    sheet.path.write_bytes(sheet.path.read_bytes() + b"\x81")
    (fault,) = coding_sheet.check(sheet.path)
    assert "CSV UTF-8" in fault.remedy


def test_a_blank_on_an_adjudicated_sheet_means_nothing_to_decide(sheet):
    sheet.cells[4][1] = "adjudicated"
    for position in range(2, len(sheet.cells[9])):
        sheet.cells[9][position] = ""
    sheet.cells[9][sheet.places["q2a"]] = "no"
    sheet.cells = sheet.cells[:10]
    sheet.path.write_text("", encoding="utf-8")
    with sheet.path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(sheet.cells)
    assert coding_sheet.check(sheet.path) == []
    assert records(sheet.path) == {(FULL[0][0], "q2a", "no", True)}


def test_a_question_that_another_wave_asked_is_told_as_such(tmp_path):
    path = tmp_path / "old.csv"
    coding_template.write(path, codebook.FOI, "2016", FULL[:1], "coder_a", "1", {})
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))
    cells[HEADER_ROW - 1].append("q4a")
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(cells)
    (fault,) = coding_sheet.check(path)
    assert (fault.value, fault.what) == ("q4a", "wave 2016 did not ask this; wave 2017 did")


def test_unknown_and_missing_columns_are_told_and_the_others_read(sheet):
    whole = len(records(sheet.path))
    sheet.cells[HEADER_ROW - 1][sheet.places["q2a"]] = "q2aa"
    sheet.save()
    unknown, missing = coding_sheet.check(sheet.path)
    assert unknown.value == "q2aa" and "nearest is q2a" in unknown.remedy
    assert "q2a is missing" in missing.what
    assert len(records(sheet.path)) == whole - len(FULL)


def test_the_template_offers_exactly_the_codes_of_its_wave(tmp_path):
    for wave in codebook.waves(codebook.FOI):
        path = tmp_path / f"{wave}.xlsx"
        coding_template.write_foi(path, wave, COUNCILS[:3])
        book = openpyxl.load_workbook(path)
        sheet, lists = book[SHEET], book["Lists"]
        offered = {}
        for rule in sheet.data_validations.dataValidation:
            column = rule.formula1.split("$")[1]
            values = tuple(cell.value for cell in lists[column] if cell.value)
            for area in rule.sqref.ranges:
                offered[sheet.cell(HEADER_ROW, area.min_col).value] = values
        assert offered == {c.name: c.choices for c in columns(codebook.FOI, wave) if c.choices}
        assert ("other_or_earlier_plans" in offered["q2a"]) == (wave == "2016")


def test_names_that_look_like_formulas_stay_text(tmp_path):
    units = [("E06000001", '=HYPERLINK("http://x","y")'), ("E06000002", "+1+cmd|' /C calc'!A0"), ("E06000003", "@x")]
    book = tmp_path / "sheet.xlsx"
    coding_template.write_foi(book, "2017", units)
    cells = [openpyxl.load_workbook(book)[SHEET].cell(FIRST_ROW + n, 2) for n in range(3)]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", name) for _, name in units]
    path = tmp_path / "sheet.csv"
    coding_template.write_foi(path, "2017", units)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        names = [row[1] for row in list(csv.reader(stream))[FIRST_ROW - 1 :]]
    assert names == [f"'{name}" for _, name in units]


def test_a_template_of_an_unknown_wave_or_document_is_refused(tmp_path):
    path = tmp_path / "x.xlsx"
    with pytest.raises(ValueError, match="has no wave 2031"):
        coding_template.write_foi(path, "2031", [])
    with pytest.raises(ValueError, match="has no wave 2016 of stp"):
        coding_template.write_strategies(path, "2016", "stp", [])
    with pytest.raises(ValueError, match="is no strategy"):
        coding_template.write_strategies(path, "2017", "foi_response", [])


def test_units_differ_152_councils_151_boards_44_partnerships():
    boards = codebook.boards(COUNCILS, "2016-17")
    assert (len(COUNCILS), len(boards), len(codebook.partnerships(COUNCILS, "2016-17"))) == (152, 151, 44)
    real = [("E06000028", "Bournemouth"), ("E06000029", "Poole"), ("E06000001", "Hartlepool")]
    assert [code for code, _ in codebook.boards(real, "2017-18")] == ["hwb_bournemouth_and_poole", "hwb_E06000001"]
    assert len(codebook.boards(real, "2019-20")) == 3
    assert codebook.partnerships(real, "2017-18") == []
