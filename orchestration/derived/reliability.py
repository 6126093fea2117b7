"""How far coders agree: percentage agreement, Cohen's kappa and Krippendorff's alpha with a bootstrap interval.

A pure function of the coding rows. Kappa comes from scikit-learn and alpha from `krippendorff`; the
bootstrap draws units with replacement and evaluates alpha on their coincidences, which gives the
package's alpha for the sample itself.

    codings (unit × item × code × coder) ─► coder × unit matrices ─► one row of statistics each
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ingest.edition import Edition, Receipt
from ingest.submitted.codings import codebook, served
from ingest.tables import CODING_RELIABILITY, to_arrow

ALL_THEMES = "all_themes"
RULES = {row["rule"]: row["value"] for row in codebook.rows("reliability_rules")}
FEWEST_POSITIVES = int(float(RULES["least_positives"]))
REPLICATES = 1000
SEED = 20171019
PLACES = Decimal("0.000001")
SERIES = ["document_type", "wave", "series", "item_code"]

# Coders are in rows, units in columns; NaN where a coder did not read the unit.
Readings = np.ndarray


def table(codings: pa.Table) -> pa.Table:
    """Rows of `coding_reliability` from rows of `codings`, adjudicated codes left out, after each series.

    One row per item with one answer, per theme, and per item for all of its themes together. Give it the
    editions that are served only: two editions of one sheet would count a coder twice.
    """
    rows = codings.to_pandas()
    read = _up_to_each_series(rows[~rows["is_adjudicated"].astype(bool)]) if len(rows) else rows
    found = [record for _, group in read.groupby(SERIES, sort=True) for record in _item(group)] if len(read) else []
    return to_arrow(CODING_RELIABILITY, pd.DataFrame(found, columns=CODING_RELIABILITY.schema.names))


def _up_to_each_series(read: pd.DataFrame) -> pd.DataFrame:
    """The readings that count after each series: each unit's last one up to then, under the series' own number."""
    number = read["series"].astype(int)
    parts = []
    for _, group in read.assign(number=number).groupby(["document_type", "wave"], sort=True):
        for series, last in sorted(set(zip(group["series"], group["number"], strict=True)), key=lambda pair: pair[1]):
            so_far = group[group["number"] <= last]
            newest = so_far.groupby("unit_code")["number"].transform("max")
            parts.append(so_far[so_far["number"] == newest].assign(series=series))
    return pd.concat(parts, ignore_index=True) if parts else read


def of_served(taken: list[tuple[Edition, Receipt]], raw: Path) -> pa.Table:
    """`table` for the editions of a refresh: of each coding sheet the last one, read from its raw file."""
    return table(served.rows_of("codings", taken, raw))


def _item(group: pd.DataFrame) -> Iterator[dict]:
    document_type, wave, series, item_code = (group[name].iloc[0] for name in SERIES)
    item = next((i for i in codebook.items(document_type, wave) if i.item_code == item_code), None)
    if item is None:
        return
    key = dict(zip(SERIES, (document_type, wave, series, item_code), strict=True))
    order = {code.code: number for number, code in enumerate(item.codes)}
    if not item.is_themes:
        values = group["code"].map(order)
        readings, _ = _matrix(group, values, ["unit_code"])
        yield {**key, "code": "", **statistics(readings, item.scale)}
        return
    values = group["is_present"].astype(int)
    pooled, units = _matrix(group, values, ["unit_code", "code"])
    yield {**key, "code": ALL_THEMES, **statistics(pooled, "nominal", is_theme=True, clusters=units)}
    for code in sorted(set(group["code"])):
        own = group[group["code"] == code]
        readings, _ = _matrix(own, values[own.index], ["unit_code"])
        yield {**key, "code": code, **statistics(readings, "nominal", is_theme=True)}


def _matrix(group: pd.DataFrame, values: pd.Series, unit: list[str]) -> tuple[Readings, np.ndarray]:
    """Coders × units, both in the order of their codes, and the unit code of each column."""
    frame = group[[*unit, "coder"]].assign(value=values)
    wide = frame.pivot_table(index="coder", columns=unit, values="value", aggfunc="last")
    wide = wide.sort_index(axis=0).sort_index(axis=1)
    return wide.to_numpy(dtype=float), wide.columns.get_level_values(0).to_numpy()


def statistics(readings: Readings, scale: str, is_theme: bool = False, clusters: np.ndarray | None = None) -> dict:
    """Coders, units, agreement, kappa, alpha and its interval; a note where one of them is missing.

    `readings` holds whole numbers, in order where the scale is ordinal, NaN where not read. For a theme 1 is
    present: its alpha is withheld under ten positives. `clusters` names the unit of each column where several
    columns belong to one; the bootstrap then draws units whole.
    """
    is_paired = (~np.isnan(readings)).sum(axis=0) >= 2
    paired = readings[:, is_paired]
    clusters = np.arange(readings.shape[1]) if clusters is None else clusters
    coders, units = int((~np.isnan(readings)).any(axis=1).sum()), len(set(clusters[is_paired]))
    found = {
        "scale": scale,
        "coders": coders,
        "units": units,
        "positives": int((paired == 1).any(axis=0).sum()) if is_theme else None,
        **dict.fromkeys(("percent_agreement", "kappa", "alpha", "alpha_lower", "alpha_upper")),
        "note": "",
    }
    if not units:
        return found | {"note": "one coder only"}
    found["percent_agreement"] = _exact(100 * _agreement(paired))
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return found | {"note": "every reading is the same, so agreement beyond chance cannot be told"}
    if coders == 2:
        found["kappa"] = _exact(kappa(paired, scale))
    if is_theme and found["positives"] < FEWEST_POSITIVES:
        return found | {"note": f"under {FEWEST_POSITIVES} positives"}
    lower, upper = interval(paired, scale, clusters[is_paired])
    return found | {"alpha": _exact(alpha(paired, scale)), "alpha_lower": _exact(lower), "alpha_upper": _exact(upper)}


def _agreement(paired: Readings) -> float:
    """Share of pairs of readings of one unit that agree."""
    agreed = compared = 0
    for first, second in combinations(range(len(paired)), 2):
        both = ~np.isnan(paired[first]) & ~np.isnan(paired[second])
        compared += int(both.sum())
        agreed += int((paired[first, both] == paired[second, both]).sum())
    return agreed / compared


def kappa(paired: Readings, scale: str) -> float:
    """Cohen's kappa of two coders; quadratic weights for an ordinal scale."""
    from sklearn.metrics import cohen_kappa_score

    both = ~np.isnan(paired).any(axis=0)
    first, second = paired[:, both]
    # Categories are taken as they are spaced in the codebook, used or not: quadratic weights depend on it.
    labels = np.arange(int(np.nanmax(paired)) + 1)
    weights = "quadratic" if scale == "ordinal" else None
    return cohen_kappa_score(first.astype(int), second.astype(int), labels=labels, weights=weights)


def alpha(readings: Readings, scale: str) -> float:
    """Krippendorff's alpha of any number of coders, missing readings allowed."""
    import krippendorff

    return krippendorff.alpha(reliability_data=readings, level_of_measurement=scale)


def interval(paired: Readings, scale: str, clusters: np.ndarray) -> tuple[float, float]:
    """2.5th and 97.5th percentile of alpha over samples of units drawn with replacement, seed fixed.

    `clusters` names the unit of each column. Samples in which every reading is the same have no alpha and
    are left out.
    """
    _, place = np.unique(clusters, return_inverse=True)
    by_column = coincidences(paired)
    each = np.zeros((place.max() + 1, *by_column.shape[1:]))
    np.add.at(each, place, by_column)
    units = len(each)
    drawn = np.random.default_rng(SEED).integers(0, units, size=(REPLICATES, units))
    counts = np.stack([np.bincount(row, minlength=units) for row in drawn])
    totals = np.tensordot(counts, each, axes=1)
    alphas = alpha_of(totals, scale)
    lower, upper = np.percentile(alphas[~np.isnan(alphas)], (2.5, 97.5))
    return float(lower), float(upper)


def coincidences(paired: Readings) -> np.ndarray:
    """Coincidence matrix of each unit: units × values × values."""
    values = np.unique(paired[~np.isnan(paired)])
    counts = (paired[:, :, None] == values).sum(axis=0).astype(float)
    readers = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(len(values)), np.arange(len(values))] -= counts
    return pairs / (readers - 1)[:, None, None]


def alpha_of(totals: np.ndarray, scale: str) -> np.ndarray:
    """Alpha of coincidence matrices, … × values × values (Krippendorff 2011); NaN where nothing varies."""
    marginals = totals.sum(axis=-2)
    if scale == "ordinal":
        running = np.cumsum(marginals, axis=-1) - marginals / 2
        distance = (running[..., :, None] - running[..., None, :]) ** 2
    else:
        distance = 1.0 - np.eye(totals.shape[-1])
    observed = (totals * distance).sum(axis=(-2, -1))
    expected = (marginals[..., :, None] * marginals[..., None, :] * distance).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (marginals.sum(axis=-1) - 1) * observed / expected, np.nan)


def _exact(value: float) -> Decimal:
    """To six places: what is published does not depend on the last bits of a machine's arithmetic."""
    return Decimal(repr(float(value))).quantize(PLACES)
