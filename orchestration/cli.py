"""The command line: plain verbs over the same job that `dagster dev` shows.

Messages for people go to stderr, results to stdout. Exit codes: 0 done; 1 a blocking check failed and nothing
was published; 2 usage or input that stops the run. Everything heavy is imported by the command that needs it.
"""

from pathlib import Path

import click

from orchestration.cli_add import add
from orchestration.cli_ask import serve, sql
from orchestration.cli_codings import disagreements
from orchestration.cli_options import home_option, say, stop, use_home
from orchestration.cli_publish import publish
from orchestration.cli_sheets import check_map, template
from orchestration.home import DEFAULT_HOME, Home


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


@main.command()
@home_option
@click.option(
    "--data",
    envvar="PREVENTION_DATA",
    type=click.Path(path_type=Path),
    help="Folder of published files; without it the landing folder, else the bundled sample.",
)
@click.option("--rebuild", is_flag=True, help="Build and publish everything anew, although nothing has changed.")
@click.option("--no-wait", is_flag=True, help="Leave at once when another refresh is running.")
@click.pass_obj
def refresh(home: Home, data: Path | None, rebuild: bool, no_wait: bool) -> None:
    """Read, build, check and publish.

    Example: prevention refresh --data ~/published-files --home var
    """
    from orchestration.refreshing import refresh as run

    raise SystemExit(run(home, data, rebuild=rebuild, wait=not no_wait))


@main.command()
@home_option
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.pass_obj
def fetch(home: Home, sources: tuple[str, ...]) -> None:
    """Bring published files from their publishers into the landing folder, and look for years that have come out since.

    Nothing else asks a publisher for anything; `publish` talks to the server that it is given.

    Example: prevention fetch mhclg_revenue_account
    """
    from ingest import fetch as fetching
    from ingest.problems import InputError
    from orchestration.refreshing import speak
    from orchestration.seeking import years_out

    speak()
    failed = 0
    try:
        releases = fetching.wanted(sources)
    except ValueError as error:
        stop(str(error))
    for release in releases:
        try:
            brought = fetching.fetch(release, home.landing)
        except InputError as error:
            failed += 1
            say(str(error))
            continue
        print(f"{release.release_id}\t{brought.path}\t{brought.words}")
    for source, year, sought in years_out({r.source.name: r.source for r in releases}.values(), home.landing):
        print(f"{source.name} {year}, which is out and not held\t{sought.path or ''}\t{sought.words}")
    say(f"{len(releases) - failed} of {len(releases)} files are in {home.landing}")
    raise SystemExit(2 if failed else 0)


@main.command()
@home_option
@click.pass_obj
def status(home: Home) -> None:
    """Sources, releases, years held, the last publication and its open warnings.

    Example: prevention status
    """
    from orchestration import status as state

    print(state.describe(home))


@main.command()
@home_option
@click.option("--from", "old", help="Earlier publication; default: the one before the later.")
@click.option("--to", "new", help="Later publication; default: the published one.")
@click.option("--rows", default=5, show_default=True, help="Changed rows to show for each table.")
@click.pass_obj
def diff(home: Home, old: str | None, new: str | None, rows: int) -> None:
    """What changed between two publications: causes, then figures and words for each table.

    Example: prevention diff --from 20260101T060000.000Z-1a2b3c4d
    """
    from orchestration import diffing
    from orchestration.publication import NoSuchPublication

    try:
        print(diffing.describe(home, old, new, rows))
    except NoSuchPublication as error:
        stop(str(error))


@main.command()
@home_option
@click.argument("publication_id", required=False)
@click.pass_obj
def restore(home: Home, publication_id: str | None) -> None:
    """Put an earlier publication back in place; without an id, the one before the present one.

    Example: prevention restore 20260101T060000.000Z-1a2b3c4d
    """
    from orchestration.home import Busy, RefreshLock
    from orchestration.publication import NoSuchPublication, before, point_at

    lock = RefreshLock(home)
    try:
        lock.take(60, say)
        point_at(home, publication_id or before(home, home.published_id()))
    except (Busy, NoSuchPublication) as error:
        stop(str(error))
    finally:
        lock.free()
    say(f"published again: {home.published_id()}")
    print(home.published)


for command in (add, template, check_map, disagreements, sql, serve, publish):
    main.add_command(command)


if __name__ == "__main__":
    main()
