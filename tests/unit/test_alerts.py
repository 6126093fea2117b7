"""Alerts reach a webhook, a command and a mail server; what cannot be delivered changes nothing."""

import json
import logging
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from orchestration import alerts

ALERT = alerts.Alert("publication_blocked", "warehouse", "run-1", "sums differ: expected 3, observed 4", "p1")


@pytest.fixture
def mail_server():
    letters = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 local\r\n")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    body = []
                    while (part := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                        body.append(part)
                    letters.append("\n".join(body))
                self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
                if verb == "QUIT":
                    return

    server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}", letters
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_kind_text_and_what_is_still_published(webhook):
    url, received = webhook
    assert alerts.send(ALERT, {alerts.URL: url}) == [alerts.URL]
    assert received == [
        {
            "kind": "publication_blocked",
            "step": "warehouse",
            "run_id": "run-1",
            "text": "sums differ: expected 3, observed 4",
            "published": "p1",
        }
    ]


def test_a_command_gets_the_alert_on_its_input(tmp_path):
    out = tmp_path / "alert.json"
    script = tmp_path / "take.py"
    script.write_text(f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read())", encoding="utf-8")
    assert alerts.send(ALERT, {alerts.COMMAND: f"{sys.executable} {script}"}) == [alerts.COMMAND]
    assert json.loads(out.read_text(encoding="utf-8"))["step"] == "warehouse"


def test_a_mailbox_gets_a_letter(mail_server):
    server, letters = mail_server
    sent = alerts.send(ALERT, {alerts.MAILBOX: "oncall@example.org", alerts.MAIL_SERVER: server})
    assert sent == [alerts.MAILBOX]
    assert "Subject: Prevention warehouse: publication blocked" in letters[0]
    assert "sums differ: expected 3, observed 4" in letters[0]


@pytest.fixture
def refusing():
    """Address of a webhook, with a token in it, that knows nobody."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://user:secret-word@127.0.0.1:{server.server_port}/hook/secret-token?key=secret-key"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address", [None, "http://secret-token.invalid:99999/", "secret-token", "http://[secret-token"]
)
def test_the_address_of_a_webhook_is_never_logged(refusing, address, caplog):
    caplog.set_level(logging.DEBUG)
    assert alerts.send(ALERT, {alerts.URL: address or refusing}) == []
    assert "secret" not in caplog.text
    (told,) = [record.getMessage() for record in caplog.records if record.name == "prevention"]
    assert told.startswith("the alert could not be delivered to PREVENTION_ALERT_URL: ")
    assert address or told.endswith("it answered with status 404")


def test_an_address_that_takes_the_alert_is_not_logged_either(webhook, caplog):
    caplog.set_level(logging.DEBUG)
    url, _ = webhook
    assert alerts.send(ALERT, {alerts.URL: f"{url}?secret-token"}) == [alerts.URL]
    assert "secret" not in caplog.text


def test_the_arguments_of_a_command_are_not_logged(caplog):
    command = f"{sys.executable} -c 'raise SystemExit(3)' secret-token"
    assert alerts.send(ALERT, {alerts.COMMAND: command}) == []
    assert "secret" not in caplog.text
    assert "it ended with exit code 3" in caplog.text


def test_an_alert_nobody_takes_is_no_error(webhook):
    url, received = webhook
    unreachable = {alerts.URL: "http://127.0.0.1:9/", alerts.COMMAND: "false"}
    assert alerts.send(ALERT, unreachable) == []
    assert alerts.send(ALERT, {}) == []
    assert received == []
    assert url
