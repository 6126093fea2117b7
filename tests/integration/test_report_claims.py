"""Every sentence and title of the report beside the marts; and wrong ones, planted, are seen."""

import re
import shutil

import pytest
from page_claims import check, figures_borne, says

from reporting.pages import profile
from reporting.publisher import publisher

pytestmark = pytest.mark.slow

FEWEST = 300


def pages_of(report) -> list[str]:
    councils = sorted(p.name for p in (report / "councils").glob("*.html") if re.fullmatch(r"\w+\.html", p.name))
    places = sorted(f"places/{p.name}" for p in (report / "places").glob("*.html"))
    return ["index.html", "compare.html", *(f"councils/{name}" for name in councils), *places]


@pytest.fixture(scope="module")
def published(refreshed):
    return refreshed / "published"


def test_every_sentence_and_title_holds(published):
    report = published / "report"
    counted, faults = check(report, published / "warehouse.duckdb", pages_of(report))
    assert faults == []
    assert sum(counted.values()) > FEWEST, counted
    assert {
        "prevention",
        "profile-level",
        "balance",
        "national-prevention",
        "last-held",
        "central-interval",
        "national-interval",
        "national-adults",
    } <= set(counted)


@pytest.mark.parametrize(
    ("kind", "words", "planted"),
    [
        ("prevention", r"£([\d.]+)m \(between", "£987m (between"),
        ("central-interval", r">£[\d.]+m</data> and", ">£987m</data> and"),
        ("profile-level", r"in the (lowest|second lowest|second highest|highest) quarter", "in the {other} quarter"),
        ("balance", r"and \d+p is for care", "and 1p is for care"),
        ("movement-more", r"\. The change is smaller than the doubt about the figure", ""),
        ("last-held", r"budget \d{4}-\d\d", "budget 2031-32"),
    ],
)
def test_a_wrong_sentence_is_seen(published, tmp_path, kind, words, planted):
    report = tmp_path / "report"
    shutil.copytree(published / "report" / "councils", report / "councils")
    for name in pages_of(report)[2:]:
        path = report / name
        text = path.read_text(encoding="utf-8")
        found = re.search(rf'data-claim="{kind}".*?</(?:li|h3|p)>', text, re.DOTALL)
        hit = found and re.search(words, found[0])
        if not hit:
            continue
        other = "highest" if hit[0].endswith("the lowest quarter") else "lowest"
        wrong = found[0].replace(hit[0], planted.format(other=other), 1)
        path.write_text(text.replace(found[0], wrong, 1), encoding="utf-8")
        break
    else:
        pytest.fail(f"no page has a sentence of the kind {kind}")
    _, faults = check(report, published / "warehouse.duckdb", [name])
    assert len(faults) == 1 and kind in faults[0], faults


def test_the_reader_of_words_can_tell_a_figure_from_its_neighbours():
    assert says("£14.7m", 14_672_183) and not says("£14.7m", 14_772_183)
    assert says("£1,970m", 1_970_500_000) and not says("£1,970m", 1_976_000_000)
    assert says("3.1%", "0.0312") and not says("3.1%", "0.0318") and not says("£5", None)
    assert figures_borne("£692m and £1,970m and £25.1m") and not figures_borne("£692.4m")
    assert set(profile.QUARTERS) == {1, 2, 3, 4}
    assert publisher()["contact"]
