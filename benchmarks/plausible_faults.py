"""Plant plausible faults in copies of the published files and see what the checks of a refresh say of each.

    python -m benchmarks.plausible_faults --data FOLDER --home HOME [--only WORD] [--every]

`--home` is a home whose last refresh read the files of `--data` with the present code; nothing is changed in it. For
each fault the altered file is landed, read and checked, and the models and tests before any apportionment are built on
it. Prints a table of fault, check, whether it blocks or warns, and the sentence a person reads; of several the first,
or with `--every` all. Exit code 1 when a fault comes in without a word. The true files are built first and must pass.
"""

import argparse
import logging
import tempfile
from pathlib import Path

from benchmarks.planting.faults import FAULTS as FIRST
from benchmarks.planting.further_faults import FAULTS as FURTHER
from benchmarks.planting.subtle_faults import FAULTS as SUBTLE
from benchmarks.planting.trial import Fault, Said, Trial
from expectations.results import CheckResult

SHOWN_OTHERS = 6
# By the first word of a file's name: the series whose files are compared with each other.
SERIES_OF = {
    **dict.fromkeys(("RO3", "RSX", "RS"), "outturn"),
    "RA": "budgets",
    **dict.fromkeys(("ascof", "admissions", "meas-from-asc-of-eng-2021-open-data-csv"), "outcomes"),
    **dict.fromkeys(("mye23tablesew.xlsx", "mye24tablesew.csv"), "outcomes"),
}
FAULTS = [*FIRST, *FURTHER, *SUBTLE]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--only", default="", help="faults whose name has one of these words, parted by |")
    options.add_argument("--every", action="store_true", help="every sentence, not only the first")
    given = options.parse_args()
    quiet = 0
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), given.data, given.home)
        checks = [one for one in trial.true_results if isinstance(one, CheckResult)]
        blocked = [one for one in checks if one.is_blocking]
        print(f"true files: {len(trial.models)} models, {len(checks)} checks, {len(blocked)} of them do not hold, "
              f"{sum(len(one.warnings()) for one in checks)} warnings", flush=True)  # fmt: skip
        for one in blocked:
            print("  " + one.message())
        for together in rounds(
            [fault for fault in FAULTS if any(word in fault.name for word in given.only.split("|"))]
        ):
            found, seconds = trial.planted(together)
            for fault in together:
                said = found[fault.name]
                quiet += not said
                print(line(fault, said), flush=True)
                for finding in said[: None if given.every else 1]:
                    print(f"      {finding.check}: {finding.sentence}", flush=True)
            print(f"      ({len(together)} faults, {seconds:.0f} s)", flush=True)
    print(f"{quiet} faults came in without a word")
    return 1 if quiet or blocked else 0


def line(fault: Fault, said: list[Said]) -> str:
    """A fault, whether it blocks, the number of findings, and the checks they are of."""
    verdict = "QUIET" if not said else "blocks" if said[0].is_blocking else "warns"
    names = sorted({one.check for one in said})
    mark = "*" if fault.of_issue else " "
    return f"{mark} {fault.name} | {verdict} | {len(said)} | {', '.join(names[:SHOWN_OTHERS])}"


def rounds(faults: list[Fault]) -> list[list[Fault]]:
    """Faults to be planted together: no two in series that are compared with each other."""
    together: list[tuple[set[str], list[Fault]]] = []
    for fault in faults:
        series = {SERIES_OF.get(name.partition("_")[0], name) for name in fault.alter}
        place = next((one for one in together if not one[0] & series), None)
        if place is None:
            place = (set(), [])
            together.append(place)
        place[0].update(series)
        place[1].append(fault)
    return [one for _, one in together]


if __name__ == "__main__":
    raise SystemExit(main())
