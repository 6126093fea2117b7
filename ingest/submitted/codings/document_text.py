"""The text of a reply, strategy or plan by page: PDF, Word, web page or plain text.

A PDF has its own pages. A Word file has those that Word last laid out, a text file those between form feeds; a web
page is one page.
"""

import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from ingest.problems import InputError, Problem

SUFFIXES = (".pdf", ".docx", ".html", ".htm", ".txt")
MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_UNPACKED_BYTES = 200_000_000
# Between the pages of a text file.
PAGE_BREAK = "\f"
_SILENT = {"script", "style", "head", "title", "noscript", "template"}
_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "section", "article"}


def pages(path: Path) -> list[str]:
    """Text of every page, in order. Raises InputError when the document cannot be read or holds no text."""
    if path.stat().st_size > MAX_BYTES:
        raise _problem(path, f"the document is larger than {MAX_BYTES // 1_000_000} MB", "send it without pictures")
    readers = {".pdf": _pdf, ".docx": _docx, ".html": _html, ".htm": _html, ".txt": _txt}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise _problem(path, "a document of this kind cannot be read", f"send {', '.join(SUFFIXES)}")
    try:
        found = reader(path)
    except InputError:
        raise
    except Exception as error:  # a damaged document shows as almost any exception of the reading library
        what = f"the document is damaged and cannot be read ({type(error).__name__})"
        raise _problem(path, what, "open it, save it again, and send that copy") from error
    if not any(text.strip() for text in found):
        what = "the document holds no text: it was probably scanned"
        raise _problem(path, what, "run text recognition over it (OCR) and send the result")
    return found


def _problem(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(path.name, what, remedy))


def _pdf(path: Path) -> list[str]:
    from pypdf import PdfReader

    reader = PdfReader(str(path))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _problem(path, "the document is locked with a password", "save it without one and send it again")
    if len(reader.pages) > MAX_PAGES:
        raise _problem(path, f"the document has more than {MAX_PAGES:,} pages", "send the part that was read")
    return [page.extract_text() or "" for page in reader.pages]


def _docx(path: Path) -> list[str]:
    from docx import Document
    from docx.oxml.ns import qn

    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
            raise _problem(path, "the document is huge when unpacked", "send it without pictures")
    found: list[list[str]] = [[]]
    breaks = (qn("w:lastRenderedPageBreak"), qn("w:br"))
    for paragraph in Document(str(path)).element.body.iter(qn("w:p")):
        for element in paragraph.iter():
            if element.tag in breaks and (element.tag == breaks[0] or element.get(qn("w:type")) == "page"):
                # Word writes both where the author set the break: an empty page is none.
                if any(text.strip() for text in found[-1]):
                    found.append([])
            elif element.tag == qn("w:t"):
                found[-1].append(element.text or "")
            elif element.tag in (qn("w:tab"), breaks[1]):
                found[-1].append(" ")
        found[-1].append("\n")
    return ["".join(page) for page in found]


class _Text(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _html(path: Path) -> list[str]:
    parser = _Text()
    parser.feed(_decoded(path))
    parser.close()
    return ["".join(parser.parts)]


def _txt(path: Path) -> list[str]:
    return _decoded(path).split(PAGE_BREAK)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.BytesIO(content).read().decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
