"""Altered files of every small kind: nothing comes in changed without a word, and no reader falls over."""

import itertools
from collections import Counter

import pytest

from benchmarks import fuzz
from benchmarks.fuzzing import checked
from benchmarks.fuzzing.mutations import MUTATIONS, OTHER, SAME, Mutation
from benchmarks.fuzzing.outcomes import FAILURES, FOR_THE_CHECKS, IDENTICAL, NOTHING, REFUSED, REJECTED, SILENT
from benchmarks.planting.trial import Said

CASES = 200
# Files of a few dozen rows: the larger ones take their turn in `make fuzz`.
SMALL = {
    "deflators csv", "lga_extract csv", "ascof_stack csv", "ledger csv", "council_registry csv", "cassr_codes csv",
    "coding_sheet csv", "area_lookup csv",
}  # fmt: skip
UNDERSTOOD = {mutation.name for mutation in MUTATIONS if mutation.makes == SAME}


@pytest.fixture(scope="module")
def kinds(sample_files, tmp_path_factory):
    return fuzz.subjects(sample_files, tmp_path_factory.mktemp("altered"), SMALL.__contains__)


@pytest.fixture(scope="module")
def outcomes(kinds):
    return list(itertools.islice(fuzz.cases(kinds), CASES))


def test_nothing_changes_in_silence_and_no_reader_falls_over(outcomes):
    assert {one.source for one in outcomes} == SMALL
    assert [one for one in outcomes if one.outcome in FAILURES] == []


def test_every_outcome_is_met_and_refusals_say_why(outcomes):
    assert {IDENTICAL, REFUSED, REJECTED, FOR_THE_CHECKS} == {one.outcome for one in outcomes}
    said = [one.words for one in outcomes if one.outcome in (REFUSED, REJECTED)]
    assert all("altered" in words and "What to do: " in words for words in said)


def test_figures_written_another_way_are_mostly_read_as_they_are(outcomes):
    found = Counter(one.outcome for one in outcomes if one.mutation in UNDERSTOOD)
    assert found[IDENTICAL] > found.total() * 0.6


def test_the_same_case_is_always_the_same_alteration(kinds):
    mutation = next(one for one in MUTATIONS if one.name == "figure: times ten")
    ledger = next(one for one in kinds if one.name == "ledger csv")
    assert ledger.tried(mutation, 3) == ledger.tried(mutation, 3)


def test_a_figure_changed_under_a_class_that_promises_none_is_a_failure(kinds):
    def halve(book, figures, chance):
        sheet, row, column = figures[0]
        book[sheet][row][column] = "1"

    ledger = next(one for one in kinds if one.name == "ledger csv")
    assert ledger.tried(Mutation("halved", SAME, halve), 0).outcome == SILENT


def test_what_no_reader_can_see_is_listed_with_the_reason():
    assert all(mutation.reason for mutation in MUTATIONS if mutation.makes == OTHER)
    assert NOTHING not in FAILURES


def test_a_check_is_known_by_the_words_it_says():
    names = checked.check_names()
    words = next(words for words, name in names.items() if name == "rows_exchanged")
    exchanged = Said("assert_figures_are_plausible", True, f"ra_2021-22, Kent, the row of Essex, 2021-22: {words}")
    assert checked.name_of(exchanged, names) == "rows_exchanged"
    assert checked.name_of(Said("assert_deflators_chain", True, "2015-16"), names) == "assert_deflators_chain"
