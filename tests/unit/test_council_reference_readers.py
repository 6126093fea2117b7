"""Registers and lookups: tiny files in the published layouts."""

import pytest

from ingest.catalogue import Release, Source
from ingest.land import Edition
from ingest.problems import InputError
from ingest.published import area_lookup, cassr_codes, council_registry, nearest_neighbours

REGISTRY_HEADERS = (
    "local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,nation,region,"
    "local-authority-type,former-gss-codes,current-authority,ecode"
)


@pytest.fixture
def edition(tmp_path):
    """An edition of a file with this content, read with this layout."""

    def make(content: str, layout: dict | None = None, name: str = "published.csv") -> Edition:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        source = Source("any", "Any", "a publisher", "OGL-UK-3.0", "any")
        release = Release("any_1", source, name, (), layout=layout or {})
        return Edition(release, "any_1", path, "0" * 64, "first", None, True, 0)

    return make


def test_registry_keeps_dates_and_successors_as_published(edition, monkeypatch):
    monkeypatch.setattr("ingest.column_map.load", lambda source: _map(REGISTRY_HEADERS))
    row = 'OLD,Old Council,Old,E10000099,,2023-04-01,"NEW,NWX",England,,CTY,,False,E9999'
    parsed = council_registry.read(edition(f"{REGISTRY_HEADERS}\n{row}\n", {"kind": "registry", "map": "registry"}))
    authority = parsed.frames["council_register"].iloc[0]
    assert (authority["replaced_by"], authority["end_date"]) == ("NEW,NWX", "2023-04-01")
    assert authority["region"] is None and not authority["is_current"]
    assert (authority["source_row"], authority["source_column"]) == (2, 4)


def test_a_new_registry_column_stops_the_file_and_names_near_headers(edition):
    content = "gss-code,local-authority-codes\nE1,ABC\n"
    with pytest.raises(InputError, match=r"column 2 \(B\).*nearest known headers: local-authority-code"):
        council_registry.read(edition(content, {"kind": "gss", "map": "gss"}))


def test_a_missing_registry_column_stops_the_file(edition):
    with pytest.raises(InputError, match="local-authority-code: a column the map expects is not in the file"):
        council_registry.read(edition("gss-code\nE1\n", {"kind": "gss", "map": "gss"}))


def test_a_repeated_column_stops_the_file(edition):
    content = "gss-code,local-authority-code,gss-code\nE1,ABC,E1\n"
    with pytest.raises(InputError, match="the column repeats column A, both mapped to variant"):
        council_registry.read(edition(content, {"kind": "gss", "map": "gss"}))


def test_a_file_that_ends_before_its_header_row_stops(edition):
    with pytest.raises(InputError, match="the file ends before its header row 3"):
        council_registry.read(edition("gss-code\n", {"kind": "gss", "map": "gss", "header_row": 3}))


def test_a_layout_of_unknown_kind_stops(edition):
    with pytest.raises(InputError, match="the layout's kind is 'list'"):
        council_registry.read(edition("gss-code\n", {"kind": "list"}))


def test_a_lookup_row_without_key_is_rejected(edition):
    content = "gss-code,local-authority-code\n,GONE\nE06000001,HPL\n"
    parsed = council_registry.read(edition(content, {"kind": "gss", "map": "gss"}))
    assert list(parsed.frames["council_name_variants"]["variant"]) == ["E06000001"]
    assert [problem.row for problem in parsed.rejects] == [2]


def test_cassr_codes_hold_councils_only(edition):
    content = (
        "Geography,Council type,Council region,LA Code ,ONS Area Code\n"
        "England,,,,E92000001\nNorth East,,North East,NE,E12000001\n"
        "Darlington,Unitary Authority,North East,117,E06000005\n"
    )
    frame = cassr_codes.read(edition(content)).frames["cassr_codes"]
    assert frame[["cassr_code", "council_code"]].values.tolist() == [["117", "E06000005"]]


def test_area_lookup_reads_both_tiers(edition):
    headers = "LTLA23CD,LTLA23NM,LTLA23NMW,UTLA23CD,UTLA23NM,UTLA23NMW,ObjectId"
    content = f"{headers}\nE07000008,Cambridge,,E10000003,Cambridgeshire,,1\n"
    frame = area_lookup.read(edition(content, {"map": 2023})).frames["area_lookup"]
    assert frame.loc[0, ["lower_code", "upper_code"]].tolist() == ["E07000008", "E10000003"]


def test_neighbours_leave_out_the_council_itself_and_repeats(edition):
    content = '{"E1": ["E1", "E2", "E3", "E2"], "E2": ["E1"]}'
    frame = nearest_neighbours.read(edition(content, name="NN.json")).frames["nearest_neighbours"]
    assert frame[["council_code", "neighbour_code"]].values.tolist() == [["E1", "E2"], ["E1", "E3"], ["E2", "E1"]]


def test_a_damaged_neighbour_file_stops(edition):
    with pytest.raises(InputError, match="not a JSON object of lists"):
        nearest_neighbours.read(edition('["E1"]', name="NN.json"))


def _map(headers: str) -> tuple[dict, ...]:
    names = {
        "local-authority-code": "registry_code",
        "gss-code": "council_code",
        "former-gss-codes": "former_gss_codes",
        "official-name": "official_name",
        "nice-name": "nice_name",
        "local-authority-type": "authority_type",
        "current-authority": "is_current",
        "start-date": "start_date",
        "end-date": "end_date",
        "replaced-by": "replaced_by",
    }
    return tuple({"layout": "registry", "header": h, "name": names.get(h, h)} for h in headers.split(","))


RANKED = (
    "Upper tier local authority code,Upper tier local authority name,Neighbour 1,Neighbour 2\n"
    "E06980001,Northmere,E06980003,E06980002\n"
    "E06980002,Eastmere,E06980001,E06980002\n"
)


def test_ranked_neighbours_keep_their_rank_and_are_never_the_council_itself(edition):
    parsed = nearest_neighbours.read(edition(RANKED))
    found = parsed.frames["nearest_neighbours"]
    assert found[["council_code", "neighbour_code", "neighbour_rank"]].values.tolist() == [
        ["E06980001", "E06980003", 1],
        ["E06980001", "E06980002", 2],
        ["E06980002", "E06980001", 1],
    ]
    (reject,) = parsed.rejects
    assert reject.row == 3 and reject.column == 4


def test_a_table_without_ranks_is_no_list_of_neighbours(edition):
    with pytest.raises(InputError, match="no row of headers has a council's code and neighbours by rank"):
        nearest_neighbours.read(edition("Code,Name\nE06980001,Northmere\n"))
