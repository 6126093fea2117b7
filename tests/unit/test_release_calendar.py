"""Sources are judged year by year, so that an old year read again makes nothing look fresh."""

from dataclasses import asdict, replace
from datetime import date

import duckdb
import page_claims
import pytest

from ingest import catalogue
from ingest.edition import Edition
from orchestration import release_calendar
from orchestration.home import Home
from orchestration.release_calendar import edition_due_on, expected_on, overdue, standing
from orchestration.status import describe
from reporting.pages import freshness

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


def stands(source, held: dict[str, list[str]], editions: dict[str, str], day: date):
    found = standing(source, set(held.get(source.name, ())), editions.get(source.name), day)
    return replace(found, editions_held=int(source.name in {*held, *editions}))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Sentences of the front page's section, and a database that lists what they say is held, on a day."""
    folder = tmp_path_factory.mktemp("freshness")

    def write(held: dict[str, list[str]], editions: dict[str, str], day: date):
        sources = [s for s in catalogue.load().sources.values() if not (s.is_sample or s.is_submitted)]
        calendar = [asdict(stands(s, held, editions, day)) for s in sources]
        database = folder / f"{len(list(folder.iterdir()))}.duckdb"
        inputs = [(source, year, "") for source, years in held.items() for year in years]
        inputs += [
            (s.name, None, r.release_id) for s in sources for r in catalogue.load().of(s.name) if s.name in editions
        ]
        columns = [list(column) for column in zip(*inputs, strict=True)] or [[], [], []]
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema meta")
            connection.execute("create table meta.inputs (source varchar, financial_year varchar, release_id varchar)")
            connection.execute("insert into meta.inputs select unnest($1), unnest($2), unnest($3)", columns)
        said = freshness.context({"calendar": calendar, "published_at": f"{day}T06:00:00+00:00"})
        return database, [said["all"], *said["series"]]

    return write


HELD = {
    "mhclg_revenue_account": [f"{year}-{(year + 1) % 100:02d}" for year in (*range(2013, 2019), 2020, 2021, 2023)],
    "nhs_asc_fr": ["2016-17"],
    "ons_population": [f"{year}-{(year + 1) % 100:02d}" for year in range(2015, 2025)],
}
EDITIONS = {"hmt_gdp_deflators": "2023-12"}


@pytest.mark.parametrize(
    ("held", "editions", "day"),
    [
        (HELD, EDITIONS, date(2026, 11, 27)),
        (HELD, EDITIONS, date(2024, 3, 31)),
        (HELD, EDITIONS, date(2024, 4, 2)),
        ({}, {}, date(2026, 11, 27)),
    ],
)
def test_the_front_page_says_what_is_out_and_what_comes_next(page, held, editions, day):
    database, claims = page(held, editions, day)
    marts = page_claims.Marts(database)
    for one in claims:
        about = {key: str(value) for key, value in one.about.items()}
        page_claims.CONDITIONS[one.kind](marts, about, one.text)


def test_its_words_are_those_of_the_calendar(page):
    _, claims = page(HELD, EDITIONS, date(2026, 11, 27))
    said = {one.about.get("source"): one.text for one in claims}
    assert said["mhclg_revenue_account"] == (
        "Revenue Account (RA) budgets by local authority: newest held 2023-24; out since: 2024-25 to 2026-27; of"
        " earlier years not held: 2019-20, 2022-23; 2027-28 is due by 31 July 2027."
    )
    assert said["hmt_gdp_deflators"].endswith("newest held of December 2023; the next edition was due by 1 April 2024.")
    assert said["nhs_asc_fr"].endswith("newest held 2016-17; no more is due.")


@pytest.mark.parametrize(
    ("source", "words", "planted"),
    [
        ("mhclg_revenue_account", "2024-25 to 2026-27", "2025-26 to 2026-27"),
        ("mhclg_revenue_account", "2027-28 is due", "2028-29 is due"),
        ("ons_population", "newest held 2024-25", "newest held 2025-26"),
        ("hmt_gdp_deflators", "was due", "is due"),
        (None, "series have", "9 series have"),
    ],
)
def test_a_wrong_sentence_about_what_is_held_is_seen(page, source, words, planted):
    database, claims = page(HELD, EDITIONS, date(2026, 11, 27))
    one = next(one for one in claims if one.about.get("source") == source)
    assert words in one.text
    about = {key: str(value) for key, value in one.about.items()}
    with pytest.raises((AssertionError, ValueError)):
        page_claims.CONDITIONS[one.kind](page_claims.Marts(database), about, one.text.replace(words, planted))


def test_a_series_that_another_stands_in_for_is_not_called_behind(tmp_path, monkeypatch):
    """The stack and the open data are not asked for where the time series is held."""
    series = catalogue.load().sources["ascof_time_series"]
    release = catalogue.load().of(series.name)[0]
    held = Edition(release, release.release_id, tmp_path, "0" * 64, "", "2026-01", True, 0)
    monkeypatch.setattr(release_calendar.land, "editions", lambda _: [held])
    found = {one.source: one for one in release_calendar.standings(tmp_path, date(2026, 11, 27))}
    assert found["ascof_open_data"].stood_in_by == found["ascof_stack"].stood_in_by == series.title
    said = freshness.context(
        {"calendar": [asdict(one) for one in found.values()], "published_at": "2026-11-27T06:00:00+00:00"}
    )
    texts = {one.about["source"]: one.text for one in said["series"]}
    assert f"none held; in its place stands {series.title}; 2025-26 is due by" in texts["ascof_open_data"]
    assert not freshness.is_behind(asdict(found["ascof_open_data"]), "2026-11-27")
    assert texts["council_registry"].startswith("Registry of UK local authorities, past and current: none held; no cal")


def test_the_sample_is_of_no_series():
    assert freshness.context({"calendar": [], "published_at": "2026-11-27T06:00:00+00:00"}) is None


def test_status_names_what_is_untried_and_why_a_series_has_no_calendar(tmp_path):
    said = {line.split(":")[0].strip(): line for line in describe(Home(tmp_path / "home")).splitlines()}
    assert "its reader has not yet been tried on a published file" in said["nhs_asc_fr_named"]
    assert "out but not held: 2017-18" in said["nhs_asc_fr_named"]
    assert "no calendar: every four to six years" in said["mhclg_indices_of_deprivation"]
    assert "not yet been tried" not in said["nhs_asc_fr"]
