"""Alter the sample's files in many ways, one fault at a time, and see what comes of each at the door.

    python -m benchmarks.fuzz [--cases 1500] [--only WORD]

Prints how many cases of each class were read as the same figures, refused, rejected or left to the checks of the
warehouse. A figure that comes in changed without a word, and a reader that falls over, are failures: exit code 1. The
same number of cases is always the same cases.
"""

import argparse
import itertools
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tabulate import tabulate

import sample
from benchmarks.fuzzing.mutations import MUTATIONS, OTHER
from benchmarks.fuzzing.outcomes import (
    FAILURES,
    FOR_THE_CHECKS,
    IDENTICAL,
    NOTHING,
    REFUSED,
    REJECTED,
    Outcome,
    Subject,
)
from ingest import land
from ingest.edition import Edition

SHOWN = (IDENTICAL, REFUSED, REJECTED, FOR_THE_CHECKS, *FAILURES)
# A reader that takes workbooks is tried with an OpenDocument copy too.
ALSO_AS_ODS = ("revenue_account", "population")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=1500)
    options.add_argument("--only", default="", help="sources whose name has this word")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sample.write(Path(folder) / "sample")
        kinds = subjects(Path(folder) / "sample", Path(folder) / "altered", lambda name: given.only in name)
        outcomes = list(itertools.islice(cases(kinds), given.cases))
    print(table(outcomes))
    print(f"{len(outcomes):,} cases")
    print("\nWhat a reader cannot see:")
    for mutation in MUTATIONS:
        if mutation.makes == OTHER:
            print(f"  {mutation.name}: {mutation.reason}")
    failed = [one for one in outcomes if one.outcome in FAILURES]
    for one in failed:
        print(f"{one.outcome}: {one.source}, {one.mutation}, case {one.case}: {one.words}")
    return 1 if failed else 0


def subjects(folder: Path, altered: Path, is_wanted: Callable[[str], bool] = lambda _: True) -> list[Subject]:
    """One file of the sample for each wanted reader of tables, and form it comes in, copied to be altered."""
    found: dict[tuple[str, str], Subject] = {}
    for one in land.find(folder, is_sample=True):
        reader, ending = one.release.source.reader, one.path.suffix
        place = altered / one.release.release_id.replace(":", "_")
        edition = Edition(
            one.release, one.release.release_id, place / one.path.name, "0" * 64, "altered", None, True, 0
        )
        if (reader, ending) in found or ending not in (".csv", ".xlsx"):
            continue
        place.mkdir(parents=True, exist_ok=True)
        for path in one.files:
            (place / path.name).write_bytes(path.read_bytes())
        found[reader, ending] = Subject(edition, ending)
        if reader in ALSO_AS_ODS and ending == ".xlsx":
            found[reader, ".ods"] = Subject(edition, ".ods")
    return [one for one in found.values() if is_wanted(one.name) and one.true_rows[2]]


def cases(kinds: list[Subject]) -> Iterator[Outcome]:
    """Endless cases, each class of each source in turn. A class that alters nothing in a source is left out there."""
    for case in itertools.count():
        for mutation, subject in itertools.product(MUTATIONS, kinds):
            outcome = subject.tried(mutation, case)
            if outcome.outcome != NOTHING:
                yield outcome


def table(outcomes: Iterable[Outcome]) -> str:
    """Source and class down, outcomes across."""
    counted: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for one in outcomes:
        counted[one.source, one.mutation][one.outcome] += 1
    rows = [[*key, *(counts[name] or "" for name in SHOWN)] for key, counts in sorted(counted.items())]
    return tabulate(rows, headers=["source", "mutation", *SHOWN])


if __name__ == "__main__":
    raise SystemExit(main())
