"""Alter the sample's files in many ways, one fault at a time, and see what comes of each.

    python -m benchmarks.fuzz [--cases 1500] [--only WORD] [--no-checks] [--keep FILE]

Prints how many cases of each class were read as the same figures, refused, rejected, or stopped or warned by a check
of the warehouse, and which check that was. What no check sees is listed by class with the reason. A figure that comes
in changed under a class that promises none, and a reader that falls over, are failures: exit code 1. The same number
of cases is always the same cases. `--no-checks` ends at the door. With `--keep` each outcome is added to a file as it
is found, and a run that was broken off goes on behind the last one, for one state of the code; cases that a run
without the checks left to them are taken up where they were. Old Excel files are tried where their writer is
installed (`make test-tools`).
"""

import argparse
import itertools
import json
import logging
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from tabulate import tabulate

import sample
from benchmarks.fuzzing import books
from benchmarks.fuzzing.checked import judged
from benchmarks.fuzzing.mutations import MUTATIONS
from benchmarks.fuzzing.outcomes import (
    FAILURES,
    FOR_THE_CHECKS,
    IDENTICAL,
    NOTHING,
    REFUSED,
    REJECTED,
    STOPPED,
    UNSEEN,
    WARNED,
    Outcome,
    Subject,
)
from ingest import land
from ingest.edition import Edition

SHOWN = (IDENTICAL, REFUSED, REJECTED, FOR_THE_CHECKS, STOPPED, WARNED, UNSEEN, *FAILURES)
SENTENCE = 160
# Readers that take workbooks are tried with copies of every form their publishers have used.
ALSO_AS = (".ods", ".xls")
IN_MANY_FORMS = ("revenue_account", "population")
# Outcomes by source, class and case.
Kept = dict[tuple[str, str, int], Outcome]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=1500)
    options.add_argument("--only", default="", help="sources whose name has this word")
    options.add_argument("--no-checks", action="store_true", help="end at the door")
    options.add_argument("--keep", type=Path, help="file of outcomes, to go on with and to add to")
    given = options.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        sample.write(Path(folder) / "sample")
        kinds = subjects(Path(folder) / "sample", Path(folder) / "altered", lambda name: given.only in name)
        kept = read_kept(given.keep)
        found: Iterable[Outcome] = itertools.islice(cases(kinds, kept), given.cases)
        if not given.no_checks:
            found = judged(found, kinds, Path(folder), Path(folder) / "sample")
        outcomes = list(found if given.keep is None else keeping(found, kept, given.keep))
    print(table(outcomes))
    print(f"{len(outcomes):,} cases")
    print(named_checks(outcomes))
    print("\nWhat nothing can see, and why:")
    for line in unseen(outcomes):
        print(f"  {line}")
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
        if reader in IN_MANY_FORMS and ending == ".xlsx":
            found |= {(reader, other): Subject(edition, other) for other in ALSO_AS if other in books.WRITTEN}
    return [one for one in found.values() if is_wanted(one.name) and one.true_rows[2]]


def read_kept(path: Path | None) -> Kept:
    """Outcomes of an earlier run by source, class and case; of two of one case the later one."""
    if path is None or not path.exists():
        return {}
    found = [Outcome(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(one.source, one.mutation, one.case): one for one in found}


def keeping(found: Iterable[Outcome], kept: Kept, path: Path) -> Iterator[Outcome]:
    """The outcomes, each new one written to the file before the next is looked for."""
    with path.open("a", encoding="utf-8") as stream:
        for one in found:
            if kept.get((one.source, one.mutation, one.case)) != one:
                stream.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
                stream.flush()
            yield one


def cases(kinds: list[Subject], kept: Kept | None = None) -> Iterator[Outcome]:
    """Endless cases, each class of each source in turn. A class that alters nothing in a source is left out there."""
    for case in itertools.count():
        for mutation, subject in itertools.product(MUTATIONS, kinds):
            key = (subject.name, mutation.name, case)
            outcome = kept[key] if kept and key in kept else subject.tried(mutation, case)
            if outcome.outcome != NOTHING:
                yield outcome


def named_checks(outcomes: Iterable[Outcome]) -> str:
    """How many cases each named check stopped or warned of, with a sentence of it."""
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        if one.check:
            found[one.check, one.outcome].append(one)
    rows = [[*key, len(ones), ones[0].words[:SENTENCE]] for key, ones in sorted(found.items())]
    return tabulate(rows, headers=["check", "outcome", "cases", "for example"])


def unseen(outcomes: Iterable[Outcome]) -> list[str]:
    """The cases no check says anything of, by source and class, each with the reason."""
    found = Counter((one.source, one.mutation, one.words) for one in outcomes if one.outcome == UNSEEN)
    return [f"{source}, {mutation} ({count}): {why}" for (source, mutation, why), count in sorted(found.items())]


def table(outcomes: Iterable[Outcome]) -> str:
    """Source and class down, outcomes across."""
    counted: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for one in outcomes:
        counted[one.source, one.mutation][one.outcome] += 1
    rows = [[*key, *(counts[name] or "" for name in SHOWN)] for key, counts in sorted(counted.items())]
    return tabulate(rows, headers=["source", "mutation", *SHOWN])


if __name__ == "__main__":
    raise SystemExit(main())
