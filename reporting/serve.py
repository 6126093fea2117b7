"""Show a published folder on this machine only: the report at `/`, the files beside it as downloads."""

import gzip
import io
import re
import unicodedata
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reporting import ranges

HOST = "127.0.0.1"
# A page elsewhere can have its own name answer with our address; only these names are ours.
NAMES = ("127.0.0.1", "localhost", "[::1]")
LONGEST_ADDRESS, LONGEST_NAME = 2048, 255
TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".duckdb": "application/octet-stream",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# Text shrinks to a fifth or less on its way; what is compressed already, and what is read by ranges, does not.
PACKED = {".html", ".css", ".js", ".csv", ".json"}
LEAST_PACKED_BYTES = 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The page Ask compiles its engine and fetches parts of the warehouse, both from this server alone.
ASK_POLICY = POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"
)


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, followed afresh for each request so that a new publication shows at once."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012
    server_version = "prevention"
    sys_version = ""

    def parse_request(self) -> bool:
        """Refuse what no browser asks of us before anything is looked up."""
        if not super().parse_request():
            return False
        fault = self._fault()
        if fault is not None:
            self.send_error(*fault)
        return fault is None

    def _fault(self) -> tuple[HTTPStatus, str] | None:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or re.sub(r":\d{1,5}$", "", hosts[0].strip().lower()) not in NAMES:
            return HTTPStatus.FORBIDDEN, f"Ask for {' or '.join(NAMES)}: this report is for this machine only"
        if len(self.path) > LONGEST_ADDRESS:
            return HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long"
        try:
            path = unquote(urlsplit(self.path).path)
        except ValueError:
            return HTTPStatus.BAD_REQUEST, "The address cannot be read"
        if any(unicodedata.category(letter) == "Cc" for letter in path):
            return HTTPStatus.BAD_REQUEST, "The address holds control characters"
        if any(len(part.encode()) > LONGEST_NAME for part in path.split("/")):
            return HTTPStatus.REQUEST_URI_TOO_LONG, "A name in the address is too long"
        return None

    def send_head(self):
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", "/report/index.html")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        root = Path(self.directory).resolve()
        wanted = (root / path.lstrip("/")).resolve()
        if not wanted.is_relative_to(root) or any(p.startswith(".") for p in Path(path).parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        if "Range" in self.headers and wanted.is_file():
            return self._send_part(wanted)
        return self._send_packed(wanted) if self._may_pack(wanted) else super().send_head()

    def _may_pack(self, wanted: Path) -> bool:
        """Whether the browser takes a text file compressed. One that asks whether it has changed gets a short no."""
        takes = re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))", self.headers.get("Accept-Encoding", ""))
        if not takes or "If-Modified-Since" in self.headers or wanted.suffix not in PACKED:
            return False
        return wanted.is_file() and wanted.stat().st_size >= LEAST_PACKED_BYTES

    def _send_packed(self, wanted: Path) -> io.BytesIO:
        changed = wanted.stat().st_mtime_ns
        content = _packed(wanted, changed)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(wanted)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", self.date_time_string(changed // 1_000_000_000))
        self.end_headers()
        return io.BytesIO(content)

    def _send_part(self, wanted: Path) -> ranges.Part | None:
        """Headers of the part of a file that was asked for; the whole file where the header asks for no one part."""
        size = wanted.stat().st_size
        try:
            part = ranges.asked(self.headers["Range"], size)
        except ranges.NotSatisfiable:
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        changed = self.date_time_string(int(wanted.stat().st_mtime))
        if part is None or self.headers.get("If-Range", changed) != changed:
            return super().send_head()
        first, last = part
        file = wanted.open("rb")
        file.seek(first)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(str(wanted)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Last-Modified", changed)
        self.end_headers()
        return ranges.Part(file, last - first + 1)

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self):
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Vary", "Accept-Encoding")
        # A request line that cannot be read has no path.
        path = getattr(self, "path", "")
        if not path.startswith("/report/dbt-docs/"):
            asks = path.startswith(("/report/ask.html", "/report/static/ask/"))
            self.send_header("Content-Security-Policy", ASK_POLICY if asks else POLICY)
        super().end_headers()

    def log_message(self, format, *args):
        """Nothing: a reader's clicks are nobody's business."""


@lru_cache(maxsize=64)
def _packed(file: Path, changed: int) -> bytes:
    """A file's content, compressed; `changed` sets a new version apart from an old one."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


def server(report: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server on the loopback address of the publication that `report` belongs to; port 0 takes a free one.

    Raises FileNotFoundError where there is no report and OSError where the port is taken.
    """
    if not (report / "index.html").exists():
        raise FileNotFoundError(f"there is no report in {report}: run a refresh first")
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(report.parent)))


def serve(report: Path, port: int = 8000) -> None:
    """Serve until interrupted. A new publication shows at once: the folder is followed afresh for each request."""
    with server(report, port) as running:
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            return
