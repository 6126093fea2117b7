"""Outcomes, population, deflators, deprivation and finance return: tiny files in the published layouts."""

from decimal import Decimal

import pytest
import xlsxwriter

from ingest.catalogue import Release, Source
from ingest.land import Edition
from ingest.problems import InputError
from ingest.published import asc_fr, ascof, ascof_stack, deflators, deprivation, lga_extract, population
from ingest.tables import TABLES, to_arrow


@pytest.fixture
def edition(tmp_path):
    """An edition of a CSV file with this text, or of a workbook with these sheets of rows."""

    def make(content, layout: dict | None = None, year: str | None = None) -> Edition:
        if isinstance(content, str):
            path = tmp_path / "published.csv"
            path.write_text(content, encoding="utf-8")
        else:
            path = tmp_path / "published.xlsx"
            with xlsxwriter.Workbook(path) as book:
                for name, rows in content.items():
                    sheet = book.add_worksheet(name)
                    for n, row in enumerate(rows):
                        sheet.write_row(n, 0, row)
        source = Source("any", "Any", "a publisher", "OGL-UK-3.0", "any")
        release = Release("any_1", source, path.name, (), financial_year=year, layout=layout or {})
        return Edition(release, "any_1", path, "0" * 64, "first", None, True, 0)

    return make


def column(parsed, table: str, name: str) -> list:
    """A column of a raw table as it is written, nulls as None."""
    return to_arrow(TABLES[table], parsed.frames[table])[name].to_pylist()


OPEN_DATA = [
    "Geographical Code", "Geographical Description", "Geographical Level", "ONS Code", "ASCOF Measure Code",
    "Disaggregation Level", "Measure Type", "Measure Value", "Measure Group", "Measure Group Description",
]  # fmt: skip


def open_data_row(level="Council", value="498.2", kind="Outcome", breakdown="Total"):
    return ["704", "Somewhere", level, "E09000012", "2A265OV", breakdown, kind, value, "2A2", "Admissions"]


def test_open_data_keeps_a_withheld_value_as_a_marker(edition):
    rows = [OPEN_DATA, open_data_row(value="[x]", kind="Numerator"), open_data_row()]
    parsed = ascof.read(edition({"in": rows}, {"sheet": "in", "map": "2020-21"}, "2020-21"))
    frame = parsed.frames["ascof_cells"]
    assert column(parsed, "ascof_cells", "marker") == ["[x]", None]
    assert column(parsed, "ascof_cells", "value") == [None, Decimal("498.2")]
    assert frame["measure_code"].unique().tolist() == ["2A2"]
    assert frame["value_kind"].tolist() == ["numerator", "outcome"]
    assert frame[["source_row", "source_column"]].values.tolist() == [[2, 8], [3, 8]]


def test_open_data_of_2024_25_has_other_level_names_and_no_wording(edition):
    content = (
        "Geographical code,Geographical description,Geographical level,ONS code,ASCOF measure code,"
        "Disaggregation level,Measure type,Measure value\n"
        "704,Somewhere,local authority,E09000012,2C,Total,numerator,35\n"
        "ENG,England,national,E92000001,2C,Total,outcome,[c]\n"
    )
    parsed = ascof.read(edition(content, {"map": "2024-25"}, "2024-25"))
    frame = parsed.frames["ascof_cells"]
    assert frame["geography_level"].tolist() == ["council", "england"]
    assert frame["measure_code"].tolist() == ["2C", "2C"]
    assert column(parsed, "ascof_cells", "marker") == [None, "[c]"]


def test_an_unknown_geographical_level_stops_the_file(edition):
    rows = [OPEN_DATA, open_data_row(level="Parish")]
    with pytest.raises(InputError, match="sheet “in”, row 2, column C: an unknown geographical level"):
        ascof.read(edition({"in": rows}, {"sheet": "in", "map": "2020-21"}, "2020-21"))


def test_a_renamed_open_data_column_stops_the_file_naming_the_near_ones(edition):
    headers = ["Measure Values" if h == "Measure Value" else h for h in OPEN_DATA]
    with pytest.raises(InputError, match=r"column 8 \(H\).*nearest known headers: Measure Value"):
        ascof.read(edition({"in": [headers]}, {"sheet": "in", "map": "2020-21"}, "2020-21"))


def test_the_stack_fills_in_what_its_last_year_leaves_blank(edition):
    content = (
        "Year,Geographical Description,ONS Code,Measure Group,Measure Group Description,Measure_Value,"
        "Geographical Level,Disaggregation Level,Measure Type\n"
        "2017-18,Unitary,,2A2,,500.1,Council type,Total,Outcome\n"
        "2023-24,Barnet,E09000003,2C,Admissions,410.0,Council,,\n"
    )
    frame = ascof_stack.read(edition(content)).frames["ascof_cells"]
    assert frame["geography_level"].tolist() == ["council_type", "council"]
    assert frame["breakdown"].tolist() == ["Total", "Total"]
    assert frame["value_kind"].tolist() == ["outcome", "outcome"]
    assert frame["framework_year"].tolist() == ["2017-18", "2023-24"]


def test_the_extract_changes_measure_code_with_the_framework(edition):
    content = (
        "area_code,area_name,period,indicator,measure,unit,value\n"
        "E08000007,Stockport,2020/21,Admissions,Rate,Persons,NA\n"
        "E92000001,England,2023/24,Admissions,Rate,Persons,566.0\n"
        "E92000001,England,last year,Admissions,Rate,Persons,1.0\n"
    )
    layout = {"measure_codes": {"2014-15": "2A2", "2023-24": "2C"}}
    parsed = lga_extract.read(edition(content, layout))
    frame = parsed.frames["ascof_cells"]
    assert frame["measure_code"].tolist() == ["2A2", "2C"]
    assert frame["geography_level"].tolist() == ["council", "england"]
    assert column(parsed, "ascof_cells", "marker") == ["NA", None]
    assert [problem.row for problem in parsed.rejects] == [4]


def population_sheet(last_age="90+"):
    ages = [str(age) for age in range(90)] + [last_age]
    areas = [["E06000001", " Hartlepool "] + [92] + [1] * 91]
    return {"Persons": [["A title"], ["Code", "Name", "All ages", *ages], *areas, ["A footnote, without figures"]]}


@pytest.mark.parametrize("last_age", ["90+", "90"])
def test_population_reads_every_age_and_passes_over_footnotes(edition, last_age):
    layout = {"sheet": "Persons", "header_row": 2, "mid_year": 2021}
    parsed = population.read(edition(population_sheet(last_age), layout))
    frame = parsed.frames["population_cells"]
    assert sorted(frame["age"]) == list(range(-1, 91))
    assert frame["area_name"].unique().tolist() == ["Hartlepool"]
    assert not parsed.rejects


def test_population_rejects_figures_without_a_code_and_cells_without_a_figure(edition):
    sheets = population_sheet()
    sheets["Persons"][3:] = [["", "Nowhere"] + [1] * 92, ["E06000002", "Hole", 91, ".."] + [1] * 90]
    parsed = population.read(edition(sheets, {"sheet": "Persons", "header_row": 2, "mid_year": 2021}))
    assert [(p.row, p.value) for p in parsed.rejects] == [(4, ""), (5, "..")]


def test_population_stops_when_an_age_is_missing(edition):
    sheets = population_sheet()
    sheets["Persons"][1].remove("7")
    with pytest.raises(InputError, match="columns missing: 7"):
        population.read(edition(sheets, {"sheet": "Persons", "header_row": 2, "mid_year": 2021}))


DEFLATORS = (
    ',Financial year,2022-23 = 100,per cent change on previous year,"Cash £ million\nNon-Season-ally Adjusted",'
    '"Cash £ million\nSeasonally Adjusted",,Calendar year,2022 = 100,per cent change on previous year,'
    '"Cash £ million\nNon-Seasonally Adjusted"\n'
    ",2022-23,100.000,6.80,1,1,,2022,100.000,5.14,1\n"
    ',"2023-24 (1), (2)",-,6.10,1,1,,"2023 (1), (2)",-,7.03,1\n'
    ",Sources and footnotes:,,\n,2024-25,not a year of the table,\n"
)


def test_deflators_keep_a_forecast_year_with_its_growth_only(edition):
    parsed = deflators.read(edition(DEFLATORS, {"header_row": 1}))
    frame = parsed.frames["deflators"]
    assert frame["financial_year"].tolist() == ["2022-23", "2023-24"]
    assert column(parsed, "deflators", "deflator_index") == [Decimal("100.000"), None]
    assert frame["growth_percent"].tolist() == [Decimal("6.80"), Decimal("6.10")]
    assert frame["is_forecast"].tolist() == [False, True]
    assert frame["base_year"].unique().tolist() == ["2022-23"]


def test_deflators_stop_on_a_new_column(edition):
    with pytest.raises(InputError, match="column 12"):
        deflators.read(
            edition(
                DEFLATORS.replace('Non-Seasonally Adjusted"\n', 'Non-Seasonally Adjusted",New\n'), {"header_row": 1}
            )
        )


DEPRIVATION = [
    "Upper Tier Local Authority District code (2019)", "Upper Tier Local Authority District name (2019)",
    "Crime - Average rank ", "Crime - Rank of average rank ", "Crime - Average score ",
    "Crime - Rank of average score ", "Crime - Proportion  of LSOAs in most deprived 10% nationally ",
    "Crime - Rank of proportion of LSOAs in most deprived 10% nationally ",
]  # fmt: skip


def test_deprivation_takes_the_domain_from_the_sheet(edition):
    rows = [DEPRIVATION, ["E06000001", "Hartlepool", 22855.72, 23, 0.566, 21, 0.3276, 12]]
    frame = deprivation.read(edition({"Notes": [], "Crime": rows}, {"sheets": {"Crime": "crime"}})).frames
    cells = frame["deprivation_cells"].set_index("measure")["value"]
    assert cells["average_score"] == Decimal("0.566") and cells["most_deprived_tenth_share"] == Decimal("0.3276")
    assert frame["deprivation_cells"]["domain"].unique().tolist() == ["crime"]


ASC_FR = (
    "FY_Ending,CASSR_CODE,GEOGRAPHY_CODE,REGION_GO_CODE,CareType_KEY,AgeBand_KEY,PrimarySupportReason_KEY,"
    "SupportSetting_KEY,Purpose_KEY,CarerSupportType_KEY,DataType_KEY,TOTALEXPENDITURE,TOTALINCOME,"
    "NETTOTALEXPENDITURE,GROSSTOTALEXPENDITURE,NETCURRENTEXPENDITURE,GROSSCURRENTEXPENDITURE\n"
)


def test_finance_return_decodes_keys_and_marks_voluntary_rows(edition):
    content = (
        f"{ASC_FR}2017,102,E1,E12,2,2,6,7,,,1,10.5,1,9.5,9.5,9.5,1.54E-09\n2017,,,E92000001,2,3,6,7,,,2,1,1,1,1,1,1\n"
    )
    parsed = asc_fr.read(edition(content))
    frame = parsed.frames["asc_fr_cells"]
    first = frame[frame["measure"] == "gross_current_expenditure"].iloc[0]
    assert first[["financial_year", "care_type", "age_band", "support_setting"]].tolist() == [
        "2016-17", "long_term", "65_plus", "residential",
    ]  # fmt: skip
    assert first["amount_thousand_gbp"] == Decimal("1.54E-09")
    assert frame["data_type"].unique().tolist() == ["mandatory", "voluntary"]
    assert column(parsed, "asc_fr_cells", "cassr_code")[-1] is None


def test_finance_return_stops_on_a_key_nobody_decoded(edition):
    with pytest.raises(InputError, match="a key number that the key list does not know"):
        asc_fr.read(edition(ASC_FR + "2017,102,E1,E12,2,2,99,7,,,1,1,1,1,1,1,1\n"))


WIDE = (
    "Table 2c: admissions of people aged 65 and over [note 9]\n"
    "Cells marked with a [c] indicate the figure has been suppressed.\n"
    "Local authority code,Local authority,ONS area code,2023 to 2024 - numerator,2023 to 2024 - outcome,"
    "2024 to 2025 - good numerator,2024 to 2025 - outcome\n"
    'England,England,E92000001,"65,060",592.5,[z],600.0\n'
    "U,Unitary Authorities,[z],300,600.0,[z],620.0\n"
    "981,Northmere,E06980001,100 (90),500.0 (461.5),[c],[c]\n"
    "[z],Northmere and Eastmere,[z],1,2,3,4\n"
)


def test_a_workbook_of_outcome_tables_is_read_by_its_headers(edition):
    parsed = ascof.read(edition(WIDE, year="2024-25"))
    frame = parsed.frames["ascof_cells"]
    assert frame["measure_code"].unique().tolist() == ["2C"]
    assert frame["source"].unique().tolist() == ["ascof_time_series"]
    assert frame["financial_year"].tolist()[:4] == ["2023-24", "2023-24", "2024-25", "2024-25"]
    assert frame["framework_year"].unique().tolist() == ["2024-25"]
    assert frame["breakdown"].tolist()[:4] == ["Total", "Total", "good", "Total"]
    assert frame["geography_level"].tolist()[::4] == ["england", "council_type", "council"]


def test_of_two_figures_in_a_cell_the_one_outside_the_brackets_is_official(edition):
    parsed = ascof.read(edition(WIDE, year="2024-25"))
    values, markers = column(parsed, "ascof_cells", "value"), column(parsed, "ascof_cells", "marker")
    assert values[8:] == [Decimal(100), Decimal(500), None, None]
    assert markers[8:] == [None, None, "[c]", "[c]"]
    assert column(parsed, "ascof_cells", "value_text")[8] == "100 (90)"


def test_a_row_that_two_councils_share_is_rejected_by_name(edition):
    (reject,) = ascof.read(edition(WIDE, year="2024-25")).rejects
    assert "Northmere and Eastmere" in str(reject) and "row 7" in str(reject)


def test_an_unknown_kind_of_outcome_column_stops_the_file(edition):
    with pytest.raises(InputError, match="neither a place nor a year and a kind of value"):
        ascof.read(edition(WIDE.replace("2024 to 2025 - outcome", "2024 to 2026 - outcome"), year="2024-25"))


LONG = (
    "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER_NAME,C_AGE_NAME,MEASURES_NAME,OBS_VALUE\n"
    "2024,Northmere,E06980001,Total,All Ages,Value,30\n"
    "2024,Northmere,E06980001,Total,Age 0,Value,10\n"
    "2024,Northmere,E06980001,Total,Aged 90+,Value,20\n"
    "2024,Northmere,E06980001,Total,Aged 90+,Percent,66.7\n"
    "2024,Northmere,E06980001,Male,Aged 90+,Value,8\n"
    "2024,Northmere,E06980001,Total,Aged 65+,Value,\n"
)


def test_the_long_form_of_population_gives_single_ages_of_all_persons(edition):
    text = LONG.replace("Aged 65+,Value,\n", "Aged 16 to 64,Value,99\n")
    parsed = population.read(edition(text))
    assert column(parsed, "population_cells", "age") == [-1, 0, 90]
    assert column(parsed, "population_cells", "persons") == [30, 10, 20]
    assert column(parsed, "population_cells", "mid_year") == [2024, 2024, 2024]


def test_the_long_form_of_population_says_which_column_is_missing(edition):
    with pytest.raises(InputError, match="columns missing: GEOGRAPHY_CODE"):
        population.read(edition(LONG.replace("GEOGRAPHY_CODE", "CODE")))


def test_population_without_sheet_or_header_row_finds_its_header(edition):
    ages = [str(age) for age in range(90)]
    header = ",".join(["Code", "Name", "Geography", "All ages", *ages, "90+"])
    row = ",".join(["E06980001", "Northmere", "Unitary Authority", "910", *["10"] * 91])
    parsed = population.read(edition(f"A title\n{header}\n{row}\n", year="2024-25"))
    assert len(column(parsed, "population_cells", "age")) == 92
    assert set(column(parsed, "population_cells", "mid_year")) == {2024}


@pytest.mark.parametrize("one", [population, deflators])
def test_a_file_that_ends_before_its_header_row_is_refused_in_words(edition, one):
    with pytest.raises(InputError, match=r"the file ends before its header row 9\. What to do: "):
        one.read(edition("<html>Not found</html>\n", {"header_row": 9}))
