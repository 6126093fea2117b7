"""What passes by itself is tried again; bad data is not; a blocked publication says everything it knows."""

import errno

import dagster as dg
import pytest

from expectations.results import CheckResult
from orchestration.failures import retry_what_can_pass, stop_on


def result(**changes):
    given = dict(name="sums_agree", subject="marts.x", severity="error", status="fail", compared=9, failed=1)
    given |= dict(expected="3", observed="4", difference="1", place="dbt_project/tests/sums_agree.sql")
    return CheckResult(**(given | changes))


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES, errno.ESTALE, errno.ETIMEDOUT])
def test_a_locked_file_or_a_slow_share_is_tried_again(number):
    with pytest.raises(dg.RetryRequested), retry_what_can_pass():
        raise OSError(number, "share")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "disk full"), ValueError("bad data"), FileNotFoundError("x")])
def test_what_cannot_pass_is_not(error):
    with pytest.raises(type(error)), retry_what_can_pass():
        raise error


def test_a_file_locked_twice_is_read_at_the_third_try():
    tries = []

    @dg.op
    def read():
        tries.append(1)
        with retry_what_can_pass(wait_seconds=0):
            if len(tries) < 3:
                raise OSError(errno.EBUSY, "locked")

    @dg.job
    def reading():
        read()

    assert reading.execute_in_process(raise_on_error=False).success
    assert len(tries) == 3


def test_a_blocked_publication_names_check_figures_rows_and_place():
    with pytest.raises(dg.Failure) as caught:
        stop_on([result(rows=[{"council_code": "E1", "amount": "4"}])], "Nothing was published.")
    for part in ("sums_agree on marts.x", "expected 3; observed 4; difference 1", "council_code=E1", "sums_agree.sql"):
        assert part in caught.value.description
    assert caught.value.allow_retries is False


@pytest.mark.parametrize("changes", [{"severity": "warn", "status": "warn"}, {"status": "pass"}, {"status": "empty"}])
def test_warnings_and_what_holds_do_not_block(changes):
    stop_on([result(**changes)], "Nothing was published.")
