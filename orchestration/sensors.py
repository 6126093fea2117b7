"""The landing folder watched: a new or changed file is read once it is whole, then everything is refreshed."""

import hashlib
import json
import time

import dagster as dg

from ingest import catalogue, land
from orchestration.home import Home, from_environment
from orchestration.jobs import ingest_job, refresh_job
from orchestration.raw_assets import partitions_of, source_key
from orchestration.sources import partition_of

LOOK_EVERY_SECONDS = 5
# A copy that pauses for longer than this is taken to be finished.
SETTLED_SECONDS = 15


def settled(seen: dict[str, list], home: Home, now: float) -> tuple[dict[str, list], list[land.Found]]:
    """What lies in the landing folder now, and the files that have stopped changing since they were seen last.

    `seen` has, by path, size, time of last change, the moment when both were first seen together, and whether
    the file was passed on. A file passed on is passed on again only after it has changed.
    """
    lying, ready = {}, []
    for found in land.find(home.landing, known=catalogue.of_landing(home.landing)):
        try:
            stats = [file.stat() for file in found.files]
        except FileNotFoundError:
            continue
        path = str(found.path)
        before = seen.get(path)
        size, changed = sum(stat.st_size for stat in stats), max(stat.st_mtime_ns for stat in stats)
        if before is None or before[:2] != [size, changed]:
            lying[path] = [size, changed, now, False]
            continue
        lying[path] = before
        if not before[3] and now - before[2] >= SETTLED_SECONDS:
            lying[path] = [*before[:3], True]
            ready.append(found)
    return lying, ready


def requests(ready: list[land.Found], home: Home) -> list[dg.RunRequest]:
    """One run for each source and partition that has files whose content is not read, or not the one in use."""
    in_use = {edition.release.release_id: edition for edition in land.editions(home.landing)}
    held = {(e.release.release_id, e.sha256) for e in in_use.values() if land.receipt_of(e, home.raw)}
    groups: dict[tuple[str, str | None], list[str]] = {}
    for found in ready:
        digest = land.sha256_of(*found.files)
        if (found.release.release_id, digest) not in held:
            source = found.release.source
            partition = partition_of(found.release) if partitions_of(source) else None
            # With the time, because content that is put back after other content is to be read again.
            written = max(file.stat().st_mtime_ns for file in found.files)
            groups.setdefault((source.name, partition), []).append(f"{found.release.release_id}={digest}@{written}")
    return [
        dg.RunRequest(
            run_key=hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest(),
            partition_key=partition,
            asset_selection=[source_key(source)],
            tags={"source": source, "files": str(len(contents))},
        )
        for (source, partition), contents in sorted(groups.items(), key=str)
    ]


@dg.sensor(
    job=ingest_job,
    minimum_interval_seconds=LOOK_EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="New or changed files in the landing folder, each passed on once, when it has stopped growing",
)
def landing_folder(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Look at the landing folder; the cursor remembers sizes and times, so nothing is passed on twice."""
    home = from_environment()
    lying, ready = settled(json.loads(context.cursor or "{}"), home, time.time())
    return dg.SensorResult(run_requests=requests(ready, home), cursor=json.dumps(lying))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[ingest_job],
    request_job=refresh_job,
    minimum_interval_seconds=LOOK_EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="After the last waiting file has been read: build, check and publish",
)
def refresh_after_reading(context: dg.RunStatusSensorContext):
    """One refresh after a batch of files or a backfill, not one for each of them."""
    waiting = context.instance.get_runs_count(
        dg.RunsFilter(
            job_name=ingest_job.name,
            statuses=[
                dg.DagsterRunStatus.QUEUED,
                dg.DagsterRunStatus.NOT_STARTED,
                dg.DagsterRunStatus.STARTING,
                dg.DagsterRunStatus.STARTED,
            ],
        )
    )
    if waiting:
        return dg.SkipReason(f"{waiting} more files to read first")
    return dg.RunRequest(run_key=context.dagster_run.run_id)
