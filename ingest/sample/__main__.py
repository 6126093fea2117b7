"""`python -m ingest.sample`: make the sample afresh and write its checksums to `sources.yml`."""

import tempfile
from pathlib import Path

from ingest import sample
from ingest.raw_store import write_text_atomically
from ingest.sample.catalogue_entries import TARGET, render

with tempfile.TemporaryDirectory() as folder:
    sample.write(Path(folder))
    write_text_atomically(TARGET, render(Path(folder)))
print(f"wrote {TARGET.name}")
