"""What the checks of a refresh say of the cases that a reader could not judge: each is planted in the whole sample."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.fuzzing.mutations import MUTATIONS
from benchmarks.fuzzing.outcomes import FOR_THE_CHECKS, STOPPED, UNSEEN, WARNED, Outcome, Subject
from benchmarks.planting.trial import Said, Trial

CHECKS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "plausibility_checks.csv"
# Nobody publishes these a second time: nothing else contradicts a figure as well written as the true one.
SENT_IN = "a council's or partner's own file, of which nobody else prints the figures: its sums are shown for it to see"
UNCOMPARED = {
    "area_lookup": "names and codes alone; a wrong pair is seen where a publication prints both",
    "nearest_neighbours": "compared with another edition, of which the sample has none",
}


def judged(outcomes: Iterable[Outcome], kinds: list[Subject], folder: Path, sample: Path) -> Iterator[Outcome]:
    """The outcomes, those left to the checks with what the checks say of them and the name of the first that does."""
    trial = Trial(folder, sample)
    names = check_names()
    subjects = {one.name: one for one in kinds}
    mutations = {one.name: one for one in MUTATIONS}
    for one in outcomes:
        if one.outcome != FOR_THE_CHECKS:
            yield one
            continue
        subject = subjects[one.source]
        release = subject.edition.release
        if release.source.is_submitted:
            yield replace(one, outcome=UNSEEN, words=SENT_IN)
            continue
        path = folder / f"altered{subject.edition.path.suffix}"
        if not subject.altered_whole(mutations[one.mutation], one.case, path):
            yield replace(one, outcome=UNSEEN, words="the whole file cannot be written in its own form")
            continue
        said = trial.planted_in_place(release, path, subject.edition.path.name)
        if said:
            first = said[0]
            outcome = STOPPED if first.is_blocking else WARNED
            yield replace(one, outcome=outcome, words=first.sentence, check=name_of(first, names))
        else:
            why = UNCOMPARED.get(release.source.reader, mutations[one.mutation].reason)
            yield replace(one, outcome=UNSEEN, words=why)


def check_names() -> dict[str, str]:
    """The names of the checks of plausibility by the words they say."""
    with CHECKS.open(encoding="utf-8", newline="") as stream:
        return {row["what"]: row["check_name"] for row in csv.DictReader(stream)}


def name_of(said: Said, names: dict[str, str]) -> str:
    """The named check behind a finding: one of plausibility by its words, else the test itself."""
    return next((name for words, name in names.items() if words in said.sentence), said.check)
