"""The jobs, the monthly look, and the hook that tells somebody when a step fails."""

import dagster as dg

from ingest import fetch
from ingest.problems import InputError
from orchestration import alerts
from orchestration.home import from_environment
from orchestration.raw_assets import SOURCE_ASSETS
from orchestration.resources import Workspace
from orchestration.seeking import years_out


@dg.failure_hook(name="send_alert", required_resource_keys={"workspace"})
def send_alert(context: dg.HookContext) -> None:
    """Send an alert for the step that failed: a blocked publication, or a failure of the machinery."""
    error = context.op_exception
    workspace: Workspace = context.resources.workspace
    kept = workspace.paths.published_id()
    is_blocked = isinstance(error, dg.Failure)
    text = error.description if isinstance(error, dg.Failure) else f"{type(error).__name__}: {error}"
    stands = f"Publication {kept} is untouched." if kept else "There is no earlier publication."
    alerts.send(
        alerts.Alert(
            kind="publication_blocked" if is_blocked else "refresh_failed",
            step=context.op.name,
            run_id=context.run_id,
            text=f"{text}\n{stands}",
            published=kept,
        )
    )


refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    hooks={send_alert},
    description="Find, land and read files, build and check the marts, publish them. One at a time.",
)

ingest_job = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets(*SOURCE_ASSETS).without_checks()
    | dg.AssetSelection.checks(*[key for asset in SOURCE_ASSETS for key in asset.check_keys]),
    hooks={send_alert},
    description="Land and read the files of one source and one year or wave; publishes nothing.",
)


@dg.op(description="Bring what publishers have put out; what cannot be found is named with the page to look on")
def bring_published_files(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    """Every release of the catalogue into the landing folder. The sensor there does the rest."""
    missing = []
    releases = fetch.wanted([])
    for release in releases:
        try:
            context.log.info(f"{release.release_id}: {fetch.fetch(release, workspace.paths.landing).words}")
        except InputError as error:
            missing.append(str(error))
            context.log.warning(str(error))
    for source, year, sought in years_out(
        {r.source.name: r.source for r in releases}.values(), workspace.paths.landing
    ):
        context.log.info(f"{source.name} {year}, which is out and not held: {sought.words}")
    context.add_output_metadata({"not_brought": len(missing), "problems": dg.MetadataValue.json(missing)})


@dg.job(name="fetch", hooks={send_alert}, description="The only job that uses the network; never starts by itself")
def fetch_job() -> None:
    """Fetch alone: reading and publishing follow from what lands."""
    bring_published_files()


monthly_fetch = dg.ScheduleDefinition(
    name="monthly_fetch",
    job=fetch_job,
    cron_schedule="0 5 2 * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Bring new releases from the network; off until somebody turns it on",
)

# Publishers release on weekday mornings; the second of the month is after most monthly ones.
monthly_look = dg.ScheduleDefinition(
    name="monthly_look",
    job=refresh_job,
    cron_schedule="0 6 2 * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Refresh from the landing folder and say which years are out and not held",
)


@dg.run_failure_sensor(
    name="tell_of_lost_runs",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run that ended without a failing step (killed, lost worker, lock not free) is told as well",
)
def tell_of_lost_runs(context: dg.RunFailureSensorContext) -> None:
    """The failure hook speaks for failing steps; this speaks for runs that never got to say anything."""
    if context.get_step_failure_events():
        return
    kept = from_environment().published_id()
    alerts.send(
        alerts.Alert("refresh_failed", "run", context.dagster_run.run_id, context.failure_event.message or "", kept)
    )
