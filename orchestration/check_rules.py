"""What each dbt test asks, in words: the comment a test of its own begins with, or the rule of a generic one."""

import re
from collections.abc import Mapping
from typing import Any

COMMENT = re.compile(r"(?:^--[^\n]*\n?)+", re.MULTILINE)
GENERIC = {
    "not_null": "{column_name} is never empty",
    "unique": "{column_name} is different in every row",
    "unique_key": "No two rows share {columns}, and the table is not empty",
    "unique_key_or_empty": "No two rows share {columns}; the table may be empty",
    "accepted_values": "{column_name} is one of {values}",
    "relationships": "Every {column_name} is a {field} of {to}",
    "invariant_holds": "{check_name} holds for every council and year, and was compared for all of them",
}


def rule_of(test: Mapping[str, Any]) -> str:
    """The rule of one test, given as the dbt manifest has it. A generic test without words is called by its name."""
    generic = test.get("test_metadata") or {}
    name, arguments = generic.get("name"), generic.get("kwargs") or {}
    if name is None:
        found = COMMENT.search(test["raw_code"])
        lines = [line.removeprefix("--").strip() for line in found.group().splitlines()] if found else []
        return " ".join(line for line in lines if not line.startswith("depends_on:"))
    if name == "unique_key" and arguments.get("allow_empty"):
        name = "unique_key_or_empty"
    worded = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in arguments.items()}
    if "to" in worded:
        # Written as ref('table') or source('schema', 'table').
        worded["to"] = re.findall(r"\w+", worded["to"])[-1]
    return GENERIC.get(name, name.replace("_", " ")).format(**worded)
