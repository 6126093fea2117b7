"""The sample's replies behind its codes: read by page with people masked, and quotations held to their page."""

import duckdb
import pytest

pytestmark = pytest.mark.slow

HOLDS, ELSEWHERE, OTHERWISE = "E10900001", "E10900002", "E10900003"


@pytest.fixture(scope="module")
def marts(refreshed):
    with duckdb.connect(str(refreshed / "published" / "warehouse.duckdb"), read_only=True) as found:
        found.execute("use marts")
        yield found


def test_every_quotation_whose_document_is_held_is_judged(marts):
    found = marts.sql(
        """select unit_code, coder, item_code, status, found_page - page::int, nearest
           from mart_quotation_checks order by all"""
    ).fetchall()
    assert {row[0] for row in found} == {HOLDS, ELSEWHERE, OTHERWISE}
    assert {row[2] for row in found} == {"q2a"} and "adjudicated" in {row[1] for row in found}
    said = {(unit, status, moved) for unit, _, _, status, moved, _ in found}
    assert said == {(HOLDS, "on_page", 0), (ELSEWHERE, "on_other_page", 2), (OTHERWISE, "not_found", None)}
    assert all("is the first thing" in row[5] for row in found if row[0] == OTHERWISE)


def test_what_stands_on_no_page_is_not_shown_and_its_code_stays(marts):
    found = marts.sql(
        f"""select council_code, code, quotation is not null, is_quotation_checked from mart_council_evidence
            where item_code = 'q2a' and wave = '2017'
            and council_code in ('{HOLDS}', '{ELSEWHERE}', '{OTHERWISE}') order by all"""
    ).fetchall()
    assert [(row[0], row[2], row[3]) for row in found] == [
        (HOLDS, True, True), (ELSEWHERE, False, False), (OTHERWISE, False, False),
    ]  # fmt: skip
    assert all(row[1] for row in found)


def test_nobody_is_named_in_what_is_published(marts):
    pages = marts.sql("select unit_code, page, page_text, file, sha256 from mart_document_pages").fetchall()
    everything = " ".join(page[2] for page in pages)
    assert len({page[0] for page in pages}) == 3 and all(page[3].endswith(".txt") and page[4] for page in pages)
    assert not any(word in everything for word in ("Alex", "alex", "@", "01632"))
    assert everything.count("[name]") == everything.count("[e-mail address]") == 3
