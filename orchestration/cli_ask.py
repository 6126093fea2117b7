"""Commands that read what is published: one query, or the report in a browser."""

import shutil
import sys

import click

from orchestration.cli_options import home_option, published_database, say, stop
from orchestration.home import Home


@click.command()
@home_option
@click.argument("query")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
@click.option(
    "--raw",
    "is_raw",
    is_flag=True,
    help="CSV with text as it stands: otherwise text like a formula gets an apostrophe, control characters go.",
)
@click.pass_obj
def sql(home: Home, query: str, output_format: str, is_raw: bool) -> None:
    """Ask the published database one question in SQL, read-only.

    Example: prevention sql "select * from marts.mart_prevention_headline limit 5"
    """
    import duckdb

    from reporting import sql as asking

    database = published_database(home)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    try:
        columns, rows = asking.ask(database, query)
        print(asking.written(columns, rows, output_format, width, is_raw))
        for hint in [] if rows else asking.hints(database, query):
            say(hint)
    except (duckdb.Error, ValueError) as error:
        stop(str(error))


@click.command()
@home_option
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.pass_obj
def serve(home: Home, port: int) -> None:
    """Show the published report in a browser, on this machine only.

    Example: prevention serve --port 8000
    """
    from reporting import serve as serving

    published_database(home)
    say(f"the report is at http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    serving.serve(home.published / "report", port)
