"""Which engine builds the models: DuckDB in this process, or Spark on a cluster; with the same project and results."""

from collections.abc import Iterator
from typing import Literal

import dagster as dg

from expectations.results import CheckResult
from orchestration import dbt_run, reuse
from orchestration.dbt_run import Built, NotBuilt
from orchestration.home import Home


class Engine(dg.ConfigurableResource):
    """The target of the dbt project for one run.

    `master` is the address of a Spark cluster, such as `spark://cluster:7077`; without it one of two workers is started
    on this computer for the length of the build. `partitions` is how many parts Spark sorts and joins in: about two
    for each of the cluster's cores.
    """

    target: Literal["duckdb", "spark"] = "duckdb"
    master: str = ""
    partitions: int = 4

    def build(
        self, home: Home, *selection: str, leave_unchanged: bool = False
    ) -> Iterator[Built | CheckResult | NotBuilt]:
        """Build and test the selected nodes, as `dbt_run.build` does. Spark builds all of them, changed or not."""
        if self.target == "duckdb":
            return dbt_run.build(home, *selection, leave_unchanged=leave_unchanged)
        from orchestration import spark_build

        reuse.forget(home)
        return spark_build.build(home, *selection, master=self.master, partitions=self.partitions)
