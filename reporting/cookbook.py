"""Prints the answers of docs/cookbook.md again: every query, then its answer, from a published warehouse.

python -m reporting.cookbook var/published/warehouse.duckdb
"""

import re
import sys
from pathlib import Path

from reporting import sql

COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
BLOCK = re.compile(r"```sql\n(?P<query>.*?)```\n(?:\n```text\n(?P<answer>.*?)```\n)?", re.DOTALL)
WIDEST = 60


def questions(text: str) -> list[tuple[str, str | None]]:
    """Each query with the answer printed under it, None where there is none yet."""
    return [(match["query"], match["answer"]) for match in BLOCK.finditer(text)]


def answered(text: str, database: Path) -> str:
    """The cookbook with every answer printed afresh. Raises sql.QueryError for a query that does not run."""

    def answer(match: re.Match) -> str:
        columns, rows = sql.ask(database, match["query"])
        return f"```sql\n{match['query']}```\n\n```text\n{sql.as_table(columns, rows, WIDEST)}```\n"

    return BLOCK.sub(answer, text)


def main() -> None:
    database = Path(sys.argv[1])
    COOKBOOK.write_text(answered(COOKBOOK.read_text(encoding="utf-8"), database), encoding="utf-8")


if __name__ == "__main__":
    main()
