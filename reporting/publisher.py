"""Who publishes, how to reach them and when the next release is due: reporting/publisher.toml, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

PUBLISHER = Path(__file__).parent / "publisher.toml"


@cache
def publisher() -> dict[str, Any]:
    """What the publisher has set: name, contact, next_release (may be empty) and language."""
    return tomllib.loads(PUBLISHER.read_text(encoding="utf-8"))
