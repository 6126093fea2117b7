"""A build whose results nobody takes any more ends: it does not wait for itself for ever."""

import threading
from types import SimpleNamespace

from orchestration import dbt_run
from orchestration.home import Home

LONG = 20


def test_a_build_that_one_of_its_own_threads_collects_comes_to_its_end(tmp_path, monkeypatch):
    collected, ended = threading.Event(), threading.Event()
    built = None

    class Runner:
        def __init__(self, manifest=None, callbacks=()):
            self.callbacks = callbacks

        def invoke(self, arguments):
            node = SimpleNamespace(info=SimpleNamespace(name="NodeFinished"), data=None)
            node.data = SimpleNamespace(node_info=SimpleNamespace(unique_id="model.one"), run_result=None)
            self.callbacks[0](node)
            # A worker of dbt's happens to be the one that frees the forgotten results.
            worker = threading.Thread(target=lambda: (taken.wait(LONG), built.close(), collected.set()), daemon=True)
            worker.start()
            ended.is_done = collected.wait(LONG)
            ended.set()
            return SimpleNamespace(result=None, exception=None)

    taken = threading.Event()
    monkeypatch.setattr("dbt.cli.main.dbtRunner", Runner)
    monkeypatch.setattr(dbt_run, "parsed", lambda home: None)
    monkeypatch.setattr(dbt_run, "series_held", lambda snapshot: [])
    monkeypatch.setattr(dbt_run.reuse, "begin", lambda home, manifest: None)
    monkeypatch.setattr(dbt_run.Look, "at", lambda self, unique_id, result: unique_id)
    built = dbt_run.build(Home(tmp_path))
    assert next(built) == "model.one"
    taken.set()
    assert ended.wait(2 * LONG) and ended.is_done
