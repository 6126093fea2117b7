"""The report site: renders every page from one reading of the marts, and writes its data and CSV files."""

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reporting import ask, finding, markup, words
from reporting.charts import Chart, embed
from reporting.facts import OUTCOME, VIEW, Facts
from reporting.markup import Table
from reporting.pages import (
    admissions,
    compare,
    council,
    council_years,
    documents,
    evidence,
    national,
    place,
    points,
    profile,
    quality,
    rules,
    what_if,
)
from reporting.pages.flow import FlowBook
from reporting.pages.lines import LineBook, in_years, opened_years

HERE = Path(__file__).parent


def render(facts: Facts, folder: Path, previous: Path | None) -> int:
    """Write the whole site into `folder`, which must not hold one yet. Returns the number of pages."""
    site = _Site(facts, folder)
    shutil.copytree(HERE / "static", folder / "static")
    site.data("compare", compare.data(facts))
    for year, statement in compare.periods(facts):
        site.data(f"compare-{year}-{statement}", compare.period_data(facts, year, statement))
    for when, values in profile.values(facts).items():
        site.data(f"profile-{when}", values)
    funnel = admissions.funnel(facts)
    site.data("funnel", {k: v for k, v in funnel.data.items() if k != "council"} if funnel else {})
    found_places = place.places(facts)
    site.data("search", finding.index(facts, found_places))
    site.page("compare.html", "compare.html", "Compare", compare.context(facts))
    site.page("councils.html", "councils.html", "Councils", {"groups": _groups(facts), "places": found_places})
    site.page("evidence.html", "evidence.html", "Evidence", evidence.context(facts))
    asking = {"has_engine": ask.install(folder), "examples": ask.examples(), "tables": facts.warehouse.tables()}
    site.page("ask.html", "ask.html", "Ask", asking)
    site.page("quality.html", "quality.html", "Quality and method", quality.context(facts))
    book = LineBook(facts)
    names = {r["service_code"]: r["service_name"] for r in facts.warehouse.read("dim_service") if r["service_name"]}
    grids: dict[str, list] = defaultdict(list)
    for row in _grid_rows(facts):
        grids[row["council_code"]].append(row)
    site.page("rules.html", "rules.html", "Quality and method", rules.context(facts, names))
    changing = what_if.WhatIf(facts, book, names)
    everywhere = changing.national()
    content = national.context(facts, previous) | {"can_change": everywhere is not None}
    site.page("national.html", "index.html", "National", content)
    if everywhere:
        site.what_if(everywhere, "what-if-england", "what-if.html", "index.html")
    flows = FlowBook(facts, names)
    for one in facts.councils.values():
        content = council.context(facts, one, book, flows, changing)
        years = council_years.data(facts, one, flows)
        if years:
            site.data(f"years-{one.code}", years)
        site.page("council.html", f"councils/{one.page}", "Councils", content)
        if content["has_lines"]:
            content = council.lines_context(facts, one, book, grids.get(one.code, []), names)
            site.page("lines.html", f"councils/{one.code}-lines.html", "Councils", content)
        if what := changing.data(one):
            site.what_if(what, f"what-if-{one.code}", f"councils/{one.code}-what-if.html", one.page)
    for one in found_places:
        site.page("place.html", f"places/{one.page}", "Councils", place.context(facts, one))
    for one in documents.documents(facts).values():
        site.page("document.html", f"documents/{one.page}", "Evidence", documents.context(facts, one))
    return site.pages


def _grid_rows(facts: Facts) -> list[dict]:
    """Service grid rows of the years the council pages open, in the report's cost view."""
    years = opened_years(facts)
    if not years:
        return []
    wanted = ["council_code", "financial_year", "statement", "outcome_code", "cost_view", "department", "tier"]
    wanted += ["service_code", "service_name", "amount_gbp", "performance_measure"]
    where = f"cost_view = '{VIEW}' and outcome_code = '{OUTCOME}' and {in_years(years)}"
    return facts.warehouse.read("mart_service_grid", wanted, where=where)


def _groups(facts: Facts) -> list[tuple[str, list]]:
    grouped: dict[str, list] = {}
    for one in facts.councils.values():
        grouped.setdefault(one.region or "Other", []).append(one)
    return sorted(grouped.items())


class _Site:
    """Writes pages, data scripts and the CSV beside each table."""

    def __init__(self, facts: Facts, folder: Path):
        self.facts = facts
        self.folder = folder
        self.pages = 0
        (folder / "data").mkdir(parents=True)
        (folder / "csv").mkdir()
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(standing_lines=points.standing_lines(), words=words, name=markup.name, prose=prose)
        environment.globals["csv_link"] = self._csv
        self.environment = environment
        self._templates: dict[str, Any] = {}
        self._current = ""

    def data(self, name: str, content: Any) -> None:
        """A script that hands data to the pages: a page opened from disk may not read files otherwise."""
        script = f"window.reportData=window.reportData||{{}};window.reportData[{embed(name)}]={embed(content)};\n"
        (self.folder / "data" / f"{name}.js").write_text(script, encoding="utf-8")

    def page(self, template: str, path: str, section: str, context: dict) -> None:
        root = "../" * path.count("/")
        self._current = path
        if template not in self._templates:
            self._templates[template] = self.environment.get_template(template)
        text = self._templates[template].render(
            root=root, section=section, publication=self.facts.publication, is_sample=self.facts.is_sample, **context
        )
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.pages += 1

    def what_if(self, what: dict, data_name: str, path: str, back: str) -> None:
        """The page on which a reader changes rules, and the data it computes with."""
        self.data(data_name, what)
        about = {"whose": what["name"], "year": what["year"], "statement": what["statement"], "back": back}
        section = "National" if back == "index.html" else "Councils"
        given = {**about, "data_name": data_name, "is_national": section == "National"}
        self.page("what-if.html", path, section, given)

    def _csv(self, table: Table | Chart) -> str:
        """Write the table's CSV beside the site and return its address from the page being rendered."""
        table = table.table if isinstance(table, Chart) else table
        stem = Path(self._current).stem
        relative = f"csv/{stem}-{table.csv_name}" if "/" in self._current else f"csv/{table.csv_name}"
        # The byte order mark makes Excel read the file as UTF-8.
        (self.folder / relative).write_text("\ufeff" + table.as_csv(), encoding="utf-8", newline="")
        return "../" * self._current.count("/") + relative


def prose(parts: Any) -> Markup:
    """Text and figures in turn, as one run of markup; text is escaped, figures bring their own."""
    if isinstance(parts, str):
        return Markup.escape(parts)
    return Markup("").join(parts)
