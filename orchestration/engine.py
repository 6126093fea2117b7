"""Which engine builds the models: DuckDB in this process, or Spark on a cluster; with the same project and results."""

from collections.abc import Iterator
from typing import Literal

import dagster as dg

from expectations.results import CheckResult
from orchestration import dbt_run
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

    def build(self, home: Home, *selection: str) -> Iterator[Built | CheckResult | NotBuilt]:
        """Build and test the selected nodes, as `dbt_run.build` does."""
        if self.target == "duckdb":
            return dbt_run.build(home, *selection)
        from orchestration import spark_build

        return spark_build.build(home, *selection, master=self.master, partitions=self.partitions)
