"""Telling somebody: a failed refresh or a blocked publication goes to a webhook, a command or a mailbox.

Each is named by an environment variable; none set means no alert. An alert that cannot be delivered is logged
and changes nothing about the run.
"""

import json
import logging
import os
import shlex
import smtplib
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage

log = logging.getLogger("prevention")

URL, COMMAND, MAILBOX = "PREVENTION_ALERT_URL", "PREVENTION_ALERT_COMMAND", "PREVENTION_ALERT_EMAIL"
MAIL_SERVER = "PREVENTION_SMTP"
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Alert:
    """One thing somebody should know. `kind` is `publication_blocked` or `refresh_failed`."""

    kind: str
    step: str
    run_id: str
    text: str
    published: str | None


def send(alert: Alert, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Deliver to every place that is set; returns the names of those that took it."""
    taken = []
    for name, deliver in ((URL, _post), (COMMAND, _run), (MAILBOX, _mail)):
        target = environment.get(name)
        if not target:
            continue
        try:
            deliver(target, alert, environment)
            taken.append(name)
        except Exception as error:
            log.warning("the alert could not be delivered to %s: %s", name, _without_addresses(error))
    return taken


def _without_addresses(error: Exception) -> str:
    """What went wrong, without what it was sent to: a webhook's address, and a command's arguments, are secrets.

    Only words of our own and numbers: the text of an error may repeat the address in any spelling.
    """
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return f"it answered with status {status}"
    code = getattr(error, "returncode", None)
    if code is not None:
        return f"it ended with exit code {code}"
    return f"{type(error).__name__}; the address is not shown, because it may hold a password"


def _post(url: str, alert: Alert, _: Mapping[str, str]) -> None:
    import httpx

    # httpx and what it rests on tell their loggers the whole address of every request.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # `text` is what chat services show; the rest is for programs.
    httpx.post(url, json=asdict(alert), timeout=PATIENCE_SECONDS).raise_for_status()


def _run(command: str, alert: Alert, _: Mapping[str, str]) -> None:
    text = json.dumps(asdict(alert), ensure_ascii=False)
    subprocess.run(shlex.split(command), input=text, text=True, check=True, timeout=PATIENCE_SECONDS)


def _mail(address: str, alert: Alert, environment: Mapping[str, str]) -> None:
    message = EmailMessage()
    message["Subject"] = f"Prevention warehouse: {alert.kind.replace('_', ' ')}"
    message["From"] = message["To"] = address
    message.set_content(alert.text)
    host, _, port = environment.get(MAIL_SERVER, "127.0.0.1:25").partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE_SECONDS) as server:
        server.send_message(message)
