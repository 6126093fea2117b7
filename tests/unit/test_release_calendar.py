"""Sources are judged year by year, so that an old year read again makes nothing look fresh."""

from datetime import date

import pytest

from ingest import catalogue
from orchestration.home import Home
from orchestration.release_calendar import edition_due_on, expected_on, overdue
from orchestration.status import describe

RA = catalogue.load().sources["mhclg_revenue_account"]
OUTTURN = catalogue.load().sources["mhclg_revenue_outturn"]
ALL_TO_2023 = {f"{year}-{(year + 1) % 100:02d}" for year in range(2013, 2024)}


@pytest.mark.parametrize(
    ("source", "year", "due"),
    [(RA, "2023-24", date(2023, 7, 31)), (OUTTURN, "2023-24", date(2024, 12, 31))],
)
def test_a_year_is_due_when_its_publisher_releases_it(source, year, due):
    assert expected_on(source, year) == due


def test_nothing_is_late_before_its_day():
    assert overdue(RA, ALL_TO_2023, date(2024, 7, 31)) == []


def test_the_day_after_it_is():
    (late,) = overdue(RA, ALL_TO_2023, date(2024, 8, 1))
    assert (late.financial_year, late.expected_on) == ("2024-25", date(2024, 7, 31))


def test_a_gap_in_the_middle_stays_late_whatever_was_read_last():
    held = ALL_TO_2023 - {"2019-20"} | {"2024-25"}
    assert [late.financial_year for late in overdue(RA, held, date(2024, 8, 1))] == ["2019-20"]


def test_a_source_without_a_calendar_is_never_late():
    assert overdue(catalogue.load().sources["mhclg_indices_of_deprivation"], set(), date(2030, 1, 1)) == []


def test_every_published_series_has_a_calendar_or_says_why_it_has_none():
    ways = {"expected", "months_between_editions", "without_calendar"}
    for source in catalogue.load().sources.values():
        if not (source.is_sample or source.is_submitted):
            assert len(ways & set(source.publishes)) == 1, source.name


def test_a_series_that_goes_on_under_another_name_is_due_in_one_of_the_two():
    by_number, named = (catalogue.load().sources[name] for name in ("nhs_asc_fr", "nhs_asc_fr_named"))
    today = date(2019, 6, 1)
    assert [late.financial_year for late in overdue(by_number, set(), today)] == ["2016-17"]
    assert [late.financial_year for late in overdue(named, set(), today)] == ["2017-18"]


@pytest.mark.parametrize(
    ("newest", "due"), [("2023-12", date(2024, 4, 1)), ("2024-09-30", date(2025, 1, 1)), (None, None)]
)
def test_an_edition_is_due_some_months_after_the_newest_one_held(newest, due):
    assert edition_due_on(catalogue.load().sources["hmt_gdp_deflators"], newest) == due
    assert edition_due_on(RA, newest) is None


def test_status_names_what_is_untried_and_why_a_series_has_no_calendar(tmp_path):
    said = {line.split(":")[0].strip(): line for line in describe(Home(tmp_path / "home")).splitlines()}
    assert "its reader has not yet been tried on a published file" in said["nhs_asc_fr_named"]
    assert "out but not held: 2017-18" in said["nhs_asc_fr_named"]
    assert "no calendar: every four to six years" in said["mhclg_indices_of_deprivation"]
    assert "not yet been tried" not in said["nhs_asc_fr"]
