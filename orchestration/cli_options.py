"""What the commands share: the home they work on, and how they stop."""

import os
import sys
from pathlib import Path

import click

from orchestration.home import DEFAULT_HOME, Home

DONE, BLOCKED, STOPPED = 0, 1, 2


def say(text: str) -> None:
    """A line for people, on stderr."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str, code: int = STOPPED) -> None:
    """Say why, and leave with an exit code."""
    say(text)
    raise SystemExit(code)


def use_home(context: click.Context, home: Path | None) -> None:
    """Remember the home for the command and for everything it starts."""
    if home is not None:
        context.obj = Home(home.absolute())
        os.environ["PREVENTION_HOME"] = str(context.obj.root)


def home_option(command):
    """`--home` after the verb as well as before it."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        help=f"Folder of the warehouse (default {DEFAULT_HOME}/, or PREVENTION_HOME).",
        callback=lambda context, _, value: use_home(context, value),
    )(command)


def published_database(home: Home) -> Path:
    """The published database; leaves with a message when nothing has been published yet."""
    database = home.published / "warehouse.duckdb"
    if not database.exists():
        stop(f"Nothing has been published in {home.root} yet. Run `prevention refresh` first.")
    return database.resolve()
