"""What each kind of page of a report weighs, how many nodes it has before anything is opened, and when its first
chart is drawn, in a headless Chromium on this machine.

python -m benchmarks.report_pages var/published/report
"""

import shutil
import sys
import threading
from pathlib import Path

from reporting import serve

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "google-chrome", "chromium-browser")) if p), None)
FIXED = ("index.html", "what-if.html", "compare.html", "councils.html", "evidence.html", "ask.html", "quality.html")
KINDS = {
    "council": "councils/?????????.html",
    "its lines": "councils/*-lines.html",
    "its what-if": "councils/*-what-if.html",
}
REPEATS = 3
WATCH = """() => {
    window.firstChart = null;
    new MutationObserver((_, watcher) => {
        if (document.querySelector("svg[data-drawing], #what-if-result tbody tr")) {
            window.firstChart = performance.now();
            watcher.disconnect();
        }
    }).observe(document, { childList: true, subtree: true });
}"""


def pages(report: Path) -> dict[str, str]:
    """One page of each kind by what it is: of councils and places the heaviest."""
    found = {name: name for name in (*FIXED, "rules.html") if (report / name).exists()}
    for kind, pattern in (KINDS | {"place": "places/*.html"}).items():
        held = [p for p in report.glob(pattern) if p.stat().st_size]
        if held:
            found[kind] = str(max(held, key=lambda p: p.stat().st_size).relative_to(report))
    return found


def measured(browser, address: str) -> tuple[int, int, float | None]:
    """Kilobytes asked for, nodes, and milliseconds to the first drawing (None where there is none)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
    page.add_init_script(f"({WATCH})()")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    nodes = page.evaluate(
        "document.querySelectorAll('*').length - document.querySelectorAll('svg[data-drawing] *').length"
    )
    first = page.evaluate("window.firstChart")
    context.close()
    return sum(sizes) // 1000, nodes, first


def main() -> None:
    from playwright.sync_api import sync_playwright

    report = Path(sys.argv[1])
    with serve.server(report) as running, sync_playwright() as play:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{running.server_address[1]}/report"
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        print("| Page | kB | Nodes | First chart, ms |\n|---|--:|--:|--:|")
        for kind, name in pages(report).items():
            runs = [measured(browser, f"{base}/{name}") for _ in range(REPEATS)]
            firsts = sorted(first for _, _, first in runs if first is not None)
            shown = f"{firsts[len(firsts) // 2]:.0f}" if firsts else "–"
            print(f"| {kind} | {runs[0][0]} | {runs[0][1]:,} | {shown} |")
        browser.close()
        running.shutdown()


if __name__ == "__main__":
    main()
