"""An attack is not made again on figures that have not changed, and is made on whatever has."""

from dataclasses import astuple, replace

import pytest

from expectations import disclosure, kept_attacks
from expectations.disclosure import Cell, Pinned

SHOWN = Cell(None, "england", "E92000001", "2020-21", "m", "Total", "percent", 9.0, 40.0, None, False, False, "r", None)
HIDDEN = Cell("A", "council", "A", "2020-21", "m", "Total", "percent", None, 20.0, None, False, True, "r", None)
AREA = ("england", "E92000001", "2020-21")
asked = []


def _attack(group, covered, people):
    asked.append(group)
    return [Pinned("A", "2020-21", "m", "Total", 1.0, float("inf"))], False


@pytest.fixture(autouse=True)
def nothing_asked():
    asked.clear()


def _run(file, group=(SHOWN, HIDDEN), members=("A", "B"), people=None):
    return kept_attacks.attacked([list(group)], {AREA: list(members)}, people or {}, _attack, Pinned, file)


def test_the_same_figures_are_attacked_once_and_give_the_same_answer(tmp_path):
    file = tmp_path / "attacks.json"
    first = _run(file)
    assert _run(file) == first and len(asked) == 1
    assert astuple(first[0][0][0])[-1] == float("inf")


@pytest.mark.parametrize(
    "change",
    [
        {"group": (SHOWN, HIDDEN._replace(denominator=21.0))},
        {"group": (SHOWN._replace(numerator=8.0), HIDDEN)},
        {"group": (SHOWN, HIDDEN, HIDDEN._replace(council_code="B", geography_code="B"))},
        {"members": ("A", "B", "C")},
        {"people": {("A", "2020-21"): disclosure.Residents("A", "2020-21", 900, 4000)}},
    ],
)
def test_whatever_changes_is_attacked_again(tmp_path, change):
    file = tmp_path / "attacks.json"
    _run(file)
    _run(file, **change)
    assert len(asked) == 2
    _run(file)
    assert len(asked) == 3, "an answer that is no longer needed is not kept"


def test_other_code_of_the_attack_makes_it_again(tmp_path, monkeypatch):
    _run(tmp_path / "attacks.json")
    monkeypatch.setattr(kept_attacks, "version", lambda _: "other solver")
    _run(tmp_path / "attacks.json")
    assert len(asked) == 2


def test_a_file_cut_short_is_no_answer(tmp_path):
    file = tmp_path / "attacks.json"
    first = _run(file)
    file.write_text(file.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    assert _run(file) == first and len(asked) == 2


def test_processes_give_what_one_gives(monkeypatch):
    """A total less the one council that shows its count gives the other away; whoever works it out."""
    other = HIDDEN._replace(council_code="B", geography_code="B", numerator=4.0, is_hidden=False)
    group = [SHOWN, HIDDEN, other]
    years = [[cell._replace(financial_year=year) for cell in group] for year in ("2020-21", "2021-22")]
    covered = {(*AREA[:2], year): ["A", "B"] for year in ("2020-21", "2021-22")}
    monkeypatch.setattr(kept_attacks, "MANY", 1)
    found = kept_attacks.attacked(years, covered, {}, disclosure._attack_family, Pinned, None)
    monkeypatch.setattr(kept_attacks, "MANY", 100)
    assert found == kept_attacks.attacked(years, covered, {}, disclosure._attack_family, Pinned, None)
    assert [(one.low, one.high) for one in found[0][0]] == [(5.0, 5.0)]
    assert replace(found[0][0][0], financial_year="2021-22") == found[1][0][0]
