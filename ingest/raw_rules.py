"""What every row of a raw column holds, in the words its declaration uses.

A rule is about one cell at a time: given or not, of a pattern, one of a set, within a range. What compares rows with
each other, or with a total, belongs to dbt.
"""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Rule:
    """What each cell of a column holds; all but `is_required` speak of cells that are given.

    `is_publishers` marks words and codes that publishers choose: one that is new is worth a warning and stops nothing.
    """

    is_required: bool = False
    pattern: str | None = None
    values: tuple[str, ...] = ()
    low: Any = None
    high: Any = None
    is_publishers: bool = False


def one_of(*values: str) -> Rule:
    """Given, and one of our own words."""
    return Rule(is_required=True, values=values)


def within(low: Any = None, high: Any = None) -> Rule:
    """A number in a range, both ends included, where it is given."""
    return Rule(low=low, high=high)


def like(pattern: str) -> Rule:
    """Given, and of a pattern of ours."""
    return Rule(is_required=True, pattern=pattern)


def if_given(rule: Rule) -> Rule:
    """The same rule for a cell that may be empty."""
    return replace(rule, is_required=False)


def publishers(rule: Rule) -> Rule:
    """The same rule for words that a publisher chooses."""
    return replace(rule, is_publishers=True)


GIVEN = Rule(is_required=True)
YEAR = like(r"^\d{4}-\d{2}$")
DAY = if_given(like(r"^\d{4}-\d{2}-\d{2}$"))
AREA = like(r"^[EKNSW]\d{8}$")
OUR_CODE = like(r"^[a-z0-9][a-z0-9_]*$")
OUR_CODE_OR_EMPTY = like(r"^[a-z0-9_]*$")
DAY_OR_MONTH = if_given(like(r"^\d{4}-\d{2}(?:-\d{2})?$"))
CHECKSUM = like(r"^[0-9a-f]{64}$")
WAVE = like(r"^\d{4}$")
STATEMENT = one_of("budget", "outturn")
GRADE = one_of("high", "medium", "low")
FROM_ONE = within(low=1)
NOT_BELOW_ZERO = within(low=0)
SHARE_OF_ONE = within(low=0, high=1)
