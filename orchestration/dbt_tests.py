"""How a refresh runs dbt's data tests: dbt's order, verdicts and messages, with one plain statement for each test.

dbt itself sets up a whole rendering context for each test, to wrap the test's own SQL into the count that it judges:
two thirds of what most of our tests take. The wrapping is the same for all of them and is done here.
"""

from dbt.artifacts.schemas.catalog import PrimitiveDict
from dbt.node_types import NodeType
from dbt.task.build import BuildTask
from dbt.task.test import TestResultData, TestRunner

# What dbt's own macro `get_test_sql` makes of a test.
COUNTED = """select
  {calculation} as failures,
  {calculation} {warn_if} as should_warn,
  {calculation} {error_if} as should_error
from (
{sql}
{limit}
) as dbt_internal_test"""


class DataTestRunner(TestRunner):
    """Runs a data test by its compiled SQL. One that is to store its failures is left to dbt."""

    def execute_data_test(self, data_test, manifest) -> TestResultData:
        config = data_test.config
        if config.store_failures or data_test.get_materialization() != "test":
            return super().execute_data_test(data_test, manifest)
        sql = COUNTED.format(
            calculation=config.fail_calc,
            warn_if=config.warn_if,
            error_if=config.error_if,
            sql=data_test.compiled_code,
            limit=f"limit {config.limit}" if config.limit else "",
        )
        response, table = self.adapter.execute(sql, fetch=True)
        failures, warns, fails = table.rows[0]
        found: PrimitiveDict = {
            "failures": int(failures or 0),
            "should_warn": bool(warns),
            "should_error": bool(fails),
            "adapter_response": response.to_dict(omit_none=True),
        }
        return TestResultData.from_dict(found)


def install() -> None:
    """Let dbt's build run data tests this way, in this process."""
    BuildTask.RUNNER_MAP[NodeType.Test] = DataTestRunner
