"""The codebook seeds agree with one another, and the sample's bridges with the sample's councils."""

from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_layout import columns
from sample.councils import in_force

COUNCILS = {council.council_code for council in in_force("2016-17")}


def in_use() -> set[tuple[str, str, str, str]]:
    """Every document type, wave, item and code of the codebooks."""
    documents = (codebook.FOI, *codebook.STRATEGIES)
    return {
        (document, wave, item.item_code, code.code)
        for document in documents
        for wave in codebook.waves(document)
        for item in codebook.items(document, wave)
        for code in item.codes
    }


def test_every_code_named_in_a_seed_is_in_the_codebook():
    known = {(document, item, code) for document, _, item, code in in_use()}
    named = {
        (row["document_type"], row["item_code"], code)
        for seed, column in (("coding_bases", "codes"), ("claim_points", "code"), ("finding_recipes", "codes"))
        for row in codebook.rows(seed)
        for code in row[column].split("|")
        if row["item_code"]
    }
    named |= {
        (row["document_type"], row["item_code"], row["code"])
        for row in codebook.rows("coding_item_bases")
        if row["code"]
    }
    assert len(named) > 50
    assert named <= known


def test_the_crosswalk_names_codes_of_its_wave():
    crosswalk = {
        (row["document_type"], row["wave"], row["item_code"], row["code"])
        for row in codebook.rows("codebook_crosswalk")
    }
    assert crosswalk and crosswalk <= in_use()
    # A code that one wave lacks must say what it is compared as, unless that wave did not ask the question.
    foi = {(wave, item, code) for document, wave, item, code in in_use() if document == codebook.FOI}
    waves = codebook.waves(codebook.FOI)
    asked = {(wave, item) for wave, item, _ in foi}
    drifted = {
        (codebook.FOI, wave, item, code)
        for wave, item, code in foi
        if any((other, item, code) not in foi and (other, item) in asked for other in waves)
    }
    assert drifted and drifted <= crosswalk


def test_each_wave_asks_what_its_request_asked():
    asked = {
        wave: {item.item_code for item in codebook.items(codebook.FOI, wave) if not item.is_optional}
        for wave in codebook.waves(codebook.FOI)
    }
    assert asked["2016"] == {"response", "q1", "q2a", "q2b", "q3a", "q3b"}
    assert asked["2017"] == asked["2016"] | {"q4a", "q4b", "q5a", "q5b", "q6"}


def test_what_came_after_the_first_sheets_is_optional():
    for seed, column in (("foi_codebook", "question_code"), ("strategy_codebook", "field_code")):
        later = {row[column] for row in codebook.rows(seed) if row["codebook_version"] != "1"}
        assert later
        for row in codebook.rows("coding_items"):
            if (row["document_type"] == codebook.FOI) == (seed == "foi_codebook"):
                assert (row["item_code"] in later) == (row["is_optional"] == "true"), row


def test_the_contradictions_name_columns_and_codes_of_their_waves():
    for row in codebook.rows("coding_contradictions"):
        for document in row["document_types"].split("|"):
            waves = set(row["waves"].split("|")) & set(codebook.waves(document))
            assert waves
            # A code of one of the waves is enough: the cells of the other cannot hold it.
            known: dict[str, set[str]] = {}
            for column in (column for wave in waves for column in columns(document, wave)):
                known.setdefault(column.name, set()).update(column.choices)
            for name, codes in (cell.split("=") for cell in (row["when_cells"], *row["needs_cells"].split(";"))):
                assert set(codes.split("|")) <= known[name], (row, name)
            assert row["refused_column"] in known


def test_every_item_has_a_base():
    based = {(row["document_type"], row["item_code"]) for row in codebook.rows("coding_item_bases") if not row["code"]}
    assert {(document, item) for document, _, item, _ in in_use()} == based


def test_parents_are_themes_of_the_same_question():
    themes = {(row["question_code"], row["code"]) for row in codebook.rows("foi_codebook")}
    parents = {
        (row["question_code"], row["parent_code"]) for row in codebook.rows("foi_codebook") if row["parent_code"]
    }
    assert parents and parents <= themes


def test_the_bridges_of_the_sample_cover_the_sample_and_no_real_council():
    for seed in ("board_bridge", "partnership_bridge"):
        fictional = {row["council_code"] for row in codebook.rows(seed) if row["is_sample"] == "true"}
        real = {row["council_code"] for row in codebook.rows(seed) if row["is_sample"] == "false"}
        assert fictional and fictional <= COUNCILS
        assert not real & COUNCILS
    members = [row["council_code"] for row in codebook.rows("partnership_bridge") if row["is_sample"] == "true"]
    assert sorted(members) == sorted(COUNCILS)
    assert {row["is_sample"] for row in codebook.rows("partnership_bridge")} == {"true"}


def test_units_of_each_wave_are_as_many_as_were_read():
    named = [(code, code) for code in sorted(COUNCILS)]
    for row in codebook.rows("coding_waves"):
        units = {
            "council": named,
            "board": codebook.boards(named, row["evidence_year"]),
            "partnership": codebook.partnerships(named, "2016-17"),
        }[row["unit_kind"]]
        assert len(units) == int(row["expected_units"])
