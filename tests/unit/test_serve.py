"""The report's server answers its own names alone, and plainly whatever it is asked."""

import gzip
import http.client
import socket
import threading

import pytest

from reporting import serve


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Port of a server over a small publication, and beside it a file that is not for readers."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "published" / "report").mkdir(parents=True)
    (folder / "published" / "report" / "index.html").write_text("<p>the report</p>", encoding="utf-8")
    (folder / "private.txt").write_text("private", encoding="utf-8")
    with serve.server(folder / "published" / "report") as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def answer(port: int, target: str, *headers: str) -> tuple[int, str]:
    """Status and body of a request whose lines are written as they are given."""
    lines = [f"GET {target} HTTP/1.1", *headers, "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, body = received.decode("utf-8").partition("\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
@pytest.mark.parametrize("end", ["", ":8000"])
def test_names_of_this_machine_are_answered(port, name, end):
    assert answer(port, "/report/index.html", f"Host: {name}{end}") == (200, "<p>the report</p>")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Host:"],
        ["Host: attacker.example"],
        ["Host: attacker.example:8000"],
        ["Host: 127.0.0.1.attacker.example"],
        ["Host: localhost:8000@attacker.example"],
        ["Host: 0.0.0.0"],
        ["Host: localhost", "Host: attacker.example"],
    ],
)
def test_other_names_are_refused(port, headers):
    status, body = answer(port, "/report/index.html", *headers)
    assert status == 403
    assert "for this machine only" in body and "<p>the report</p>" not in body


@pytest.mark.parametrize(
    "target, status",
    [
        ("/report/%00", 400),
        ("/%00index.html", 400),
        ("/report/a%0d%0aSet-Cookie:%20x", 400),
        ("http://[/", 400),
        ("/" + "a" * 256, 414),
        ("/" + "%C3%A9" * 128, 414),
        ("/" + "a/" * 1100, 414),
        ("/" + "a" * 5_000, 414),
        ("/" + "a" * 70_000, 414),
        ("/report/%ff", 404),
        ("/../private.txt", 404),
        ("/%2e%2e/private.txt", 404),
        ("//private.txt", 404),
        ("/.hidden", 404),
    ],
)
def test_hostile_addresses_get_a_plain_answer(port, target, status, capfd):
    got, body = answer(port, target, "Host: localhost")
    assert got == status
    assert "private" not in body.replace("private.txt", "")
    assert answer(port, "/report/index.html", "Host: localhost")[0] == 200
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("accepts", "is_packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("identity", False),
        ("gzip;q=0, br", False),
        ("", False),
    ],
)
def test_text_is_compressed_for_who_takes_it_and_is_the_same_text(tmp_path, accepts, is_packed):
    report = tmp_path / "published" / "report"
    report.mkdir(parents=True)
    text = "<p>" + "the same words again, " * 500
    (report / "index.html").write_text(text, encoding="utf-8")
    (report / "small.csv").write_text("a,b", encoding="utf-8")
    (tmp_path / "published" / "warehouse.duckdb").write_bytes(b"0" * 5000)
    with serve.server(report) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        door = http.client.HTTPConnection(*running.server_address)

        def got(target, **more):
            door.request("GET", target, headers={"Accept-Encoding": accepts} | more)
            response = door.getresponse()
            return response, response.read()

        response, body = got("/report/index.html")
        assert response.headers["Vary"] == "Accept-Encoding" and int(response.headers["Content-Length"]) == len(body)
        assert (response.headers["Content-Encoding"] == "gzip") is is_packed
        assert (gzip.decompress(body) if is_packed else body).decode("utf-8") == text
        assert len(body) < len(text) / 5 or not is_packed
        changed = response.headers["Last-Modified"]
        assert got("/report/index.html", **{"If-Modified-Since": changed})[0].status == 304
        assert got("/report/index.html", Range="bytes=3-6")[1] == b"the "
        for whole in ("/report/small.csv", "/warehouse.duckdb"):
            assert got(whole)[0].headers["Content-Encoding"] is None
        door.close()
        running.shutdown()
