"""What was reviewed of one edition is not called gone while another edition is served."""

import duckdb
import pytest

COLUMNS = "check_name varchar, publication varchar, group_name varchar, line_code varchar"
KEY = "'authorities_sum_to_control_total', '{}', 'Eng', '{}'"


@pytest.fixture
def warned(compiled):
    """What is said when the total of line 360 fits and its difference was reviewed of this edition."""

    def said(reviewed: str, reviewed_as: str, *further: str) -> list[str]:
        with duckdb.connect() as connection:
            connection.execute("create schema reference; create schema audit")
            connection.execute(f"create table reference.known_discrepancies ({COLUMNS})")
            connection.execute(
                f"create table audit.audit_reconciliation_publication ({COLUMNS}, status varchar, "
                "difference decimal(18,2), reason varchar, reviewed_as varchar)"
            )
            connection.execute(f"insert into reference.known_discrepancies values ({KEY.format(reviewed, '360')})")
            fitting = f"({KEY.format('rsx', '360')}, 'pass', 0, null, '{reviewed_as}')"
            for row in (fitting, *further):
                connection.execute(f"insert into audit.audit_reconciliation_publication values {row}")
            return [sentence for (sentence,) in compiled.failures(connection, "warn_known_discrepancies")]

    return said


def test_a_difference_that_is_gone_from_the_served_edition_is_told(warned):
    assert warned("rsx", "rsx") == [
        "rsx, Eng, line 360: the reviewed difference is gone; take it off known_discrepancies"
    ]
    assert len(warned("rsx@1234", "rsx@1234")) == 1


def test_what_was_reviewed_of_an_edition_that_is_not_served_is_not_called_gone(warned):
    assert warned("rsx", "rsx@1234") == []


def test_a_new_budget_without_totals_is_told_once(warned):
    lines = [f"({KEY.format('ra_2031', line)}, 'unreviewed', null, 'It prints none', 'ra_2031')" for line in (360, 799)]
    assert warned("rsx", "rsx@1234", *lines) == ["ra_2031: nobody has reviewed it yet. It prints none"]
