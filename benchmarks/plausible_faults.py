"""Plant plausible faults in copies of the published files and see what the checks of a refresh say of each.

    python -m benchmarks.plausible_faults --data FOLDER --home HOME [--only WORD] [--every]

`--home` is a home whose last refresh read the files of `--data` with the present code; nothing is changed in it. For
each fault the altered file is landed, read and checked, and the models and tests before any apportionment are built on
it. Prints a table of fault, check, whether it blocks or warns, and the sentence a person reads; of several the first,
or with `--every` all. Exit code 1 when a fault comes in without a word. The true files are built first and must pass.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.planting.faults import FAULTS
from benchmarks.planting.trial import Trial
from expectations.results import CheckResult

SHOWN_OTHERS = 6


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--only", default="", help="faults whose name has this word")
    options.add_argument("--every", action="store_true", help="every sentence, not only the first")
    given = options.parse_args()
    quiet = 0
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), given.home, given.data)
        checks = [one for one in trial.true_results if isinstance(one, CheckResult)]
        blocked = [one for one in checks if one.is_blocking]
        print(f"true files: {len(trial.models)} models, {len(checks)} checks, {len(blocked)} of them do not hold, "
              f"{sum(len(one.warnings()) for one in checks)} warnings", flush=True)  # fmt: skip
        for one in blocked:
            print("  " + one.message())
        for fault in FAULTS:
            if given.only not in fault.name:
                continue
            said, seconds = trial.planted(fault)
            quiet += not said
            verdict = "QUIET" if not said else "blocks" if said[0].is_blocking else "warns"
            names = sorted({one.check for one in said})
            print(
                f"{'*' if fault.of_issue else ' '} {fault.name} | {verdict} | {len(said)} | {', '.join(names[:SHOWN_OTHERS])} | {seconds:.0f} s"
            )
            for one in said if given.every else said[:1]:
                print(f"      {one.check}: {one.sentence}", flush=True)
    print(f"{quiet} faults came in without a word")
    return 1 if quiet or blocked else 0


if __name__ == "__main__":
    raise SystemExit(main())
