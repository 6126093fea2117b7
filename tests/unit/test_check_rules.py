"""What a dbt test asks, in words a person on call can read."""

import pytest

from orchestration.check_rules import rule_of

OWN = "{{ config() }}\n-- depends_on: {{ ref('x') }}\n-- Nothing is lost.\n-- Ever.\nselect 1 -- one"


def generic(name, **arguments):
    return {"test_metadata": {"name": name, "kwargs": arguments}, "raw_code": "{{ test() }}"}


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (generic("not_null", column_name="amount_gbp"), "amount_gbp is never empty"),
        (generic("unique_key", columns=["a", "b"]), "No two rows share a, b, and the table is not empty"),
        (generic("unique_key", columns=["a"], allow_empty=True), "No two rows share a; the table may be empty"),
        (generic("accepted_values", column_name="tier", values=["x", 2]), "tier is one of x, 2"),
        (
            generic("relationships", column_name="tier", field="tier", to="ref('dim_tier')"),
            "Every tier is a tier of dim_tier",
        ),
        (
            generic("relationships", column_name="a", field="b", to="source('raw', 'releases')"),
            "Every a is a b of releases",
        ),
        (generic("sums_add_up", column_name="amount_gbp"), "sums add up"),
        ({"raw_code": OWN}, "Nothing is lost. Ever."),
        ({"raw_code": "select 1"}, ""),
    ],
)
def test_a_rule_in_words(test, words):
    assert rule_of(test) == words
