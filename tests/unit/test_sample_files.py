"""What the sample must hold for the marts to have something to show, read by the readers of the real files."""

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from ingest import land
from sample import outcomes, people
from sample.councils import COUNCILS
from sample.revenue_account import NO_RETURN, columns
from sample.revenue_outturn import RESTATED

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def editions(sample_files, tmp_path_factory) -> dict[str, list[land.Edition]]:
    """Every landed sample edition by release."""
    landing = tmp_path_factory.mktemp("landing")
    for found in land.find(sample_files, is_sample=True):
        land.land(found, landing)
    by_release: dict[str, list[land.Edition]] = {}
    for edition in land.editions(landing):
        by_release.setdefault(edition.release.release_id, []).append(edition)
    return by_release


def frame(edition: land.Edition) -> pd.DataFrame:
    parsed = land.reader(edition.release).read(edition)
    assert parsed.rejects == []
    return next(iter(parsed.frames.values()))


def test_file_of_an_earlier_sample_is_not_served(sample_files, tmp_path):
    name = "SAMPLE_NN.json"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / name).write_text("{}", encoding="utf-8")
    shutil.copy(sample_files / name, tmp_path / name)
    for found in land.find(tmp_path, is_sample=True):
        land.land(found, tmp_path / "landing")
    assert [edition.is_verified for edition in land.editions(tmp_path / "landing")] == [True]


@pytest.mark.parametrize("year", ["2016-17", "2017-18", "2018-19", "2021-22"])
def test_sample_budgets_sum_to_their_england_row_on_every_line(editions, year):
    cells = frame(editions[f"sample_ra_{year}"][0])
    money = cells[cells.amount_thousand_gbp.notna()]
    sums = money[~money.is_control].groupby("line_code").amount_thousand_gbp.sum()
    england = money[money.body_code == "Eng"].set_index("line_code").amount_thousand_gbp
    assert len(england) > 200
    assert (sums == england.reindex(sums.index)).all()


def test_sample_form_has_every_header_of_its_year(editions):
    cells = frame(editions["sample_ra_2020-21"][0])
    numbered = [column for column in columns("2020-21").values() if column.number]
    assert len(cells.line_code.unique()) >= len(numbered) > 240


def test_sample_council_without_a_return_is_in_the_england_row_only(editions):
    cells = frame(editions["sample_ra_2020-21"][0])
    (silent,) = NO_RETURN["2020-21"]
    own = cells[(cells.ons_code == silent)]
    assert set(own.flag) == {"no_return"}
    assert own.amount_thousand_gbp.isna().all()
    total = cells[(cells.line_code == "360") & cells.amount_thousand_gbp.notna()]
    gap = (
        total[total.body_code == "Eng"].amount_thousand_gbp.iloc[0] - total[~total.is_control].amount_thousand_gbp.sum()
    )
    assert gap > 0


def test_sample_budget_total_is_the_sum_of_its_lines(editions):
    cells = frame(editions["sample_ra_2018-19"][0])
    care = cells[(cells.section == "adult_social_care") & (cells.body_code != "Eng")]
    parts = care[care.line_code.astype(int).between(332, 358)].groupby("body_code").amount_thousand_gbp.sum()
    totals = care[care.line_code == "360"].set_index("body_code").amount_thousand_gbp
    assert (parts == totals.reindex(parts.index)).all()


def test_sample_has_negative_zero_and_fractional_amounts(editions):
    cells = frame(editions["sample_ra_2017-18"][0])
    amounts = cells[~cells.is_control].amount_thousand_gbp.dropna()
    assert (amounts < 0).any() and (amounts == 0).any()
    assert any(amount != amount.to_integral_value() for amount in amounts)


def test_one_sample_council_moves_money_to_prevention(editions):
    def share(year: str) -> Decimal:
        cells = frame(editions[f"sample_ra_{year}"][0])
        if year == "2016-17":
            own = cells[cells.body_code == next(c.ecode for c in COUNCILS if c.council_code == outcomes.SHIFTING_CODE)]
        else:
            own = cells[cells.ons_code == outcomes.SHIFTING_CODE]
        by_line = own.set_index("line_code").amount_thousand_gbp
        return by_line[["350", "351", "353", "355"]].sum() / by_line["360"]

    assert share("2021-22") > share("2016-17") * 2


def test_sample_outturn_is_restated_for_the_listed_councils_and_england_only(editions):
    first, later = (frame(edition) for edition in editions["sample_rsx_2021-22"])
    keys = ["body_code", "ons_code", "line_code", "measure"]
    both = first.merge(later, on=keys, suffixes=("_old", "_new"))
    changed = both[both.amount_thousand_gbp_old != both.amount_thousand_gbp_new]
    assert len(both) == len(first) == len(later)
    assert set(changed.ons_code) == {*RESTATED, "E92000001"}
    # Running expenses, total expenditure and net current expenditure, of adult social care and of all services.
    assert len(changed) == 3 * 2 * (len(RESTATED) + 1)


def test_sample_form_adds_up_in_every_direction(editions):
    cells = frame(editions["sample_ro3_2022-23"][0])
    money = cells[cells.amount_thousand_gbp.notna()]
    councils = money[~money.is_control & money.ons_code.str.startswith(("E06", "E08", "E09", "E10"))]
    assert councils.body_code.nunique() == 151
    wide = councils.pivot(index=["body_code", "line_code"], columns="measure", values="amount_thousand_gbp").dropna()
    assert (wide.total_expenditure - wide.total_income == wide.net_current_expenditure).all()
    england = money[money.body_code == "Eng"].set_index(["line_code", "measure"]).amount_thousand_gbp
    sums = money[~money.is_control].groupby(["line_code", "measure"]).amount_thousand_gbp.sum()
    assert len(england) > 400
    assert (sums == england.reindex(sums.index)).all()


def test_sample_rates_can_be_recomputed_but_for_the_suppressed_council(editions):
    cells = frame(editions["sample_ascof_2020-21"][0])
    wide = cells[(cells.measure_code == "2A2") & (cells.geography_level == "council")].pivot(
        index="ons_code", columns="value_kind", values="value"
    )
    hidden = wide[wide.isna().all(axis=1)]
    shown = wide.dropna()
    assert list(hidden.index) == [outcomes.SUPPRESSED_CODE]
    assert len(shown) == 150
    rates = shown.numerator * 100_000 / shown.denominator
    assert (abs(rates - shown.outcome) <= Decimal("0.05")).all()


def test_sample_stack_drops_the_suppressed_council_and_repeats_the_published_rates(editions):
    stack = frame(editions["sample_ascof_stack"][0])
    rates = stack[(stack.measure_code == "2A2") & (stack.geography_level == "council")]
    counted = rates.groupby("financial_year").ons_code.nunique().to_dict()
    assert counted == {"2017-18": 152, "2018-19": 151, "2019-20": 151, "2020-21": 150, "2021-22": 150, "2022-23": 150}
    published = frame(editions["sample_ascof_2020-21"][0])
    outcome = published[(published.measure_code == "2A2") & (published.value_kind == "outcome")]
    outcome = outcome[outcome.geography_level == "council"].dropna(subset="value").set_index("ons_code").value
    stacked = rates[rates.financial_year == "2020-21"].set_index("ons_code").value
    assert (outcome == stacked.reindex(outcome.index)).all()


def test_sample_population_is_on_the_boundaries_of_the_next_april(editions):
    mid_2017 = set(frame(editions["sample_mye_2017"][0]).area_code)
    merged = next(c for c in COUNCILS if c.valid_from_year == "2018-19")
    parents = {c.council_code for c in COUNCILS if c.successor_codes == (merged.council_code,)}
    assert merged.council_code in mid_2017
    assert not parents & mid_2017
    assert parents <= set(frame(editions["sample_mye_2016"][0]).area_code)


def test_merged_sample_council_has_the_residents_of_its_parents_at_every_age():
    merged = next(c for c in COUNCILS if c.valid_from_year == "2018-19")
    parents = [c for c in COUNCILS if c.successor_codes == (merged.council_code,)]
    together = tuple(sum(ages) for ages in zip(*(people.persons(c, 2019) for c in parents), strict=True))
    assert people.persons(merged, 2019) == together


@pytest.mark.real
def test_no_sample_code_is_a_real_one(real_data: Path):
    real = "".join(path.read_text(encoding="utf-8") for path in (real_data / "raw" / "council_reference").glob("*.csv"))
    assert [c.council_code for c in COUNCILS if c.council_code in real] == []
    assert [c.ecode for c in COUNCILS if f",{c.ecode}," in real] == []
