"""Agreement of coders, held against published worked examples and a second library."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from ingest.submitted.codings import codebook
from ingest.tables import CODINGS, to_arrow
from orchestration.derived import reliability

N = np.nan

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A to C; values as printed there.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
LETTERS = [list(map("abcde".index, "aabbdcccedda")), list(map("abcde".index, "babbbccceddd"))]
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


@pytest.mark.parametrize(
    ("readings", "scale", "printed"),
    [
        (BINARY, "nominal", "0.095"),
        (LETTERS, "nominal", "0.692"),
        (FOUR_CODERS, "nominal", "0.743"),
        (FOUR_CODERS, "ordinal", "0.815"),
    ],
)
def test_alpha_is_that_of_the_published_examples(readings, scale, printed):
    found = reliability.statistics(np.array(readings, dtype=float), scale)["alpha"]
    assert found.quantize(Decimal("0.001")) == Decimal(printed)


@pytest.mark.parametrize("scale", ["nominal", "ordinal"])
@pytest.mark.parametrize("seed", range(5))
def test_kappa_and_alpha_agree_with_second_reckonings_to_four_decimals(scale, seed):
    chance = np.random.default_rng(seed)
    first = chance.integers(0, 5, 120)
    second = np.where(chance.random(120) < 0.7, first, chance.integers(0, 5, 120))
    found = reliability.statistics(np.stack([first, second]).astype(float), scale)
    table, _ = to_table(np.stack([first, second], axis=1), bins=np.arange(6) - 0.5)
    other = cohens_kappa(table, wt="quadratic" if scale == "ordinal" else None).kappa
    assert float(found["kappa"]) == pytest.approx(other, abs=0.00005)
    assert float(found["alpha"]) == pytest.approx(alpha_by_pairs(np.stack([first, second]), scale), abs=0.00005)
    assert float(found["percent_agreement"]) == pytest.approx(100 * (first == second).mean(), abs=0.00005)


def alpha_by_pairs(readings, scale) -> float:
    """Alpha of complete data from its definition, pair by pair: 1 - observed / expected disagreement."""
    pooled = readings.ravel()
    counts = np.bincount(pooled)

    def distance(a, b):
        if scale == "nominal" or a == b:
            return float(a != b)
        low, high = sorted((a, b))
        return float(counts[low : high + 1].sum() - (counts[low] + counts[high]) / 2) ** 2

    observed = np.mean([distance(a, b) for a, b in readings.T])
    expected = np.mean([distance(a, b) for i, a in enumerate(pooled) for j, b in enumerate(pooled) if i != j])
    return 1 - observed / expected


def test_the_bootstrap_draws_from_the_alpha_of_the_package_and_repeats():
    readings = np.array(FOUR_CODERS)[:, (~np.isnan(FOUR_CODERS)).sum(axis=0) >= 2]
    for scale in ("nominal", "ordinal"):
        own = reliability.alpha_of(reliability.coincidences(readings).sum(axis=0), scale)
        assert float(own) == pytest.approx(reliability.alpha(readings, scale), abs=1e-9)
        lower, upper = reliability.interval(readings, scale, np.arange(readings.shape[1]))
        assert lower < float(own) <= upper
        assert (lower, upper) == reliability.interval(readings, scale, np.arange(readings.shape[1]))


def test_units_drawn_whole_give_a_wider_interval_than_their_cells_drawn_apart():
    chance = np.random.default_rng(3)
    # Each unit is read the same way in all of its twenty themes, so themes of a unit say the same thing again.
    first = np.repeat(chance.integers(0, 2, 30), 20).astype(float)
    second = np.repeat(np.where(chance.random(30) < 0.8, first[::20], 1 - first[::20]), 20)
    readings = np.stack([first, second])
    whole = reliability.interval(readings, "nominal", np.repeat(np.arange(30), 20))
    apart = reliability.interval(readings, "nominal", np.arange(600))
    assert whole[1] - whole[0] > 2 * (apart[1] - apart[0])


def test_what_cannot_be_told_is_left_out_and_said():
    same = reliability.statistics(np.ones((2, 40)), "nominal")
    assert (same["percent_agreement"], same["alpha"], same["kappa"]) == (Decimal(100), None, None)
    assert "every reading is the same" in same["note"]
    alone = reliability.statistics(np.ones((1, 40)), "nominal")
    assert (alone["units"], alone["alpha"], alone["note"]) == (0, None, "one coder only")
    rare = np.zeros((2, 40))
    rare[:, :9] = 1
    rare[1, 9] = 0
    few = reliability.statistics(rare, "nominal", is_theme=True)
    assert (few["positives"], few["alpha"], few["note"]) == (9, None, "under 10 positives")
    rare[:, 9] = 1
    assert reliability.statistics(rare, "nominal", is_theme=True)["alpha"] == Decimal(1)
    three = reliability.statistics(np.array([[0, 1, 1, 0], [0, 1, 0, 0], [0, N, 1, 1]]), "nominal")
    assert three["coders"] == 3 and three["kappa"] is None and three["alpha"] is not None


def codings(*rows: tuple) -> pa.Table:
    """Coding rows of jhws, wave 2017, from (unit, item, code, is_present, coder)."""
    frame = pd.DataFrame(
        [
            {
                "release_id": "r", "sheet": "", "source_row": 1, "source_column": 1, "coding_kind": "strategy",
                "unit_kind": "board", "unit_code": unit, "unit_name": unit, "wave": "2017", "series": "1",
                "document_type": "jhws", "item_code": item, "code": code, "is_present": present, "coder": coder,
                "is_adjudicated": coder == codebook.ADJUDICATED, "quotation": None, "page": None, "is_sample": True,
            }
            for unit, item, code, present, coder in rows
        ],
        columns=CODINGS.schema.names,
    )  # fmt: skip
    return to_arrow(CODINGS, frame)


def test_the_table_leaves_adjudicated_codes_out_and_takes_labels_as_ordered():
    labels = ["very_strong", "strong", "weak", "strong", "very_strong", "neither_strong_nor_weak"]
    other = ["very_strong", "very_strong", "weak", "strong", "strong", "neither_strong_nor_weak"]
    rows = [(f"b{n}", "label", code, True, "a") for n, code in enumerate(labels)]
    rows += [(f"b{n}", "label", code, True, "b") for n, code in enumerate(other)]
    rows += [(f"b{n}", "label", "very_weak", True, "adjudicated") for n in range(6)]
    (found,) = reliability.table(codings(*rows)).to_pylist()
    assert (found["scale"], found["coders"], found["units"]) == ("ordinal", 2, 6)
    order = [code.code for code in codebook.items("jhws", "2017")[0].codes]
    numbers = np.array([[order.index(code) for code in coder] for coder in (labels, other)], dtype=float)
    assert float(found["alpha"]) == pytest.approx(reliability.alpha(numbers, "ordinal"), abs=1e-6)
    assert float(found["kappa"]) > float(reliability.kappa(numbers, "nominal"))


def test_themes_have_a_row_each_and_one_together():
    rows = [
        (f"b{n}", "flag", code, n % 2 == 0, coder)
        for n in range(24)
        for code in ("conflates_secondary_tertiary", "not_updated_since_2014")
        for coder in "ab"
    ]
    found = {row["code"]: row for row in reliability.table(codings(*rows)).to_pylist()}
    assert set(found) == {"all_themes", "conflates_secondary_tertiary", "not_updated_since_2014"}
    assert found["all_themes"]["units"] == 24
    assert found["not_updated_since_2014"]["positives"] == 12
    assert found["not_updated_since_2014"]["alpha"] == Decimal(1)


def test_no_codings_give_no_statistics():
    assert reliability.table(CODINGS.schema.empty_table()).num_rows == 0
    assert reliability.of_served([], None).num_rows == 0
