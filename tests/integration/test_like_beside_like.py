"""Figures of unlike things are not set side by side: lines new on the form, returns not broken down, other budgets."""

from decimal import Decimal

from tests.apportionment_warehouse import EAST, NEW, NORTH, OLD, SOUTH

MOVED = (
    "movement_gbp, movement_definition_gbp, movement_growth_gbp, movement_mix_gbp, movement_real_shift_gbp, "
    "adult_social_care_movement_gbp"
)


def headline(tiny, columns, council, year=NEW, perimeter="narrow", statement="budget"):
    return tiny.run(
        f"select {columns} from marts.mart_prevention_headline where council_code = ? and financial_year = ? "
        "and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus' and perimeter = ? "
        "and statement = ?",
        *(council, year, perimeter, statement),
    ).fetchone()


def test_a_line_that_is_new_on_the_form_is_definition(tiny):
    before = headline(tiny, MOVED, NORTH)
    assert before[1] == 0
    pounds = Decimal("900000.00")
    tiny.add_line(NORTH, NEW, "adult_social_care", "351", pounds)
    tiny.run(
        "update marts.fct_budget_line set amount_gbp = amount_gbp + ? where council_code = ? and financial_year = ? "
        "and line_code = '360'",
        *(pounds, NORTH, NEW),
    )
    assert tiny.build().check_again() == {}
    after = headline(tiny, MOVED, NORTH)
    # Nearly half of the line is primary or secondary on the desk baseline; nothing else moved.
    new_money = tiny.run(
        "select sum(amount_gbp) from marts.fct_allocation where council_code = ? and financial_year = ? and "
        "line_code = '351' and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus' "
        "and tier in ('primary', 'secondary')",
        *(NORTH, NEW),
    ).fetchone()[0]
    assert new_money > 0
    assert after[1] == new_money
    assert after[2:5] == before[2:5]
    assert after[0] == before[0] + new_money


def test_a_line_under_a_new_number_is_the_same_line(tiny):
    for year, code, pounds in ((OLD, "502", "100000.00"), (NEW, "506", "100000.00")):
        for council in (NORTH, SOUTH, EAST):
            tiny.add_line(council, year, "cultural", code, Decimal(pounds))
    assert tiny.build().check_again() == {}
    assert headline(tiny, "movement_definition_gbp", NORTH)[0] == 0


def test_fixed_desk_shares_show_a_mix_of_lines_and_no_shift(tiny):
    shift, mix = headline(tiny, "movement_real_shift_gbp, movement_mix_gbp", NORTH)
    assert shift is None
    assert mix is not None


def test_a_return_on_one_line_is_no_fact_about_prevention(tiny):
    """All of adult social care on line 354, as Northamptonshire once booked it."""
    tiny.run(
        "update marts.fct_budget_line set amount_gbp = case when line_code = '354' then (select sum(amount_gbp) "
        "from marts.fct_budget_line where council_code = ?1 and financial_year = ?2 and line_code = '360') else 0 end "
        "where council_code = ?1 and financial_year = ?2 and section = 'adult_social_care' and line_code <> '360'",
        *(NORTH, OLD),
    )
    assert tiny.build().check_again() == {}
    flag, why, amount, share, balance = headline(
        tiny,
        "is_broken_down, not_broken_down_reason, amount_gbp, share_of_adult_social_care_share, preventative_share",
        *(NORTH, OLD),
    )
    assert (flag, amount, share, balance) == (False, None, None, None)
    assert "two fifths" in why
    assert "less than a tenth" in why
    # The next year has nothing to be compared with; the other councils are as they were.
    assert headline(tiny, "previous_financial_year, movement_gbp", NORTH) == (None, None)
    assert headline(tiny, "previous_financial_year", SOUTH) == (OLD,)
    placed = tiny.run(
        "select tier, amount_gbp from marts.mart_prevention_spend where council_code = ? and financial_year = ? and "
        "cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus' and amount_gbp <> 0",
        *(NORTH, OLD),
    ).fetchall()
    in_scope = tiny.run(
        "select sum(amount_gbp) from marts.fct_allocation where council_code = ? and financial_year = ? "
        "and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'",
        *(NORTH, OLD),
    ).fetchone()[0]
    assert placed == [("unclassified", in_scope)]


def test_a_budget_that_is_not_held_is_null_and_its_movement_too(tiny):
    """A year without libraries and Supporting People is no fall in prevention."""
    tiny.run(
        "delete from marts.fct_budget_line where council_code = ? and financial_year = ? "
        "and section in ('cultural', 'housing')",
        *(NORTH, NEW),
    )
    assert tiny.build().check_again() == {}
    sections, wider, public_health, moved, adult_moved = headline(
        tiny,
        "sections_held, wider_council_gbp, public_health_gbp, movement_gbp, adult_social_care_movement_gbp",
        NORTH,
    )
    assert sections == "adult_social_care, public_health"
    assert wider is None
    assert public_health is not None
    assert moved is None
    assert adult_moved is not None


def test_gross_is_split_by_the_same_rules_and_income_is_what_lies_between(tiny):
    tiny.run(
        "insert into marts.fct_budget_line select * replace ('total_expenditure' as measure,"
        " cast(amount_gbp * 1.37 + 0.01 as decimal(18, 2)) as amount_gbp) from marts.fct_budget_line"
        " where council_code = ? and financial_year = ?",
        *(NORTH, NEW),
    )
    assert tiny.build().check_again() == {}
    wrong = tiny.run(
        "select a.line_code, a.cost_view, sum(a.gross_gbp) as split, max(b.amount_gbp) as printed"
        " from marts.fct_allocation as a inner join marts.fct_budget_line as b using (council_code, financial_year,"
        " statement, section, line_code) where b.measure = 'total_expenditure' and a.cost_view = 'direct'"
        " group by all having split <> printed or bool_or(a.income_gbp <> a.gross_gbp - a.amount_gbp)"
    ).fetchall()
    assert wrong == []
    views = tiny.run(
        "select cost_view, sum(gross_gbp), sum(income_gbp), count(*) filter (gross_gbp is null) from"
        " marts.mart_prevention_spend where council_code = ? and financial_year = ?"
        " and outcome_code = 'delay_and_reduce_need_65_plus' group by all",
        *(NORTH, NEW),
    ).fetchall()
    assert len(views) == 2 and views[0][1:] == views[1][1:] and views[0][3] == 0 and views[0][2] > 0
    assert headline(tiny, "gross_gbp - income_gbp - amount_gbp", NORTH) == (0,)
    assert headline(tiny, "adult_social_care_gross_gbp > adult_social_care_gbp", NORTH) == (True,)
    # Where the return prints none there is none: not zero.
    assert headline(tiny, "gross_gbp, income_gbp, adult_social_care_gross_gbp", SOUTH) == (None, None, None)
