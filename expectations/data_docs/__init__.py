"""Data Docs: what each suite at the door expects and found, as pages that load nothing from anywhere.

Great Expectations renders each suite; its own pages take styles and scripts from other people's servers and its index
is drawn by a script, so the frame round what it renders, the index and the style sheet are ours.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INDEX = "index.html"
# Great Expectations heads its parts by size; whoever hears the page goes from level to level.
HEADINGS = re.compile(r"(</?)h[3-6]\b")


def write(judged: Iterable[Any], folder: Path) -> Path:
    """A page for each suite that was judged, and an index; returns the path of the index.

    `judged` are validation results of Great Expectations. The same results give the same bytes.
    """
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    folder.mkdir(parents=True, exist_ok=True)
    view, renderer, listed = _view(), ValidationResultsPageRenderer(run_info_at_end=True), []
    for found in sorted(judged, key=lambda one: one.suite_name):
        # Which batch it was, and when, says nothing of the rows and differs from run to run.
        found.meta = {}
        document = renderer.render(found)
        overview, *columns, _ = document.sections
        overview.content_blocks = overview.content_blocks[1:]
        document.sections = [overview, *columns]
        name = f"{found.suite_name}.html"
        text = HEADINGS.sub(r"\1h2", view.render(document, title=found.suite_name))
        (folder / name).write_text(text, encoding="utf-8")
        listed.append({"name": found.suite_name, "page": name, **_counted(found)})
    page = view.env.get_template("suites.html").render(title="Checks at the door", suites=listed)
    (folder / INDEX).write_text(page, encoding="utf-8")
    return folder / INDEX


def _counted(found: Any) -> dict[str, int]:
    held = Counter(one.success for one in found.results)
    return {"expectations": len(found.results), "failed": held[False]}


def _view():
    """The view of Great Expectations, with our frame in the place of its own."""
    from great_expectations.render.view.view import DefaultJinjaPageView
    from jinja2 import ChoiceLoader, FileSystemLoader

    class View(DefaultJinjaPageView):
        _template = "frame.html"

    view = View()
    view.env.loader = ChoiceLoader([FileSystemLoader(HERE), view.env.loader])
    numbers = count(1)
    view.env.filters["generate_html_element_uuid"] = lambda prefix: f"{prefix}{next(numbers)}"
    return view
