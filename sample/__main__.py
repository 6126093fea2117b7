"""`python -m sample`: make the sample afresh and write its checksums to `ingest/sample_sources.yml`."""

import tempfile
from pathlib import Path

import sample
from ingest.raw_store import write_text_atomically
from sample.catalogue_entries import TARGET, render

with tempfile.TemporaryDirectory() as folder:
    sample.write(Path(folder))
    write_text_atomically(TARGET, render(Path(folder)))
print(f"wrote {TARGET.name}")
