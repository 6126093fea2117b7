"""The page Ask: SQL over the published warehouse in the reader's browser, and where its engine comes from.

The engine is DuckDB compiled to WebAssembly, 36 MB, too large to keep in the repository: `make ask-engine` fetches it
from the npm registry by name and version and checks it. Without it the page says so and is otherwise whole.
"""

import os
import re
import shutil
from pathlib import Path

from reporting.cookbook import COOKBOOK, questions

ENGINE = Path(__file__).parent / "ask_engine"
PARTS = ("duckdb.js", "duckdb-browser-eh.worker.js", "duckdb-eh.wasm", "LICENSE")
TITLE = re.compile(r"^## \d+\. (.+)$", re.MULTILINE)


def is_installed() -> bool:
    return all((ENGINE / part).exists() for part in PARTS)


def install(report: Path) -> bool:
    """Put the engine beside the page, as a second name of the same file where the disk allows; whether it is there."""
    if not is_installed():
        return False
    folder = report / "static" / "ask" / "engine"
    folder.mkdir(parents=True)
    for part in PARTS:
        try:
            os.link(ENGINE / part, folder / part)
        except OSError:
            shutil.copyfile(ENGINE / part, folder / part)
    return True


def examples() -> list[tuple[str, str]]:
    """The cookbook's questions with their queries; none where the report is installed without its docs."""
    if not COOKBOOK.exists():
        return []
    found = []
    for part in re.split(r"^(?=## \d+\. )", COOKBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if title := TITLE.match(part):
            found += [(title[1], query.strip()) for query, _ in questions(part)[:1]]
    return found
