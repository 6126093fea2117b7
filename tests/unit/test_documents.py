"""Documents behind the codes: text by page, people masked, and quotations that stand where they are said to."""

import zipfile
from collections import Counter
from types import SimpleNamespace

import pytest

from ingest.problems import InputError
from ingest.submitted.codings import document, document_text, quotations
from ingest.submitted.codings.personal_data import MASKS, in_words, masked
from tests.small_pdf import write_pdf

PAGES = (
    "Dear Ms Ann Example\nYour request of 3 May 2017, reference FOI 2017/0123.",
    "We have developed our own local approach to prevention, which was agreed in 2016.\nIt cost 01,234,567 pounds.",
    "Yours sincerely\nJohn O'Weir\nPolicy officer\njohn.oweir@council.gov.uk\nTel: 020 7946 0018",
)
NAME = "foi_response_2017_E06000001"


@pytest.fixture
def pdf(tmp_path):
    return write_pdf(tmp_path / f"{NAME}.pdf", PAGES)


def test_a_pdf_is_read_by_page_and_keeps_no_name_address_or_number(pdf):
    held = document.parse(pdf)
    assert (held.document_type, held.wave, held.unit_code) == ("foi_response", "2017", "E06000001")
    assert len(held.pages) == 3
    everything = "\n".join(held.pages)
    for gone in ("Ann", "Example", "O'Weir", "@", "7946"):
        assert gone not in everything
    assert set(MASKS.values()) <= {word for word in MASKS.values() if word in everything}
    assert held.found == Counter(name=2, email=1, telephone=1)
    assert in_words(held.found) == "2 names, 1 e-mail address, 1 telephone number"
    # What is no name, number or address stays.
    assert "Your request of 3 May 2017, reference FOI 2017/0123." in held.pages[0]
    assert "01,234,567" in held.pages[1] and "Policy officer" in held.pages[2]


def test_what_is_kept_of_a_document_is_the_masked_text(pdf):
    source = SimpleNamespace(is_sample=False)
    edition = SimpleNamespace(path=pdf, release_id="documents:one", release=SimpleNamespace(source=source))
    frame = document.read(edition).frames["document_pages"]
    assert list(frame.page) == [1, 2, 3] and set(frame.unit_code) == {"E06000001"}
    assert not frame.page_text.str.contains("Weir|@|7946").any()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dear Mrs Jane Smith-Jones", "name"), ("Contact officer: Amir Khan\n", "name"), ("Cllr Bob Roe said", "name"),
        ("Kind regards\n\nJane Smith\n", "name"), ("From: Sian Price, policy", "name"),
        ("write to foi@some-council.gov.uk", "email"), ("+44 (0)20 7946 0018", "telephone"),
        ("01632 960 983", "telephone"),
        ("(01632) 960983", "telephone"), ("07700 900123", "telephone"),
    ],
)  # fmt: skip
def test_people_are_found_where_they_stand(text, kind):
    assert masked(text)[1][kind] == 1


@pytest.mark.parametrize(
    "text",
    ["Dear Sir", "Dear Applicant", "Section 2 of the Care Act 2014", "£01 234 567 890", "2016-17 to 2019-20",
     "Name: the council", "The Prevention Board met"],
)  # fmt: skip
def test_what_is_no_person_stays(text):
    assert masked(text) == (text, Counter())


def test_a_name_once_found_is_masked_wherever_it_stands():
    text, found = masked("Dear Ms Ann Example\nAs Ann Example asked")
    assert "Example" not in text and found["name"] == 2


@pytest.mark.parametrize(
    ("quotation", "page", "status", "found_page"),
    [
        ("We have developed our own local approach to prevention", "2", "on_page", 2),
        ("“we have developed  our own… agreed in 2016”", "2", "on_page", 2),
        ("We have developed our own local approach", None, "on_page", 2),
        ("We have developed our own local approach", "3", "on_other_page", 2),
        ("We have devised a local approach to prevention", "2", "not_found", None),
        ("Dear Ms Ann Example", "1", "on_page", 1),
    ],
)
def test_a_quotation_is_found_on_its_page_or_the_nearest_is_told(pdf, quotation, page, status, found_page):
    pages = document.parse(pdf).pages
    found = quotations.judged(quotation, page, pages)
    assert (found.status, found.page) == (status, found_page)
    if status == "not_found":
        assert "developed our own local approach" in found.nearest and found.nearest_page == 2
        what, remedy = quotations.problem(pdf.name, found, page)
        assert pdf.name in what and "the nearest is" in remedy and "page 2" in remedy


def test_word_html_and_text_are_read_by_page(tmp_path):
    from docx import Document
    from docx.enum.text import WD_BREAK

    word = Document()
    word.add_paragraph("First page of the plan")
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    word.add_paragraph("Second page of the plan")
    word.save(str(tmp_path / "plan.docx"))
    pages = document_text.pages(tmp_path / "plan.docx")
    assert ["First page" in pages[0], "Second page" in pages[1], len(pages)] == [True, True, 2]
    (tmp_path / "plan.html").write_text("<style>p{}</style><p>One &amp; two</p><script>x</script><p>Three", "utf-8")
    assert document_text.pages(tmp_path / "plan.html")[0].split() == ["One", "&", "two", "Three"]
    (tmp_path / "plan.txt").write_bytes("Caf\u00e9 \u201cfirst\u201d\fsecond".encode("cp1252"))
    assert document_text.pages(tmp_path / "plan.txt") == ["Caf\u00e9 \u201cfirst\u201d", "second"]


def test_a_document_that_cannot_be_used_says_why(tmp_path):
    cases = {
        f"{NAME}.pdf": (b"%PDF-1.4 broken", "damaged"),
        f"{NAME}.docx": (b"PK", "damaged"),
        "reply.pdf": (b"", "does not say whose it is"),
        "foi_response_2031_E06000001.pdf": (b"", "does not say whose it is"),
    }
    for name, (content, words) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError) as raised:
            document.parse(path)
        assert words in raised.value.problems[0].what and raised.value.problems[0].remedy
    with pytest.raises(InputError) as raised:
        document.parse(write_pdf(tmp_path / f"{NAME}.pdf", ("", "")))
    assert "no text" in raised.value.problems[0].what and "OCR" in raised.value.problems[0].remedy
    with zipfile.ZipFile(tmp_path / f"{NAME}.docx", "w") as parts:
        parts.writestr("word/document.xml", "<x/>")
    with pytest.raises(InputError):
        document.parse(tmp_path / f"{NAME}.docx")
