"""Files that nobody catalogued: what they are taken for, what is asked about them, and what is left alone."""

import csv
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from finance_books import write_xlsx

from ingest import catalogue, land
from ingest.book import encoding_of, financial_years
from ingest.recognise import recognise
from ingest.sheets import read_rows
from orchestration.adding import noted, place_new_files, unpack
from orchestration.cli import main
from orchestration.home import Home

ABOVE = [
    ["Revenue Account Budget (RA) 2031-32: Revenue Account data"],
    ["Net current expenditure (£ thousand)"],
    ["Published 26 June 2031"],
]
NUMBERS = ["", "", "", "", 110, 120, 130, 140, 145, 165, 190, 355, 360, 390, 799]
HEADERS = [
    "E-code", "ONS Code", "Local authority", "Class", "Early years [note 2]", "Primary schools", "Secondary schools",
    "Special schools", "Alternative provision", "Post-16 provision", "TOTAL EDUCATION SERVICES",
    "Information and early intervention", "TOTAL ADULT SOCIAL CARE (total of lines 332 to 356)",
    "TOTAL PUBLIC HEALTH", "TOTAL SERVICE EXPENDITURE",
]  # fmt: skip


def body(number: int) -> list:
    return [f"E98{number:02d}", f"E069800{number:02d}", f"Northmere {number}", "UA", *range(number, number + 11)]


def budget(path: Path, headers=HEADERS, numbers=NUMBERS, order=None, above=ABOVE) -> Path:
    rows = [*above, numbers, headers, *(body(n) for n in range(1, 13))]
    if order:
        rows = [[row[i] if i < len(row) else None for i in order] if len(row) > 4 else row for row in rows]
    return write_xlsx(path, {"Notes": [["Notes"]], "RA LA Data 2031-32": rows})


def known_headers() -> list[str]:
    """The headers above, where the column map knows them; the others are replaced by ones it does know."""
    from ingest import column_map

    by_number = {
        r["number"]: r["header"] for r in reversed(column_map.load("revenue_account")) if r["layout"] == "numbered"
    }
    return [*HEADERS[:4], *(by_number.get(str(n), h) for n, h in zip(NUMBERS[4:], HEADERS[4:], strict=True))]


@pytest.fixture
def file(tmp_path) -> Path:
    return budget(tmp_path / "the new file.xlsx", known_headers())


def test_a_budget_says_what_it_is_under_any_name(file):
    found = recognise(file, catalogue.load())
    assert found.is_sure, found.questions
    assert (found.release.source.name, found.release.financial_year) == ("mhclg_revenue_account", "2031-32")
    assert (found.release.release_id, found.published_on) == ("mhclg_ra_2031-32", "2031-06-26")
    assert found.release.layout["sheets"][0]["name"] == "RA LA Data 2031-32"
    cells = found.parsed.frames["finance_cells"]
    assert set(cells.line_code) >= {"355", "360", "390", "799"}


def test_moved_columns_and_footnote_marks_are_no_question(tmp_path):
    headers = known_headers()
    headers[11] = f"{headers[11]} [note 7]"
    order = [*range(4), *range(14, 3, -1)]
    found = recognise(budget(tmp_path / "x.xlsx", headers, order=order), catalogue.load())
    assert found.is_sure, found.questions
    cells = found.parsed.frames["finance_cells"]
    first = cells[(cells.body_code == "E9801") & (cells.line_code == "355")]
    assert list(first.value_text) == ["8"]


def test_a_column_nobody_knows_is_asked_with_its_money_and_the_nearest_lines(tmp_path):
    headers, numbers = known_headers(), [*NUMBERS]
    headers[11], numbers[11] = "Early help and information for adults", 399
    found = recognise(budget(tmp_path / "x.xlsx", headers, numbers), catalogue.load())
    assert not found.is_sure
    (question,) = found.questions
    assert "Column L “Early help and information for adults”" in question.text
    assert "12 authorities have figures there, together 162" in question.text
    assert "Nearest known lines" in question.text and '--line "L=355"' in question.answer


def test_a_renamed_column_is_asked_with_the_line_of_its_form_number(tmp_path):
    headers = known_headers()
    headers[11] = "Zebra crossings"
    (question,) = recognise(budget(tmp_path / "x.xlsx", headers), catalogue.load()).questions
    assert "it bears the form line number 355. Nearest known lines: 355 Information and early" in question.text


def test_the_answer_makes_the_file_known_and_holds_for_the_next(tmp_path):
    home, headers, numbers = Home(tmp_path / "home"), known_headers(), [*NUMBERS]
    headers[11], numbers[11] = "Early help and information for adults", 399
    path = budget(tmp_path / "RA new.xlsx", headers, numbers)
    asked = CliRunner().invoke(main, ["add", "--home", str(home.root), str(path)])
    assert asked.exit_code == 2 and "question 1" in asked.output
    assert not home.landing.exists()
    wrong = CliRunner().invoke(main, ["add", "--home", str(home.root), str(path), "--line", "L=nonsense"])
    assert wrong.exit_code == 2 and "there is no line nonsense" in wrong.output
    taken = CliRunner().invoke(main, ["add", "--home", str(home.root), str(path), "--line", "L=355"])
    assert taken.exit_code == 0, taken.output
    (found,) = land.find(home.landing, known=catalogue.of_landing(home.landing))
    land.land(found, home.landing)
    (edition,) = land.editions(home.landing)
    assert edition.release_id == "mhclg_ra_2031-32"
    assert land.ingest(edition, home.raw).rows["finance_cells"] > 100
    again = budget(tmp_path / "another.xlsx", headers, numbers, above=[*ABOVE, ["once more"]])
    assert recognise(again, catalogue.of_landing(home.landing)).is_sure


def test_a_file_in_the_landing_folder_is_placed_by_itself_and_is_not_reviewed(file):
    home = Home(file.parent / "home")
    home.landing.mkdir(parents=True)
    file.rename(home.landing / file.name)
    assert place_new_files(home, [home.landing]) == []
    (entry,) = yaml.safe_load((home.landing / "catalogue.yml").read_text())["releases"]
    assert entry["release_id"] == "mhclg_ra_2031-32" and not entry["editions"][0]["is_reviewed"]
    (found,) = land.find(home.landing, known=catalogue.of_landing(home.landing))
    land.land(found, home.landing)
    (edition,) = land.editions(home.landing)
    assert (edition.is_verified, edition.published_on) == (False, "2031-06-26")


def test_a_file_of_no_known_series_is_named_and_nothing_else_happens(tmp_path):
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    (home.landing / "school_meals.csv").write_text("school,meals\nNorthmere,12\n", encoding="utf-8")
    (one,) = place_new_files(home, [home.landing])
    assert "not placed" in str(one) and "school_meals.csv" in str(one) and "prevention add" in str(one)
    assert noted(home) == [one]
    assert not (home.landing / "catalogue.yml").exists()
    (home.landing / "school_meals.csv").unlink()
    assert place_new_files(home, [home.landing]) == noted(home) == []


def test_what_explains_data_is_not_asked_about_and_paths_are_those_of_the_folder(tmp_path):
    home, data = Home(tmp_path / "home"), tmp_path / "given"
    (data / "school").mkdir(parents=True)
    for name in ("README.md", "readme_first.txt", "school/Data dictionary.csv", "LICENCE.txt", "notes.md"):
        (data / name).write_text("column,meaning\nmeals,how many\n", encoding="utf-8")
    assert place_new_files(home, [data]) == []
    for name in ("dictionaries_sold.csv", "meals_2025-26_notice.csv"):
        (data / "school" / name).write_text(f"school,sold\n{name},3\n", encoding="utf-8")
    left = place_new_files(home, [data])
    assert {one.path for one in left} == {"school/dictionaries_sold.csv", "school/meals_2025-26_notice.csv"}
    assert not any(str(tmp_path) in str(one) for one in left)


def test_a_zip_is_looked_into_and_its_paths_lead_nowhere(file, tmp_path):
    home, archive = Home(tmp_path / "home"), tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(file, "../../outside.xlsx")
        opened.writestr("readme.txt", "not a table")
    folder = unpack(archive, home)
    assert [p.name for p in land.files_of(folder)] == ["outside.xlsx"]
    assert folder.is_relative_to(home.landing) and not (tmp_path / "outside.xlsx").exists()


@pytest.mark.parametrize(
    ("changed", "delimiter"),
    [
        (lambda rows: rows, ";"),
        (lambda rows: rows, "\t"),
        (lambda rows: rows[3:], ","),
        (lambda rows: [[""] * 3, *rows], ","),
        (lambda rows: [["", *row] for row in rows], ","),
        (lambda rows: [*rows[:4], ["Ecode", *rows[4][1:]], *rows[5:]], ","),
        (lambda rows: [*rows[:4], ["E-code [note 4]", "ONS Code*", "LA name", *rows[4][3:]], *rows[5:]], ","),
        (lambda rows: [*rows[:4], [f"{text} [notes 3 and 4]" for text in rows[4]], *rows[5:]], ","),
        (lambda rows: [["Revenue Account budgets, year ending 31 March 2032"], *rows[1:]], ","),
        (lambda rows: [["Revenue Account budgets FY3132, in thousands of pounds"], [], *rows[2:]], ","),
    ],
)
def test_a_saved_copy_is_known_however_it_was_trimmed_and_saved(tmp_path, changed, delimiter):
    rows = [*ABOVE, NUMBERS, known_headers(), *(body(n) for n in range(1, 13))]
    path = tmp_path / "RA_2031-32 copy.csv"
    with path.open("w", encoding="cp1252", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(changed(rows))
    found = recognise(path, catalogue.load())
    assert found.is_sure, found.questions
    assert found.release.release_id == "mhclg_ra_2031-32"
    frame = found.parsed.frames["finance_cells"]
    assert frame[~frame.is_control].body_code.nunique() == 12 and frame.amount_thousand_gbp.notna().sum() == 132


@pytest.mark.real
def test_one_sheet_of_a_series_is_not_taken_for_all_of_it(real_data, tmp_path):
    workbook = next(real_data.rglob("ascof_2024_25.ods"))
    path = tmp_path / "outcomes.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(read_rows(workbook, "Table_1a"))
    found = recognise(path, catalogue.load(), published_on="2026-06-01")
    assert [question.answer for question in found.questions] == ["give the whole workbook"]


def test_years_and_encodings():
    assert financial_years(["FY 24-25", "year ended March 2021", "FY2326"]) == ["2024-25", "2020-21"]
    assert financial_years(["RO3_LA_Data_202425", "2023 to 2024", "2023-24", "2019-25"]) == ["2024-25", "2023-24"]
    assert encoding_of("£ thousand – …".encode("mac_roman")) == "mac_roman"
    assert encoding_of("£ thousand – …".encode("cp1252")) == "cp1252"
    assert encoding_of("£ – …".encode()) == "utf-8-sig"


@pytest.mark.real
def test_every_published_file_is_placed_by_its_own_words(real_data):
    """A small one of each series, so that it stays cheap: none is asked about, each is what the catalogue says."""
    known = catalogue.load()
    wanted = [
        "RSX_2023-24_data_by_LA.csv", "RS_2017-18_data_by_LA.xlsx", "mye24tablesew.csv", "NN.json",
        "RA_2023-24_data_Part_1.csv", "localauthoritynearestneighboursengland.csv", "ascof_ons_codes.csv",
        "GDP_Deflators_Qtrly_National_Accounts_December_2023_update.csv", "uk_local_authorities_current.csv",
        "admissions_care_homes_65p.csv", "LTLA-UTLA_Apr23_Lookup_England-Wales.csv",
    ]  # fmt: skip
    for path in (p for p in sorted(real_data.rglob("*")) if p.name in wanted):
        found = recognise(path, known)
        assert found.is_sure, (path.name, found.questions)
        assert found.release.release_id == known.by_file(path.name).release_id, path.name
        wanted.remove(path.name)
    assert wanted == []
