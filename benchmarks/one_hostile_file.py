"""One hostile file taken in as the door takes it, and what it says: see hostile_files.py."""

import re
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from ingest import apart, catalogue, land
from ingest.problems import InputError
from orchestration.cli import main

KNOWN, SUBMITTED = "read as the publication it is named for", "looked at as a map or a coding sheet"


def said_of(path: Path, folder: Path) -> tuple[str, str]:
    """How the file was taken in, and in what words it was refused; none where it was read whole."""
    release = catalogue.load().by_file(path.name, False)
    if release is None:
        return SUBMITTED, _checked(path)
    try:
        land.land(land.Found(release, path), folder / "landing")
        (edition,) = land.editions(folder / "landing")
        receipt = apart.ingest(edition, folder / "raw")
    except (InputError, apart.ReaderFailed) as error:
        return KNOWN, f"refused: {error}"
    finally:
        # Ended here, the reading process is counted with this one.
        apart.end()
    rows = sum(receipt.rows.values())
    return KNOWN, f"read: {rows:,} rows, {receipt.rejects} of its cells set aside; the rest is for the checks"


def _checked(path: Path) -> str:
    result = CliRunner().invoke(main, ["check-map", str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    words = " ".join(re.sub(r"\s+", " ", result.output).split())
    return f"refused: {words}" if result.exit_code else f"taken: {words}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        how, words = said_of(Path(sys.argv[1]), Path(place))
    print(f"{how}\t{' '.join(words.split())}")
