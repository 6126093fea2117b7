"""The multi-year outturn data set and the forms RO4 and RO5, on files of our own in the documented layout."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from finance_books import edition, write_xlsx

from ingest import catalogue, land
from ingest.column_map import load
from ingest.problems import InputError
from ingest.published import revenue_outturn
from ingest.recognise import recognise
from orchestration.adding import place_new_files
from orchestration.cli import main
from orchestration.home import Home
from orchestration.status import describe

WHO = ["year_ending", "ONS_code", "LA_LGF_code", "LA_name", "status", "LA_class", "LA_subclass"]
IDS = ["RO3_ascinf", "RO3_asctot", "RO3_phtot", "RO4_housgfcfhml_hml_tot", "RO4_housgfcftot", "RO4_housnew_thing"]
ITEMS = [f"{own}_{measure}" for own in IDS for measure in ("tot_exp", "net_cur_exp")] + ["RG_granttot_tot_grant"]
PUBLISHED = "2031-09-17"


def row(ending: str, ons_code: str, ecode: str, name: str, body_class: str, start: int, status="submitted") -> list:
    return [ending, ons_code, ecode, name, status, body_class, body_class, *(start + n for n in range(len(ITEMS)))]


def rows() -> list[list]:
    return [
        [*WHO, *ITEMS],
        row("203003", "E06980001", "E9801", "Northmere", "UA", 100),
        row("203103", "E06980001", "E9801", "Northmere", "UA", 200),
        row("203103", "E12000007", "E5100", "Greater London Authority", "O", 10),
        ["203103", "E06980002", "E9802", "Southmere", "not submitted", "UA", "UA", *["[x]"] * len(ITEMS)],
        row("203103", "E92000001", "", "England", "Eng", 900, ""),
        row("203103", "E06", "", "Unitary authorities", "UA", 800, ""),
        row("203103", "E12000007", "E5100", "Greater London Authority", "GLA", 10, ""),
    ]


def written(path: Path, content: list[list]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(content)
    return path


@pytest.fixture
def file(tmp_path) -> Path:
    return written(tmp_path / "Revenue_Outturn_time_series_data_v9.csv", rows())


def read(path: Path, form="ro3", year="2030-31"):
    layout = {"form": form, "multi_year": True}
    return revenue_outturn.read(edition(path, "revenue_outturn", layout, year)).frames["finance_cells"]


def test_one_form_and_year_is_read_from_where_it_stands(file):
    frame = read(file)
    assert set(frame.financial_year) == {"2030-31"} and set(frame.source) == {"ro3"}
    own = frame[(frame.body_code == "E9801") & (frame.measure == "net_current_expenditure")]
    assert dict(zip(own.line_code, own.amount_thousand_gbp, strict=True)) == {
        "355": Decimal(201), "360": Decimal(203), "390": Decimal(205),
    }  # fmt: skip
    assert dict(zip(own.line_code, own.source_column, strict=True)) == {"355": 9, "360": 11, "390": 13}
    assert set(own.source_row) == {3}
    assert set(read(file, year="2029-30").source_row) == {2}


def test_totals_are_told_from_authorities_and_no_return_from_zero(file):
    frame = read(file)
    assert set(frame.body_code[frame.is_control]) == {"Eng", "E06", "E12"}
    assert set(frame.body_code[~frame.is_control]) == {"E9801", "E9802", "E5100"}
    silent = frame[frame.body_code == "E9802"]
    assert set(silent.flag) == {"no_return"} and silent.amount_thousand_gbp.isna().all()


def test_an_id_that_nobody_has_named_is_kept_and_counts_in_no_sum(file):
    frame = read(file, "ro4")
    assert dict(zip(frame.line_code, frame.section, strict=True)) == {
        "440": "housing", "490": "housing", "ro4_housnew_thing": "notes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        ((0, 2), "LGF", "no column for la_lgf_code"),
        ((2, 4), "grossed", "may be the publisher's estimates"),
        ((2, 2), "1", "neither an authority's"),
        ((0, 10), "RO3_asc_net_cur_exp", None),
    ],
)
def test_a_file_that_differs_is_refused_in_words(tmp_path, at, value, said):
    content = rows()
    content[at[0]][at[1]] = value
    path = written(tmp_path / "series.csv", content)
    if said is None:
        assert "360" not in set(read(path).line_code[read(path).measure == "net_current_expenditure"])
        content[0][9] = "RO3_asc_tot_exp"
        said = "no column for 360"
        written(path, content)
    with pytest.raises(InputError, match=said):
        read(path)


def test_a_year_that_the_file_does_not_hold_is_said(file):
    with pytest.raises(InputError, match="holds no authority"):
        read(file, year="2031-32")


def test_it_is_an_edition_of_every_form_and_year_it_holds(file, tmp_path):
    home = tmp_path / "home"
    found = recognise(file, catalogue.load())
    assert [question.answer for question in found.questions] == []
    ran = CliRunner().invoke(main, ["add", "--home", str(home), "--published", PUBLISHED, str(file)])
    assert ran.exit_code == 0, ran.output
    assert (
        "the multi-year data set (one row an authority and year) has not been tried on a published file" in ran.output
    )
    for release in ("mhclg_ro3_2029-30", "mhclg_ro3_2030-31", "mhclg_ro4_2029-30", "mhclg_ro4_2030-31"):
        assert release in ran.output
    known = catalogue.of_landing(home / "landing")
    for one in land.find(home / "landing", known=known):
        land.land(one, home / "landing")
    landed = land.editions(home / "landing")
    assert {(e.release.layout["form"], e.release.financial_year) for e in landed} == {
        (form, year) for form in ("ro3", "ro4") for year in ("2029-30", "2030-31")
    }
    assert {e.published_on for e in landed} == {PUBLISHED} and {e.path.read_bytes() for e in landed} == {
        file.read_bytes()
    }
    served = land.served(landed)
    assert served == {e.release_id for e in landed}
    assert "RO4 (housing services); RO5" in describe(Home(home))


def test_it_restates_what_is_held_of_a_form_and_year(tmp_path):
    """Of a form and year held already it is one more edition, of which the day has to be known."""
    content = rows()
    for one in content[1:]:
        one[0] = "202503" if one[0] == "203103" else "202403"
    path = written(tmp_path / "series.csv", content)
    found = recognise(path, catalogue.load())
    assert found.questions[0].answer == "--published 2026-06-25"
    dated = recognise(path, catalogue.load(), published_on=PUBLISHED)
    assert dated.is_sure and not dated.is_new_release
    held = catalogue.load().releases
    assert dated.release.release_id in {release.release_id for release in held}
    assert [o.release.release_id for o in dated.others] == [
        "mhclg_ro3_2024-25",
        "mhclg_ro4_2023-24",
        "mhclg_ro4_2024-25",
    ]


def test_the_next_data_set_of_the_same_name_is_recognised_anew(file, tmp_path):
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    kept = written(home.landing / file.name, rows())
    assert place_new_files(home, [home.landing]) == []
    content = rows()
    content.append(row("203203", "E06980001", "E9801", "Northmere", "UA", 300))
    written(kept, content)
    left = place_new_files(home, [home.landing])
    assert len(left) == 1 and "--published" not in left[0].why and "when it was published" in left[0].why


def test_ids_lead_to_lines_that_the_forms_have():
    """No id stands for a line that neither the budgets nor the outturn forms print."""
    known = {r["line_code"]: r["section"] for r in (*load("revenue_outturn"), *load("revenue_account"))}
    for one in load("revenue_outturn_ids"):
        assert known[one["line_code"]] == one["section"], one


def test_housing_and_culture_are_read_as_social_care_is(tmp_path):
    who = ["E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certification"]
    homeless = "Homeless Reduction Act: Administration, Prevention, Relief & Support"
    for form, services, codes in (
        ("ro4", [homeless, "TOTAL HOMELESSNESS", "TOTAL HOUSING SERVICES (GFRA only)"],
         ["440_prevention_and_relief", "440", "490"]),
        ("ro5", ["Library service", "TOTAL CULTURAL AND RELATED SERVICES",
                 "TOTAL ENVIRONMENTAL AND REGULATORY SERVICES", "TOTAL PLANNING AND DEVELOPMENT SERVICES"],
         ["505", "509", "590", "599"]),
    ):  # fmt: skip
        headers = [*who, *(f"{service} - Net Current Expenditure (C7 = C3 - C6)" for service in services)]
        council = ["E9801", "E06980001", "Northmere", None, "UA", "UA", "Y", *range(1, len(services) + 1)]
        sheet = f"{form.upper()}_LA_Data_203031"
        title = f"Worksheet 2: Revenue Outturn (RO) 2030-31: ({form.upper()}) data"
        above = [[title], ["Data are reported in £ thousand."], ["Last updated: 17th September 2031"]]
        path = write_xlsx(tmp_path / f"{form}.xlsx", {"Notes": [["x"]], sheet: [*above, headers, council]})
        found = recognise(path, catalogue.load())
        assert found.is_sure, found.questions
        assert found.release.release_id == f"mhclg_{form}_2030-31" and form.upper() in found.release.untried
        frame = found.parsed.frames["finance_cells"]
        assert list(frame.line_code) == codes and list(frame.amount_thousand_gbp) == list(range(1, len(codes) + 1))


def test_an_unknown_service_of_a_form_is_asked_once_for_all_its_measures(tmp_path):
    who = ["E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certification"]
    measures = ("Employees (C1)", "Running Expenses (C2)", "Net Current Expenditure (C7 = C3 - C6)")
    services = ["TOTAL HOUSING SERVICES (GFRA only)", "Lodgings for lighthouse keepers"]
    headers = [*who, *(f"{service} - {measure}" for service in services for measure in measures)]
    council = ["E9801", "E06980001", "Northmere", None, "UA", "UA", "Y", *range(1, 7)]
    path = write_xlsx(tmp_path / "RO4.xlsx", {"RO4_LA_Data_203031": [headers, council]})
    found = recognise(path, catalogue.load())
    assert [q.answer for q in found.questions if "--line" in q.answer] == [
        '--line "K=355" for a known line, --line "K=new:adult_social_care" for a new one, --line "K=text" for words or '
        "counts"
    ]
