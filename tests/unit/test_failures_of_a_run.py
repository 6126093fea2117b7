"""What stopped a run is told by its root, also where no step was to blame."""

from types import SimpleNamespace

from orchestration.refreshing import FILES_ARE_READ, _failures, _of_files


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


def test_a_blocked_run_names_the_series_that_are_not_held_but_not_again_what_stopped_it():
    def check(name, passed, severity, problem):
        told = SimpleNamespace(value=[problem])
        return SimpleNamespace(
            check_name=name, passed=passed, severity=SimpleNamespace(value=severity), metadata={"problems": told}
        )

    evaluations = [
        check(FILES_ARE_READ, False, "WARN", "no file of the annex is held. It would add regions."),
        check(FILES_ARE_READ, True, "WARN", "all is well"),
        check(FILES_ARE_READ, False, "ERROR", "this stopped the run and was said"),
        check("another_check", False, "WARN", "a late year"),
    ]
    result = SimpleNamespace(get_asset_check_evaluations=lambda: evaluations)
    assert _of_files(result) == ["no file of the annex is held. It would add regions."]
