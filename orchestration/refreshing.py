"""`prevention refresh`: the refresh job in this process, and its story told in a few lines."""

import importlib
import json
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

from orchestration import unchanged
from orchestration.cli_options import BLOCKED, DONE, STOPPED, say
from orchestration.home import Busy, Home, RefreshLock, UnusableHome, clean_leftovers, put_right

FILES_ARE_READ = "files_can_be_read"
QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}
log = logging.getLogger("prevention")


def refresh(home: Home, data: Path | None, rebuild: bool = False, wait: bool = True) -> int:
    """Run the job, say what happened on stderr, and give the exit code.

    When nothing has changed since the last one, that is said without starting the job, unless Dagster is to record it.
    """
    started = time.monotonic()
    speak()
    if not rebuild and not os.environ.get("DAGSTER_HOME") and _has_nothing_to_do(home, data):
        _tell(home, home.published_id(), time.monotonic() - started)
        return DONE
    unchanged.forget(home)
    given = unchanged.given(home, data)
    from orchestration.sources import NothingToRead, choose_inputs

    try:
        choose_inputs(home, data)
    except NothingToRead as error:
        say(str(error))
        return STOPPED
    before = home.published_id()
    result = _run(home, data, rebuild, wait)
    busy = _busy(result)
    if busy:
        say(busy)
        return STOPPED
    if not result.success:
        for message in _failures(result):
            say(message)
        for problem in _of_files(result):
            say(f"it may have to do with this: {problem}")
        for unplaced in _unplaced(home):
            say(str(unplaced))
        kept = f"publication {before} is untouched" if before else "there is no earlier publication"
        say(f"NOTHING WAS PUBLISHED; {kept}.")
        return BLOCKED
    _tell(home, before, time.monotonic() - started, _of_files(result))
    # A file that came while the job ran has not been looked at.
    if unchanged.given(home, data) == given and _read_every_file(result):
        unchanged.remember(home, data)
    return DONE


def _read_every_file(result) -> bool:
    """Whether no file was set aside: one that was may be readable the next time."""
    return all(check.passed for check in result.get_asset_check_evaluations() if check.check_name == FILES_ARE_READ)


def _has_nothing_to_do(home: Home, data: Path | None) -> bool:
    """Whether the publication can stay as it is; never while another refresh runs, which may be about to change it."""
    if not unchanged.is_as_remembered(home, data):
        return False
    lock = RefreshLock(home)
    try:
        lock.take(0, say)
        put_right(home)
        clean_leftovers(home)
        if not unchanged.is_as_remembered(home, data):
            return False
    except (Busy, UnusableHome):
        return False
    finally:
        lock.free()
    log.info("nothing has changed since publication %s: it stays as it is, nothing was built", home.published_id())
    return True


def speak() -> None:
    """Our own progress on stderr; the libraries keep to themselves."""
    warnings.filterwarnings("ignore")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    logging.getLogger("dagster").setLevel(logging.CRITICAL)


def _run(home: Home, data: Path | None, rebuild: bool, wait: bool):
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.resources import Workspace

    workspace = Workspace(
        home=str(home.root),
        data=str(data.absolute()) if data else "",
        rebuild=rebuild,
        wait_seconds=3600.0 if wait else 0.0,
    )
    # Takes seconds to load, and files are read in processes of their own meanwhile. Nothing else imports it before the
    # suites do, who then wait for it; cut off within it, the process could end in a crash, so it is no daemon.
    threading.Thread(target=importlib.import_module, args=("great_expectations",), name="imports").start()
    job = defs.resolve_job_def("refresh")
    with dg.DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            run_config=dg.RunConfig(resources={"workspace": workspace}, loggers=QUIET),
            instance=instance,
            raise_on_error=False,
        )


def _busy(result) -> str | None:
    """What was said when another refresh was running, or the home could not be used; else none."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None:
            for kind in (Busy, UnusableHome):
                if error.cls_name == kind.__name__:
                    return error.message.strip().removeprefix(f"{kind.__module__}.{kind.__name__}: ")
            error = error.cause
    return None


def _failures(result) -> list[str]:
    """What stopped the run, step by step, in the words of the step."""
    messages = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.event_specific_data.user_failure_data
            if error is not None and error.description:
                messages.append(error.description)
            else:
                messages.append(f"{event.step_key} failed: {_innermost(event.event_specific_data.error)}")
        elif event.event_type_value == "PIPELINE_FAILURE" and not messages:
            error = getattr(event.event_specific_data, "error", None)
            messages.append(f"the run failed outside its steps: {_innermost(error) or event.message}")
    return messages


def _of_files(result) -> list[str]:
    """Series that are not held and files set aside, of those that did not stop the run by themselves."""
    from orchestration.raw_assets import PROBLEMS

    return [
        problem
        for check in result.get_asset_check_evaluations()
        if check.check_name == FILES_ARE_READ and not check.passed and check.severity.value == "WARN"
        for problem in check.metadata[PROBLEMS].value
    ]


def _innermost(error) -> str:
    """The message of the error at the root of others; empty where there is none."""
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else ""


def _warned_before(home: Home, before: str | None) -> set[str]:
    """What the publication that was before this refresh warned of."""
    manifest = home.publications / (before or "") / "manifest.json"
    return set(json.loads(manifest.read_text(encoding="utf-8"))["warnings"]) if manifest.exists() else set()


def _unplaced(home: Home) -> list:
    """Files that could not be placed; what reads them is imported only where there are some."""
    from orchestration.adding import NOTE, noted

    return noted(home) if (home.landing / NOTE).exists() else []


def _tell(home: Home, before: str | None, seconds: float, of_files: Iterable[str] = ()) -> None:
    """The last lines: what was published, what was rejected, what was warned.

    A file that was set aside changes nothing, so the present publication cannot warn of it: `of_files` does.
    """
    manifest = json.loads((home.published / "manifest.json").read_text(encoding="utf-8"))
    known = _warned_before(home, before)
    reviewed = [warning for warning in manifest["warnings"] if warning in known]
    for warning in reviewed:
        say(f"warning, as in the publication before: {warning}")
    for unplaced in _unplaced(home):
        say(str(unplaced))
    rejected = sum(reject["rows"] for reject in manifest["rejects"])
    for reject in manifest["rejects"]:
        say(f"rejected: {reject['rows']} rows of {reject['release_id']}: {reject['reason']}")
    tables, rows = len(manifest["tables"]), sum(table["rows"] for table in manifest["tables"])
    kind = "sample (fictional councils)" if manifest["is_sample"] else "published files"
    state = "unchanged, still" if manifest["publication_id"] == before else "published"
    say(f"{state}: {manifest['publication_id']} from {kind}: {tables} tables, {rows:,} rows, in {seconds:.0f} s")
    warned = list(dict.fromkeys([*manifest["warnings"], *of_files]))
    new = [warning for warning in warned if warning not in known]
    for warning in new:
        say(f"NEW WARNING: {warning}")
    say(f"rejected: {rejected} rows; warned: {len(warned)}, of which {len(new)} new")
    print(home.published)
