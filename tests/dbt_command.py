"""dbt with the project parsed already, for tests that build part of it: `python -m tests.dbt_command <home> build …`.

Parsing takes longer than most such builds. Raw tables and database are where the environment says, as for dbt itself;
the database has to be called `warehouse.duckdb`, which is the name the project was parsed with.
"""

import os
import sys
from pathlib import Path

from orchestration.home import Home
from orchestration.project import PROJECT_DIR, parsed


def run(home: Path, *arguments: str):
    """What dbt says of a command, given without the folders of project and profiles."""
    from dbt.cli.main import dbtRunner

    manifest = parsed(Home(home), Path(os.environ["PREVENTION_RAW"]))
    folders = ("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR))
    return dbtRunner(manifest=manifest).invoke([*arguments, *folders])


def main() -> int:
    ran = run(Path(sys.argv[1]).absolute(), *sys.argv[2:])
    if ran.exception:
        print(ran.exception, file=sys.stderr)
        return 2
    return 0 if ran.success else 1


if __name__ == "__main__":
    sys.exit(main())
