"""What the benchmark of the refresh reads off a refresh's own messages."""

import pytest

from benchmarks.measure import Taken
from benchmarks.refresh import _seconds

SAID = """\
23:59:50 reading RA_2021-22_data_by_LA.csv
23:59:58 reading RO3.xlsx
00:00:10 checking the raw tables of 42 editions
00:00:15 building warehouse and running its tests
00:01:00 checking the totals about to be published
00:01:02 building data_quality and running its tests
00:01:05 writing the publication
rejected: 0 rows; warned: 1, of which 1 new
"""


def test_steps_are_told_by_the_first_message_of_each():
    found = _seconds(Taken(wall=100.0, processor=120.0, peak_mb=1.0, said="", noted=SAID))
    assert found.pop("start, and publish to the end") == pytest.approx(25)
    assert found == {"read": 20, "check raw": 5, "build and test": 50}


def test_a_refresh_that_built_nothing_has_no_steps():
    found = _seconds(Taken(6.0, 6.0, 1.0, "", "12:00:01 nothing has changed since publication x: it stands\n"))
    assert found == {"start, and publish to the end": 6.0}
