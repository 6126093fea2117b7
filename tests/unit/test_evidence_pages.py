"""What the evidence page says of the coding, and that every council's page says the same."""

import re

import invented_evidence
import invented_warehouse as invented
import pytest

from reporting.build import build
from reporting.markup import Column, Table, render


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    database = invented.build(folder / "warehouse.duckdb")
    build(database, folder / "out", publication={"publication_id": "p", "is_sample": True}, previous=None)
    return folder / "out" / "report"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def evidence(report) -> str:
    return text_of((report / "evidence.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def councils(report) -> dict[str, str]:
    found = {}
    for number in range(1, 13):
        path = report / "councils" / f"{invented.code(number)}.html"
        found[invented.code(number)] = text_of(path.read_text(encoding="utf-8"))
    return found


def test_nothing_disagrees_for_want_of_coverage(evidence):
    assert "3 of 12 (answer to the request, 2017)" in evidence
    assert "Not yet coded (3 of 12)" in evidence
    assert "Disagrees" not in evidence


def test_what_the_source_gets_wrong_stands_first(evidence):
    first = evidence.index("Where the printed reports contradict themselves")
    assert first < evidence.index("Does saying go with doing?") < evidence.index("Printed figures, recomputed")
    assert "35 of 41 is 85 per cent" in evidence


def test_percentages_carry_their_bounds_and_the_units_read(evidence):
    assert "8.3 to 91.7" in evidence and "3 of 12" in evidence and "tentative" in evidence
    assert "3 of 12 units have been read" in evidence


def test_each_council_page_and_the_evidence_page_read_the_same_rows(evidence, councils):
    coded = {invented.code(n) for n in invented_evidence.CODED}
    for code, text in councils.items():
        is_said_uncoded = "No answer or strategy of" in text
        assert is_said_uncoded == (code not in coded), code
    # The class a council's page gives is the one under which the evidence page names it, of the same year.
    year = invented.YEARS[-1]
    assert f"What each council claims and what its money shows, {year}" in evidence
    for number, word in ((1, "neither"), (2, "not enough evidence"), (3, "says and does")):
        assert f"Set beside its money in {year}: {word} ." in councils[invented.code(number)]
        if word != "not enough evidence":
            assert re.search(rf"{invented.council_name(number)[:20]}.{{0,40}} {word}", evidence, re.I), number


def test_readings_that_nobody_has_decided_show_as_such(councils):
    text = councils[invented.code(invented_evidence.CODED[-1])]
    assert "1 cell on which coders differ" in text
    assert "Undecided: ann: Yes; bob: No" in text


def test_boards_and_councils_stand_apart(councils):
    text = councils[invented.code(1)]
    assert "The board’s strategy, as read and labelled" in text
    assert "Answers to Freedom of Information requests, as coded" in text


def test_beside_every_named_council_stand_range_settings_and_modelled(evidence):
    row = evidence.split("What each council claims and what its money shows")[1]
    for words in ("11.0% to 31.0%", "3.0% to 5.0%", "0 of 22", "modelled"):
        assert words in row


def test_a_question_that_no_sheet_holds_has_no_line(evidence):
    assert "Question q2a" in evidence and "Which services does it name?" not in evidence


def test_a_question_that_repeats_the_one_above_it_is_told_apart_and_whole_for_who_cannot_see_it():
    rows = [["What do you do?", "Advice"], ["What do you do?", "Funds"], ["And how?", "Funds"]]
    table = Table("Answers", [Column("Question"), Column("Answer")], rows, has_groups=True)
    heads = re.findall(r"<th scope=\"row\"([^>]*)>([^<]*)</th>", str(render(table)))
    same = ' class="same"'
    assert heads == [("", "What do you do?"), (same, "What do you do?"), ("", "And how?")]
    assert table.as_csv().count("What do you do?") == 2
