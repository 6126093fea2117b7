"""The bundled sample: fictional councils, written in the layouts in which publishers publish.

`write(folder)` makes every file; it is a pure function, the same bytes on any machine. No figure here comes
from a real council. `python -m sample` lists the files with their checksums in `ingest/sample_sources.yml`.
"""

from pathlib import Path


def write(folder: Path) -> None:
    """Write every sample file below a folder, which is made if need be. Takes a few seconds."""
    from sample import (
        asc_fr,
        outcomes,
        population,
        reference,
        revenue_account,
        revenue_outturn,
        revenue_outturn_form,
        submissions,
    )

    folder.mkdir(parents=True, exist_ok=True)
    published = (revenue_account, revenue_outturn, revenue_outturn_form, outcomes, population, reference, asc_fr)
    for part in (*published, submissions):
        part.write(folder)
