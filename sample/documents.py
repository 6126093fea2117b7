"""Fictional replies behind the codes, as text by page: one that holds its quotation, one that holds it on another
page than the coders say, one that words it otherwise. Each is signed, so that there is somebody to mask."""

from pathlib import Path

from ingest.submitted.codings.codebook import FOI
from ingest.submitted.codings.document_text import PAGE_BREAK
from sample.codings import invented_quotation

WAVE = "2017"
LATER_PAGE = 2
SIGNED = "Yours sincerely\nAlex Invented\nPolicy officer (fictional)\nalex.invented@council.invalid\n01632 960983\n"


def write(folder: Path, councils: list[tuple[str, str]]) -> list[Path]:
    """Three text files in `documents/` below the folder, of the first three councils that answered question 2a."""
    place = folder / "documents"
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (code, name) in enumerate(councils[:3]):
        words, page = invented_quotation(FOI, WAVE, code)
        page += LATER_PAGE if number == 1 else 0
        words = words.replace("comes first", "is the first thing") if number == 2 else words
        pages = [f"SAMPLE: fictional reply of {name}, page {n}.\n" for n in range(1, page + 2)]
        pages[page - 1] += f"We have our own approach. {words}.\n"
        path = place / f"{FOI}_{WAVE}_{code}.txt"
        path.write_text(PAGE_BREAK.join([*pages[:-1], pages[-1] + SIGNED]), encoding="utf-8", newline="\n")
        written.append(path)
    return written
