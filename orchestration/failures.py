"""How a step stops a refresh: with words for the person on call, and without a retry that cannot help."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from expectations.results import CheckResult

log = logging.getLogger("prevention")

# What may pass when tried again: a busy or slow share, a file that another program still holds.
TRANSIENT = {errno.EAGAIN, errno.EBUSY, errno.EACCES, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ETXTBSY}
TRIES = 3
WAIT_SECONDS = 5


def blocked(what: str, messages: list[str]) -> dg.Failure:
    """The failure that keeps a refresh from publishing; every message in full, in the run and on the screen."""
    return dg.Failure(
        description=f"{what}\n" + "\n".join(messages),
        metadata={"blocked_by": dg.MetadataValue.json(messages)},
        allow_retries=False,
    )


def stop_on(results: list[CheckResult], what: str) -> None:
    """Raise `blocked` when a result is an error that does not hold."""
    failing = [result for result in results if result.is_blocking]
    if failing:
        raise blocked(what, [result.message() for result in failing])


@contextmanager
def retry_what_can_pass(wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Ask for another try when the error is one that passes by itself; let every other one through."""
    try:
        yield
    except OSError as error:
        if error.errno not in TRANSIENT:
            raise
        log.info("%s: trying again in %s seconds", error, wait_seconds)
        raise dg.RetryRequested(max_retries=TRIES, seconds_to_wait=wait_seconds) from error


def as_dagster(result: CheckResult, key: dg.AssetKey, name: str | None = None) -> dg.AssetCheckResult:
    """A check result as Dagster shows it, with expected, observed and difference beside the verdict."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name or result.name,
        passed=result.status in ("pass", "empty"),
        severity=dg.AssetCheckSeverity.ERROR if result.severity == "error" else dg.AssetCheckSeverity.WARN,
        description=result.detail or None,
        metadata={
            "status": result.status,
            "compared": result.compared,
            "failed": result.failed,
            "expected": result.expected,
            "observed": result.observed,
            "difference": result.difference,
            "where_to_look": result.place,
            "rows": dg.MetadataValue.json(result.rows),
        },
    )
