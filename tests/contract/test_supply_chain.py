"""What the project stands on: listed in full, and without a known fault where the advisory database can be asked."""

import json
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration import bill_of_materials

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# Some packages are locked in several versions, one for each Python.
LOCKED = {
    (re.sub(r"[-_.]+", "-", name).lower(), version)
    for name, version in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", LOCK, re.MULTILINE)
}
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def bill() -> dict:
    return json.loads(bill_of_materials.text(WHEN))


def test_bill_of_materials_lists_what_is_locked(bill):
    parts = {(part["name"], part["version"]) for part in bill["components"]}
    names = {name for name, _ in parts}
    assert {"duckdb", "dbt-core", "dagster", "pandas", "cyclonedx-python-lib", "numpy"} <= names
    assert "pytest" not in names
    assert parts - LOCKED == set()


def test_bill_of_materials_says_what_needs_what(bill):
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "prevention-warehouse"
    needs = {one["ref"].split("==")[0]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(ref.startswith("duckdb==") for ref in needs["dbt-duckdb"])
    (version,) = [version for name, version in LOCKED if name == "duckdb"]
    assert f"pkg:pypi/duckdb@{version}" in {part["purl"] for part in bill["components"]}


def test_bill_of_materials_is_the_same_for_the_same_packages(tmp_path):
    assert bill_of_materials.write(tmp_path, WHEN).read_text(encoding="utf-8") == bill_of_materials.text(WHEN)


def audit(*options: str) -> tuple[dict | None, str]:
    """What pip-audit finds for the locked packages, and the end of what it says; nothing found where it cannot ask."""
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.lock", "--no-deps", "--disable-pip"]
    command += ["--require-hashes", "--format", "json", "--progress-spinner", "off", "--vulnerability-service", "osv"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True)
    said = done.stderr.strip().splitlines() or [""]
    if not done.stdout.strip():
        return None, said[-1]
    found = json.loads(done.stdout)["dependencies"]
    return {f"{one['name']} {one['version']}": one["vulns"] for one in found if one.get("vulns")}, said[-1]


def test_locked_packages_have_no_known_fault():
    faults, said = audit("--timeout", "5")
    if faults is None:
        pytest.skip(f"the database of advisories cannot be asked from here: {said[:200]}")
    assert {name: [one["id"] for one in found] for name, found in faults.items()} == {}


def test_a_package_with_a_known_fault_is_named():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            package = asked["package"]["name"]
            affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "versions": [asked["version"]]}]
            fault = {"id": "TEST-1", "summary": "planted", "modified": "2026-01-01T00:00:00Z", "affected": affected}
            body = json.dumps({"vulns": [fault]} if package == "pyyaml" else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        faults, _ = audit("--osv-url", f"http://127.0.0.1:{server.server_port}/v1/query")
        server.shutdown()
    assert {name.split()[0]: [one["id"] for one in found] for name, found in faults.items()} == {"pyyaml": ["TEST-1"]}
