"""Show a published folder on this machine only: the report at `/`, the files beside it as downloads."""

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".duckdb": "application/octet-stream",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, followed afresh for each request so that a new publication shows at once."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012
    server_version = "prevention"
    sys_version = ""

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
        if "\0" in path or not wanted.is_relative_to(root) or any(p.startswith(".") for p in Path(path).parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self):
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-cache")
        if not self.path.startswith("/report/dbt-docs/"):
            self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format, *args):
        """Nothing: a reader's clicks are nobody's business."""


def server(published: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the published folder on the loopback address; port 0 takes a free one. Raises OSError if taken."""
    if not (published / "report" / "index.html").exists():
        raise FileNotFoundError(f"there is no report in {published}: run a refresh first")
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(published)))


def serve(published: Path, port: int = 8765) -> None:
    """Serve until interrupted."""
    with server(published, port) as running:
        print(f"http://{HOST}:{running.server_address[1]}/", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            return
