"""What stopped a run is told by its root, also where no step was to blame."""

from types import SimpleNamespace

from orchestration.refreshing import _failures


def _event(kind, **data):
    return SimpleNamespace(
        is_step_failure=kind == "STEP_FAILURE",
        event_type_value=kind,
        step_key="raw_tables",
        message='Execution of run for "refresh" failed.',
        event_specific_data=SimpleNamespace(**data),
    )


def _error(message, cause=None):
    return SimpleNamespace(message=message, cause=cause)


def test_a_step_and_a_run_are_told_by_the_root_of_their_error():
    root = _error("ModuleNotFoundError: No module named 'sample'\n")
    step = _event("STEP_FAILURE", user_failure_data=None, error=_error("outer", root))
    run = _event("PIPELINE_FAILURE", error=_error("outer", root))
    assert _failures(SimpleNamespace(all_events=[step, run])) == [
        "raw_tables failed: ModuleNotFoundError: No module named 'sample'"
    ]
    assert _failures(SimpleNamespace(all_events=[run])) == [
        "the run failed outside its steps: ModuleNotFoundError: No module named 'sample'"
    ]
    silent = _event("PIPELINE_FAILURE")
    assert _failures(SimpleNamespace(all_events=[silent])) == [
        'the run failed outside its steps: Execution of run for "refresh" failed.'
    ]
