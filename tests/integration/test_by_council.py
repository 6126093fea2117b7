"""Models built for the councils that have changed have the rows of a full build, after any sequence of changes."""

import random

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from orchestration.home import Home
from orchestration.project import parsed
from tests import candidates
from tests.candidates import built, change, contents, numbers

# What is built by council, and what lies in front of it.
PART = (
    *("--select", "+mart_service_grid", "+mart_line_perimeter", "+mart_prevention_spend", "+int_perimeter_totals"),
    *("+int_line_movements", "+int_interval_terms", "--exclude-resource-type", "test"),
)
# Doubles of these differ in their last binary digits between two full builds too; nothing published moves by it.
IN_DOUBLES = {"intermediate.int_uncertain_shares", "intermediate.int_uncertain_tiers"}


@pytest.fixture
def home(refreshed, tmp_path) -> Home:
    return candidates.copy_of(refreshed, tmp_path / "home")


def declared(home: Home) -> set[str]:
    return {node.name for node in parsed(home).nodes.values() if node.config.meta.get("built_by_council")}


def whole(home: Home) -> dict[str, tuple[int, int]]:
    """What every table holds after a full build on the same raw tables; nothing that was there stays."""
    spoil(home, *councils(home))
    candidates.build(home, *PART, leave_unchanged=False)
    assert spoilt(home) == set()
    return contents(home)


def of_council(home: Home, body_code: str, how):
    """Only the rows of one body are given other figures."""

    def changed(rows):
        mine = pc.equal(rows["body_code"], body_code)
        place = rows.schema.get_field_index("amount_thousand_gbp")
        column = rows["amount_thousand_gbp"]
        given = pc.if_else(pc.fill_null(mine, False), how(column), column)
        return rows.set_column(place, "amount_thousand_gbp", given.cast(column.type))

    change(home, "finance_cells", changed)


def doubled(column):
    return pc.multiply(column, pa.scalar(2, pa.int32()))


def negative(column):
    return pc.negate(column)


def without_a_line(home: Home, body_codes: list[str], line_code: str, year: str) -> None:
    """The returns of some bodies in one year have a line less, which is on the form of all others."""

    def changed(rows):
        mine = pc.and_(pc.is_in(rows["body_code"], pa.array(body_codes)), pc.equal(rows["financial_year"], year))
        return rows.filter(pc.invert(pc.fill_null(pc.and_(mine, pc.equal(rows["line_code"], line_code)), False)))

    change(home, "finance_cells", changed)


def map_without_a_line(home: Home) -> None:
    change(home, "service_map_lines", lambda rows: rows.slice(1))


def map_without_a_tier(home: Home) -> None:
    change(home, "service_map_tiers", lambda rows: rows.slice(1))


def no_map(home: Home) -> None:
    change(home, "service_map_lines", lambda rows: rows.slice(rows.num_rows))


def lines_of_two_years(home: Home, body_code: str) -> list[tuple[str, str]]:
    """Lines of a body that give money to a perimeter, and the first of two years side by side for which it has them."""
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        return connection.execute(
            """select l.line_code, l.financial_year
               from intermediate.int_year_pairs as p
               inner join intermediate.int_candidate_lines as l
                   on p.council_code = l.council_code and p.statement = l.statement
                   and p.previous_financial_year = l.financial_year
               inner join intermediate.int_candidate_lines as n
                   on p.council_code = n.council_code and p.statement = n.statement
                   and p.financial_year = n.financial_year and l.section = n.section and l.line_code = n.line_code
               inner join intermediate.int_apportioned_lines as a on 2 * n.published_line_key = a.line_key
               where l.council_code in (select council_code from marts.fct_budget_line where body_code = ?)
                   and a.line_key in
                   (select line_key from intermediate.int_allocation_bounds
                    where measure_kind = 'perimeter' and central_pence <> 0)
               order by all""",
            [body_code],
        ).fetchall()


def bodies(home: Home) -> list[str]:
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        rows = connection.execute(
            "select distinct body_code from marts.fct_budget_line where body_kind = 'council' order by all"
        ).fetchall()
    return [code for (code,) in rows]


def councils(home: Home) -> list[str]:
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        rows = connection.execute("select distinct council_code from intermediate.int_apportioned_lines").fetchall()
    return [code for (code,) in rows]


def spoil(home: Home, *councils: str) -> None:
    """Give the rows of councils in a model a mark that no building would give them."""
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute(
            "update intermediate.int_allocation_tiers set confidence = 'spoilt' where line_key in "
            "(select line_key from intermediate.int_apportioned_lines where council_code in (select unnest(?)))",
            [list(councils)],
        )


def spoilt(home: Home) -> set[str]:
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        rows = connection.execute(
            "select distinct l.council_code from intermediate.int_allocation_tiers as t "
            "inner join intermediate.int_apportioned_lines as l using (line_key) where t.confidence = 'spoilt'"
        ).fetchall()
    return {code for (code,) in rows}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_after_any_changes_of_some_councils_the_tables_are_those_of_a_full_build(home, seed):
    drawn = random.Random(seed)
    changes = [map_without_a_line, map_without_a_tier, no_map]
    all_bodies = bodies(home)
    for step in range(2):
        some = drawn.sample(all_bodies, k=3)
        for body in some[1:]:
            of_council(home, body, drawn.choice([doubled, negative]))
        if step == 0:
            drawn.choice(changes)(home)
        # At last it is of all that change, so that only the others say that the line is on the form.
        without_a_line(home, some, *drawn.choice(lines_of_two_years(home, some[0])))
        before = numbers(home)
        candidates.build(home, *PART)
        assert declared(home) <= built(before, numbers(home))
    found, full = contents(home), whole(home)
    assert found.keys() == full.keys()
    assert [name for name in full.keys() - IN_DOUBLES if found[name] != full[name]] == []
    assert [name for name in IN_DOUBLES if found[name][1] != full[name][1]] == []


def test_rows_of_councils_that_have_not_changed_are_left_as_they_are(home):
    """A mark that building would take away stays with the one council, and goes with the other."""
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        ((changed, body), (other, _)) = connection.execute(
            "select council_code, any_value(body_code) from marts.fct_budget_line where body_kind = 'council' "
            "and council_code in (select council_code from intermediate.int_apportioned_lines) "
            "group by council_code order by council_code limit 2"
        ).fetchall()
    spoil(home, changed, other)
    of_council(home, body, doubled)
    candidates.build(home, *PART)
    assert spoilt(home) == {other}


def test_a_rule_of_every_council_that_has_changed_builds_the_model_whole(home):
    """Nothing stays of what was there: the change is no single council's."""
    council = bodies(home)[0]
    with duckdb.connect(str(home.candidate_database)) as connection:
        ((code,),) = connection.execute(
            "select council_code from marts.fct_budget_line where body_code = ? limit 1", [council]
        ).fetchall()
        connection.execute("update intermediate.int_tier_shares set place = place + 1 where tier_council_code = '*'")
        connection.execute(
            "update built.record set key = 'of other rules', version = 'of other rules', content = null "
            "where unique_id = 'model.prevention.int_tier_shares'"
        )
        connection.execute(
            "update built.inputs set version = 'of other rules' where input = 'model.prevention.int_tier_shares'"
        )
        connection.execute("delete from built.councils where unique_id = 'model.prevention.int_tier_shares'")
    spoil(home, code)
    candidates.build(home, *PART)
    assert spoilt(home) == set()


def test_all_is_built_where_that_is_asked_for(home):
    """Though one council alone has changed."""
    body, *_ = bodies(home)
    of_council(home, body, doubled)
    spoil(home, *councils(home))
    candidates.build(
        home, "--select", "+int_allocation_tiers", "--exclude-resource-type", "test", leave_unchanged=False
    )
    assert spoilt(home) == set()
