"""The finance return with named keys, on files of our own making in the documented layout, not on a published one."""

import csv
from decimal import Decimal

import pytest

from ingest import catalogue
from ingest.edition import Edition
from ingest.problems import InputError
from ingest.published import asc_fr_named
from ingest.recognise import recognise
from ingest.tables import TABLES, to_arrow

# The columns of the 2018-19 data pack, as documented.
COLUMNS = (
    "UUID", "GEOGRAPHY_LEVEL", "DATA_LEVEL", "FY_ENDING", "GEOGRAPHY_CODE", "DH_GEOGRAPHY_NAME", "REGION_GO_CODE",
    "GEOGRAPHY_NAME", "CASSR", "DimensionGroup", "DataType_Key", "ComparativeTotals_Key", "DataSource_Key",
    "ValueType_Key", "CareType_Key", "FinanceType_Key", "FinanceDescription_Key", "AgeBand_Key",
    "PrimarySupportReason_Key", "SupportSetting_Key", "Purpose_Key", "CarerSupportType_Key", "ActivityProvision_Key",
    "ITEMVALUE",
)  # fmt: skip
COUNCIL = {
    "GEOGRAPHY_LEVEL": "Local Authority", "DATA_LEVEL": "Net Current Expenditure", "FY_ENDING": "2019",
    "GEOGRAPHY_CODE": "E10900001", "REGION_GO_CODE": "E12000004", "CASSR": "504", "DataType_Key": "Mandatory",
    "CareType_Key": "Long Term Care", "AgeBand_Key": "65 and Over", "PrimarySupportReason_Key": "Physical Support",
    "SupportSetting_Key": "Residential", "ITEMVALUE": "1234.567",
}  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """Write rows, each the ordinary one with some cells changed; gives the file."""

    def make(*changes: dict, columns=COLUMNS):
        path = tmp_path / "ASC-FR Data File (descriptions).csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(COUNCIL | change for change in changes)
        return path

    return make


def edition(path) -> Edition:
    release = catalogue.Release("any_1", catalogue.load().sources["nhs_asc_fr_named"], path.name, ())
    return Edition(release, "any_1", path, "0" * 64, "first", None, True, 0)


def rows_of(path) -> list[dict]:
    return to_arrow(TABLES["asc_fr_cells"], asc_fr_named.read(edition(path)).frames["asc_fr_cells"]).to_pylist()


def test_rows_at_the_bottom_are_kept_in_the_codes_of_the_earlier_return(made):
    path = made(
        {},
        {"SupportSetting_Key": "Community: Home Care", "ITEMVALUE": "10"},
        {"CareType_Key": "Short Term Care", "SupportSetting_Key": "", "Purpose_Key": "ST Max", "ITEMVALUE": "-2"},
        {"DATA_LEVEL": "Gross Current Expenditure", "ITEMVALUE": "2000"},
        # Sums, a part of the first row, a row of another table: none of them is money of its own.
        {"SupportSetting_Key": "99", "ITEMVALUE": "9999"},
        {"PrimarySupportReason_Key": "99", "ITEMVALUE": "9999"},
        {"FinanceDescription_Key": "Own Provision", "ITEMVALUE": "9999"},
        {"DATA_LEVEL": "Unit Cost", "ITEMVALUE": "9999"},
        {"GEOGRAPHY_LEVEL": "England", "CASSR": "", "REGION_GO_CODE": "E92000001", "ITEMVALUE": "50"},
    )
    rows = rows_of(path)
    told = [(r["measure"], r["care_type"], r["support_setting"], r["purpose"], r["amount_thousand_gbp"]) for r in rows]
    assert told == [
        ("net_current_expenditure", "long_term", "residential", "", Decimal("1234.567")),
        ("net_current_expenditure", "long_term", "home_care", "", Decimal("10")),
        ("net_current_expenditure", "short_term", "", "maximise_independence", Decimal("-2")),
        ("gross_current_expenditure", "long_term", "residential", "", Decimal("2000")),
        ("net_current_expenditure", "long_term", "residential", "", Decimal("50")),
    ]
    assert [r["cassr_code"] for r in rows] == ["504"] * 4 + [None]
    assert {(r["financial_year"], r["age_band"], r["support_reason"], r["data_type"]) for r in rows} == {
        ("2018-19", "65_plus", "physical", "mandatory")
    }
    assert rows[0]["source_row"] == 2 and rows[0]["source_column"] == COLUMNS.index("ITEMVALUE") + 1


def test_headers_without_key_are_those_of_the_later_years(made):
    later = tuple(name.removesuffix("_Key") for name in COLUMNS)
    path = made({name.removesuffix("_Key"): value for name, value in COUNCIL.items()}, columns=later)
    assert [r["support_setting"] for r in rows_of(path)] == ["residential"]


def test_a_marker_is_rejected_and_is_never_nought(made):
    parsed = asc_fr_named.read(edition(made({}, {"SupportSetting_Key": "Nursing", "ITEMVALUE": ":"})))
    assert len(parsed.frames["asc_fr_cells"]) == 1
    (reject,) = parsed.rejects
    assert (reject.row, reject.column, reject.value) == (3, COLUMNS.index("ITEMVALUE") + 1, ":")
    assert "no return" in reject.what


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SupportSetting_Key": "Somewhere Else"}, ("column T", "Somewhere Else", "Community: Home Care")),
        ({"CareType_Key": "Long Term Thing"}, ("column O", "Long Term Thing", "not been tried on a published file")),
        ({"FY_ENDING": "spring"}, ("column D", "spring", "year in which the financial year ends")),
        ({"SupportSetting_Key": "Residential", "ITEMVALUE": "7"}, ("row 2 has the same", "count twice")),
    ],
)
def test_what_differs_from_the_documented_layout_stops_the_reader_with_words(made, change, said):
    with pytest.raises(InputError) as stopped:
        asc_fr_named.read(edition(made({}, change)))
    message = str(stopped.value)
    assert "row 3" in message
    for words in said:
        assert words in message


def test_a_file_without_net_current_expenditure_says_what_it_holds(made):
    with pytest.raises(InputError, match="net current expenditure") as stopped:
        asc_fr_named.read(edition(made({"DATA_LEVEL": "Unit Cost"})))
    assert "Unit Cost" in str(stopped.value)


def test_it_is_recognised_with_its_year_and_marked_untried(made):
    found = recognise(made({}), catalogue.load())
    assert found.is_sure, found.questions
    assert found.release.source.name == "nhs_asc_fr_named" and found.release.source.is_untried
    assert (found.release.financial_year, found.release.release_id) == ("2018-19", "nhs_asc_fr_named_2018-19")
