from collections import Counter

import pytest

from sample.councils import COUNCILS, in_force


@pytest.mark.parametrize(("year", "expected"), [("2016-17", 152), ("2017-18", 152), ("2018-19", 151), ("2021-22", 151)])
def test_sample_councils_of_a_year_have_one_code_of_each_kind(year, expected):
    councils = in_force(year)
    for code in ("council_code", "ecode", "cassr_code", "registry_code", "name"):
        assert len({getattr(council, code) for council in councils}) == expected, code


def test_sample_classes_are_mixed_as_in_england():
    assert Counter(council.council_class for council in in_force("2017-18")) == {"SC": 27, "UA": 56, "MD": 36, "L": 33}
    assert len({council.region for council in in_force("2017-18")}) == 9


def test_sample_merger_keeps_its_residents_and_names_its_successor():
    merged = next(c for c in COUNCILS if c.valid_from_year == "2018-19")
    parents = [c for c in COUNCILS if c.successor_codes == (merged.council_code,)]
    assert len(parents) == 2
    assert sum(parent.population for parent in parents) == merged.population
    assert all(parent.valid_to_year == "2017-18" for parent in parents)


def test_every_sample_name_says_that_it_is_fictional():
    assert all(council.name.endswith("(fictional)") for council in COUNCILS)


def test_every_successor_of_a_sample_council_is_there_the_year_after():
    codes = {council.council_code: council for council in COUNCILS}
    ended = [council for council in COUNCILS if council.valid_to_year]
    assert len(ended) == 4
    for council in ended:
        for successor in council.successor_codes:
            assert codes[successor].valid_from_year[:4] == str(int(council.valid_to_year[:4]) + 1)
