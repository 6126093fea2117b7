"""What is said of ordinary slips in coding sheets and exports: cell and message of each.

    python -m benchmarks.coding_slips

Each slip is planted in a sound sheet or example export and checked as `check-map` checks it.
"""

import tempfile
from pathlib import Path

from tabulate import tabulate

from benchmarks.planting.coding_slips import REGISTER, SLIPS
from ingest.problems import InputError
from ingest.submitted.codings import coding_sheet


def main() -> None:
    rows = []
    for slip in SLIPS:
        with tempfile.TemporaryDirectory() as folder:
            path = slip.plant(Path(folder))
            try:
                reading = coding_sheet.parse(path, REGISTER)
                problems, kept = reading.problems, f"{len(reading.records)} cells of {reading.units} units"
            except InputError as refused:
                problems, kept = refused.problems, "refused whole"
        first = next((p for p in problems if slip.said in str(p)), None)
        rows.append([slip.name, kept, len(problems), slip.cell, str(first) if first else "read as it is"])
    print(tabulate(rows, headers=["Slip", "Kept", "Messages", "Cell", "Message"], maxcolwidths=[30, 20, 8, 18, 90]))


if __name__ == "__main__":
    main()
