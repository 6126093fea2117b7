"""What the README shows can be done: its queries answer, its links lead somewhere."""

import re
from pathlib import Path

import duckdb
import pytest

from sample.councils import in_force

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)


def test_every_page_the_readme_names_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_queries_of_the_readme_answer_on_the_sample(refreshed, query):
    asked = query.replace("'Camden'", f"'{in_force('2021-22')[0].name}'")
    with duckdb.connect(str((refreshed / "published" / "warehouse.duckdb").resolve()), read_only=True) as connection:
        connection.execute("use marts")
        assert connection.execute(asked).fetchall()


@pytest.mark.slow
def test_parts_of_the_walked_back_figure_add_up_to_it(refreshed):
    (walk,) = [query for query in QUERIES if "fct_allocation" in query]
    asked = walk.replace("'Camden'", f"'{in_force('2021-22')[0].name}'")
    with duckdb.connect(str((refreshed / "published" / "warehouse.duckdb").resolve()), read_only=True) as connection:
        connection.execute("use marts")
        figures, parts = connection.execute(
            f"select list(distinct figure_gbp), sum(part_gbp) from ({asked})"
        ).fetchone()
    assert figures == [parts]
