"""The service map workbook: written with real lines, read back as raw rows, its totals and drop-downs in place."""

from decimal import Decimal

import openpyxl
import pytest
from service_maps import BUDGET, COUNCIL, FILLED, YEAR, line_cell, spoil, write_good

from ingest.catalogue import Release, Source
from ingest.land import Edition
from ingest.submitted.service_maps import service_map, service_map_template
from ingest.submitted.service_maps.map_layout import (
    BUDGET_LINES,
    CHOICES,
    LINES,
    QUESTIONS,
    SHEETS_READ,
    TARGETS,
    TIERS,
)
from ingest.tables import TABLES, to_arrow


def edition_of(path):
    source = Source("service_maps", "Service maps", "council", "", "service_map", folder="maps")
    release = Release(f"service_maps:{path.stem}", source, path.name, ())
    return Edition(release, f"{release.release_id}@12345678", path, "12345678", "as submitted", None, False, 0)


def frames_of(path):
    return service_map.read(edition_of(path)).frames


def test_good_map_gives_raw_rows_of_the_declared_types(tmp_path):
    frames = frames_of(write_good(tmp_path / "map.xlsx"))
    for name, frame in frames.items():
        assert to_arrow(TABLES[name], frame).num_rows == len(frame) > 0
    lines = frames["service_map_lines"].set_index("service_name")
    telecare = lines.loc["Careline telecare"]
    assert (telecare.line_code, telecare.basis, telecare.driver_kind) == ("330", "staff_time", "share")
    assert (telecare.driver_value, telecare.low_share, telecare.high_share) == (
        Decimal("0.65"),
        Decimal("0.6"),
        Decimal("0.7"),
    )
    assert (telecare.department, telecare.service_code) == ("adult_social_care", "E06000047.careline_telecare")
    assert (telecare.map_id, telecare.assessed_on) == ("E06000047:2025-26:v1", "2025-06-02")
    assert (telecare.sheet, telecare.source_row, telecare.source_column) == (LINES, 11, 9)
    advice = lines.loc["Advice line"]
    assert (advice.driver_kind, advice.driver_value, advice.service_code) == (
        "quantity",
        Decimal(4000),
        "information_and_advice",
    )
    tiers = frames["service_map_tiers"]
    assert set(tiers.service_code) == set(lines.service_code)
    assert tiers[tiers.tier == "tertiary"].tier_share.tolist() == [Decimal(1), Decimal("0.2")]
    targets = frames["service_map_targets"].set_index("item").value_text.to_dict()
    assert targets == {"shift_target_share": "0.02", "shift_target_year": "2028-29", "q1": "Monthly, by the board"}


def test_source_positions_lead_back_to_the_cell(tmp_path):
    path = write_good(tmp_path / "map.xlsx")
    workbook = openpyxl.load_workbook(path)
    frames = frames_of(path)
    for table, column in (("service_map_lines", "driver_value"), ("service_map_tiers", "tier_share")):
        for row in frames[table].itertuples():
            cell = workbook[row.sheet].cell(row.source_row, row.source_column)
            assert Decimal(str(cell.value)) == getattr(row, column)


def test_shared_map_gives_one_row_per_council(tmp_path):
    details = {
        "map_kind": "Shared by several councils",
        "council_code": None,
        "council_name": None,
        "councils": "E06000047, E06000001;E06000002",
        "shared_name": "North East partnership",
        "valid_to_year": "2027-28",
        "definition_version": 2,
        **FILLED["details"],
    }
    frames = frames_of(write_good(tmp_path / "map.xlsx", details=details))
    lines = frames["service_map_lines"]
    assert lines.groupby("council_code").size().to_dict() == {"E06000001": 4, "E06000002": 4, "E06000047": 4}
    assert set(lines.map_id) == {"north_east_partnership:2025-26:v2"}
    assert set(lines.map_kind) == {"shared"}
    assert "north_east_partnership.falls_visits" in set(frames["service_map_tiers"].service_code)


def test_thirds_and_sixths_never_come_to_more_than_the_whole(tmp_path):
    sixth = {
        "line_code": "301",
        "department": "Adult social care",
        "basis": "Expert estimate",
        "share": 1 / 6,
        "confidence": "low",
    }
    lines = [{**sixth, "service_name": f"Team {number}"} for number in range(6)]
    tiers = [
        {"service_name": f"Team {number}", "tier": "reactive", "tier_share": 1, "confidence": "low"}
        for number in range(6)
    ]
    path = write_good(tmp_path / "map.xlsx", lines=lines, tiers=tiers)
    shares = frames_of(path)["service_map_lines"].driver_value
    assert Decimal("0.9999999999") < sum(shares) <= 1


def test_blank_rows_at_the_end_and_spaces_are_tolerated(tmp_path):
    def change(workbook):
        workbook[LINES].cell(400, 5, "   ")
        workbook[TIERS].cell(900, 1, "\u00a0")
        line_cell(workbook, "Falls visits", "Department").value = " public  HEALTH "
        line_cell(workbook, "Falls visits", "Line code").value = 340

    frames = frames_of(spoil(write_good(tmp_path / "map.xlsx"), change))
    falls = frames["service_map_lines"].set_index("service_name").loc["Falls visits"]
    assert (falls.department, falls.line_code) == ("public_health", "340")


def test_template_alone_is_not_a_map_yet(tmp_path):
    path = tmp_path / "map.xlsx"
    service_map_template.write(path, COUNCIL, YEAR, BUDGET)
    assert any("the map is blank" in problem.what for problem in service_map.check(path))


def test_template_holds_every_line_and_eight_questions(tmp_path):
    path = write_good(tmp_path / "map.xlsx")
    workbook = openpyxl.load_workbook(path, data_only=True)
    listed = {row[0].value: row for row in workbook[BUDGET_LINES].iter_rows(min_row=7)}
    assert [*listed] == [line["line_code"] for line in BUDGET]
    assert listed["330"][4].value == 1200000
    assert [listed[code][8].value for code in ("301", "330", "340")] == ["not mapped yet", "complete", "complete"]
    assert workbook[BUDGET_LINES]["H4"].value == 2370000
    asked = [row[0].value for row in workbook[TARGETS].iter_rows()]
    assert [code for code in QUESTIONS if code in asked] == [f"q{n}" for n in range(1, 9)]


def test_drop_downs_offer_the_words_that_are_read(tmp_path):
    workbook = openpyxl.load_workbook(write_good(tmp_path / "map.xlsx"))
    lists = {}
    for name in SHEETS_READ:
        for rule in workbook[name].data_validations.dataValidation:
            if rule.type == "list" and "OFFSET" not in rule.formula1:
                sheet, cells = rule.formula1.lstrip("=").rsplit("!", 1)
                words = [c[0].value for c in workbook[sheet.strip("'")][cells.replace("$", "")]]
                lists[name, str(rule.sqref).split(":")[0]] = words
    offered = [words for words in lists.values()]
    for kind in CHOICES:
        assert list(CHOICES[kind]) in offered, kind
    assert [line["line_code"] for line in BUDGET] in offered


def test_nothing_merged_hidden_or_locked_away(tmp_path):
    workbook = openpyxl.load_workbook(write_good(tmp_path / "map.xlsx"))
    for sheet in workbook:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert not any(size.hidden for size in [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()])
        assert sheet.protection.password is None
    assert not any(workbook[name].protection.sheet for name in SHEETS_READ)
    assert workbook[LINES].freeze_panes == "E7"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_text_that_begins_like_a_formula_stays_text(text, tmp_path):
    lines = [{**line} for line in BUDGET]
    lines[0]["line_name"] = text
    path = tmp_path / "map.xlsx"
    service_map_template.write(path, {"code": "E06000047", "name": text}, YEAR, lines)
    workbook = openpyxl.load_workbook(path)
    cells = [c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value == text]
    assert len(cells) >= 2
    assert {(c.data_type, c.quotePrefix) for c in cells} == {("s", True)}


def test_same_map_is_the_same_file(tmp_path):
    first, second = (write_good(tmp_path / name, targets={}).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


def test_unusable_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="not a financial year"):
        service_map_template.write(tmp_path / "map.xlsx", COUNCIL, "2025-27", BUDGET)
    with pytest.raises(ValueError, match="no budget lines"):
        service_map_template.write(tmp_path / "map.xlsx", COUNCIL, YEAR, [])
    with pytest.raises(ValueError, match="does not have: 999"):
        service_map_template.write(
            tmp_path / "map.xlsx", COUNCIL, YEAR, BUDGET, filled={"lines": [{"line_code": "999"}]}
        )
