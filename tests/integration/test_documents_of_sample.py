"""The sample's replies behind its codes: read by page with people masked, and quotations held to their page."""

import re
from html import unescape

import duckdb
import pytest

from reporting.pages.documents import marked, spans

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


def test_one_reply_is_walked_from_its_page_to_the_national_percentage(refreshed, marts):
    report = refreshed / "published" / "report"
    council = (report / "councils" / f"{HOLDS}.html").read_text(encoding="utf-8")
    (address, anchor) = re.search(r'href="\.\./(documents/[^"#]+)#(page-5)"><bdi>Invented wording', council).groups()
    document = (report / address).read_text(encoding="utf-8")
    page = document.split(f'id="{anchor}"')[1].split("</section>")[0]
    assert f"<mark>Invented wording of {HOLDS}: prevention comes first in what we plan</mark>" in page
    row = next(r for r in re.findall(r"<tr.*?</tr>", document, re.DOTALL) if f'href="#{anchor}"' in r)
    numerator, denominator, percent = re.findall(r'<data value="([\d.]+)"', row)
    national = 'href="../evidence.html#foi"'
    assert national in row and 'id="foi"' in (report / "evidence.html").read_text(encoding="utf-8")
    expected = marts.sql(
        """select numerator, denominator, percent from mart_foi_summary s where is_latest_series and wave = '2017'
           and question_code = 'q2a' and code = (select code from mart_council_evidence e
           where e.council_code = 'E10900001' and e.wave = '2017' and e.item_code = 'q2a')"""
    ).fetchone()
    assert (int(numerator), int(denominator)) == expected[:2] and abs(float(percent) - float(expected[2])) < 0.005
    assert f'href="../councils/{HOLDS}.html"' in document


def test_a_quotation_that_does_not_stand_in_its_document_links_to_no_passage(refreshed):
    report = refreshed / "published" / "report"
    for unit in (ELSEWHERE, OTHERWISE):
        assert f"foi_response-2017-{unit}.html#page" not in (report / "councils" / f"{unit}.html").read_text()
        assert "<mark>" not in (report / "documents" / f"foi_response-2017-{unit}.html").read_text()


def test_the_pages_of_documents_are_those_of_the_mart(refreshed, marts):
    folder = refreshed / "published" / "report" / "documents"
    for unit, pages in marts.sql("select unit_code, count(*) from mart_document_pages group by all").fetchall():
        text = unescape((folder / f"foi_response-2017-{unit}.html").read_text(encoding="utf-8"))
        assert text.count('class="document-page"') == pages and "[name] masked" not in text
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("we plan <first>", ["We plan\n<first>"]),
        ("“We plan” … then care", ["We plan", "then, care"]),
        ("we plan last", []),
        ("…", []),
    ],
)
def test_a_passage_is_found_without_regard_to_case_and_line_ends(quotation, found):
    text = "Here: We plan\n<first>; then, care."
    assert [text[a:b].strip(";>") for a, b in spans(text, quotation)] == [f.strip(">") for f in found]
    assert "<first>" not in marked(text, [quotation]) and marked(text, [quotation]).count("<mark>") == len(found)
