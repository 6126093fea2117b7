"""The command that copies what is published to where many read it."""

import time

import click

from orchestration.cli_options import home_option, say, stop
from orchestration.home import Home


@click.command()
@home_option
@click.option(
    "--postgres",
    "dsn",
    envvar="PREVENTION_POSTGRES",
    metavar="DSN",
    help="A PostgreSQL database of its own, as an address or as key=value words.",
)
@click.option("--reader", metavar="ROLE", help="The role that may read there (default prevention_reader).")
@click.option(
    "--to",
    "url",
    envvar="PREVENTION_OBJECTS",
    metavar="URL",
    help="A folder of object storage: s3://bucket/folder, gs://…, abfs://…, file:///….",
)
@click.pass_obj
def publish(home: Home, dsn: str | None, reader: str | None, url: str | None) -> None:
    """Copy what is published to where many read it: only tables that changed, and all of them at once.

    Example: prevention publish --postgres postgresql://loader@127.0.0.1:5432/prevention
    """
    from orchestration import copy_to_objects, copy_to_postgres, copying
    from orchestration.publication import NoSuchPublication

    if not dsn and not url:
        raise click.UsageError("Say where to: --postgres with a database, or --to with a folder of object storage.")
    try:
        published = copying.published(home)
        for bring in (
            dsn and (lambda: copy_to_postgres.bring(published, dsn, reader or copy_to_postgres.READER)),
            url and (lambda: copy_to_objects.bring(published, url)),
        ):
            if bring:
                started = time.monotonic()
                say(f"{bring().words()}, in {time.monotonic() - started:.0f} s")
    except (NoSuchPublication, copying.CannotCopy) as error:
        stop(str(error))
    print(published.publication_id)
