"""Keys that are products of ranks hold where ranks have 32 bits, as they have on Spark."""

import sqlglot
from sqlglot import exp

from tests.apportionment_warehouse import TinyWarehouse

RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank)


def with_narrow_ranks(sql: str) -> str:
    """The statement with every rank of a window cast to 32 bits."""

    def narrow(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Window) and isinstance(node.this, RANKS):
            return exp.cast(node, "int", copy=False)
        return node

    if "_number(" not in sql and "rank(" not in sql:
        return sql
    return sqlglot.parse_one(sql, read="duckdb").transform(narrow).sql("duckdb")


def test_keys_of_lines_and_rules_are_the_same_where_ranks_have_32_bits(compiled, tiny, tmp_path):
    narrow = TinyWarehouse(compiled.rewritten(with_narrow_ranks), tmp_path / "narrow.duckdb")
    assert "AS INT" in narrow.compiled.sql["int_line_shares"]
    narrow.fill().build()
    keys = "select line_key, department_key from intermediate.int_apportioned_lines order by all"
    assert narrow.run(keys).fetchall() == tiny.run(keys).fetchall()
    rules = "select rule_key, place, service_code from intermediate.int_line_shares order by all"
    assert narrow.run(rules).fetchall() == tiny.run(rules).fetchall()
    narrow.connection.close()
