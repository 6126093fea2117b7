"""The command line: plain verbs over the same job that `dagster dev` shows.

Messages for people go to stderr, results to stdout. Exit codes: 0 done; 1 a blocking check failed and nothing
was published; 2 usage or input that stops the run. Everything heavy is imported by the command that needs it.
"""

import os
from pathlib import Path

import click

from orchestration.home import DEFAULT_HOME, Home

DONE, BLOCKED, STOPPED = 0, 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="prevention-warehouse", prog_name="prevention")
@click.option(
    "--home",
    envvar="PREVENTION_HOME",
    default=DEFAULT_HOME,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the warehouse.",
)
@click.pass_context
def main(context: click.Context, home: Path) -> None:
    """Spending on preventing, reducing and delaying need for care: refresh, ask, compare.

    Example: prevention refresh --data ~/published-files
    """
    use_home(context, home)


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
        help="Folder of the warehouse (default var/, or PREVENTION_HOME).",
        callback=lambda context, _, value: use_home(context, value),
    )(command)


@main.command()
@home_option
@click.option(
    "--data",
    envvar="PREVENTION_DATA",
    type=click.Path(path_type=Path),
    help="Folder of published files; without it the landing folder, else the bundled sample.",
)
@click.option("--rebuild", is_flag=True, help="Build and publish although nothing has changed.")
@click.option("--no-wait", is_flag=True, help="Leave at once when another refresh is running.")
@click.pass_obj
def refresh(home: Home, data: Path | None, rebuild: bool, no_wait: bool) -> None:
    """Read, build, check and publish.

    Example: prevention refresh --data ~/published-files --home var
    """
    from orchestration.refreshing import refresh as run

    raise SystemExit(run(home, data, rebuild=rebuild, wait=not no_wait))


if __name__ == "__main__":
    main()
