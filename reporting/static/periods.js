// Statement and last year of what a page shows over time: drawing, title, subtitle, table and download follow, the
// address keeps them. Every title was made, and tested, when the page was: here one of them is chosen. What needs more
// than the page holds (static/years.js) is told by the event "period".
(() => {
  const form = document.getElementById("periods");
  const figures = [...document.querySelectorAll("figure.chart")].filter((figure) => figure.querySelector("template.choices"));
  if (!form || !figures.length) return;
  const [statement, year] = [document.getElementById("period-statement"), document.getElementById("period-year")];
  const spoken = form.dataset.spoken;
  const titlesOf = (figure) => [...figure.querySelector("template.choices").content.children];
  const first = new Map(figures.map((figure) => [figure, {
    title: figure.querySelector("h3").cloneNode(true), subtitle: figure.querySelector(".subtitle").textContent,
    label: figure.querySelector(".plot").getAttribute("aria-label"), data: JSON.parse(figure.querySelector(".chart-data").textContent),
  }]));
  const years = (of) => titlesOf(figures[0]).filter((t) => t.dataset.statement === (of || spoken)).map((t) => t.dataset.year);
  if (!years("").length) return;
  for (const option of [...statement.options]) if (option.value && !years(option.value).length) option.remove();

  const label = (x) => `${x}-${String((x + 1) % 100).padStart(2, "0")}`;
  const hasStatements = (figure) => titlesOf(figure)[0].dataset.statement !== "";
  // The title of the year; of what has no statement, and years of its own, the last one up to it.
  function titleOf(figure) {
    if (hasStatements(figure)) return titlesOf(figure).find((t) => t.dataset.statement === (statement.value || spoken) && t.dataset.year === year.value);
    return titlesOf(figure).filter((t) => t.dataset.year <= year.value).at(-1);
  }
  // The points or bars of the choice; both statements where none is chosen and the drawing has both.
  function chosen(figure, data) {
    const last = Number(year.value.slice(0, 4));
    if (data.bars) {
      const bars = [...data.bars, ...(data.more || [])].filter((b) => b.st === (statement.value || spoken) && Number(b.x.slice(0, 4)) <= last);
      return { ...data, bars, years: [...new Set(bars.map((b) => b.x))].sort() };
    }
    const isTold = (p) => !hasStatements(figure) || (p.st ? p.st === (statement.value || spoken) : !statement.value || p.s.endsWith(`, ${statement.value}`));
    const points = [...data.points, ...(data.more || [])].filter((p) => isTold(p) && p.x <= last);
    return { ...data, points, breaks: (data.breaks || []).filter((b) => b.x <= last) };
  }

  function show() {
    const isDefault = !statement.value && year.value === years("").at(-1);
    for (const figure of figures) {
      const { title, subtitle, label: said, data } = first.get(figure);
      const words = titleOf(figure);
      const head = figure.querySelector("h3");
      head.replaceChildren(...(isDefault ? title : words || title).cloneNode(true).childNodes);
      figure.querySelector(".plot").setAttribute("aria-label", isDefault ? said : head.textContent);
      figure.hidden = !isDefault && !words;
      say(figure);
      if (!data.points && !data.bars) continue;
      const now = isDefault ? data : chosen(figure, data);
      const drawn = now.bars ? now.years : now.points.map((p) => label(p.x)).sort();
      figure.hidden = !isDefault && (!words || !drawn.length);
      say(figure);
      figure.querySelector(".subtitle").textContent = isDefault ? subtitle : told(subtitle, drawn);
      figure.reportData = isDefault ? undefined : now;
      sift(figure, isDefault);
      if (window.report && window.report.draw && !figure.hidden) window.report.draw(figure);
    }
    const detail = { statement: statement.value || spoken, year: year.value, isDefault, titleOf };
    document.dispatchEvent(new CustomEvent("period", { detail }));
  }

  // In place of a chart that has nothing of the choice.
  function say(figure) {
    const said = figure.nextElementSibling && figure.nextElementSibling.matches(".not-of-year") ? figure.nextElementSibling : null;
    if (said && !figure.hidden) said.remove();
    if (said || !figure.hidden) return;
    const note = document.createElement("p");
    note.className = "missing not-of-year";
    note.textContent = `Nothing to draw of ${statement.value || spoken} ${year.value}: choose another year.`;
    figure.after(note);
  }

  // The subtitle with the years drawn and the statement chosen.
  function told(subtitle, drawn) {
    const span = drawn.length && drawn[0] !== drawn.at(-1) ? `${drawn[0]} to ${drawn.at(-1)}` : drawn[0] || "";
    const text = subtitle.replace(/\d{4}-\d{2} to \d{4}-\d{2}/, span);
    const [nouns, now] = [["budget", "outturn (spent)"], statement.value || spoken];
    return nouns.reduce((result, noun) => result.replace(noun, nouns.find((n) => n.startsWith(now))), text);
  }

  // Rows of the table under a chart that the choice leaves out.
  function sift(figure, isDefault) {
    for (const row of figure.querySelectorAll(".table-under tbody tr")) {
      const [when, of] = [row.cells[0].textContent.trim(), row.cells[1].textContent.trim().toLowerCase()];
      const isOut = when > year.value || (statement.value && hasStatements(figure) && !of.startsWith(statement.value));
      row.hidden = !isDefault && Boolean(isOut);
    }
  }

  // Figures as CSV: of a choice, the rows that are shown.
  function download(event) {
    const link = event.target.closest(".source a[download]");
    const figure = link && figures.find((f) => f.contains(link));
    if (!figure || !figure.reportData || !figure.querySelector(".table-under")) return;
    const under = figure.querySelector(".table-under");
    if (!under.open) under.open = true;
    setTimeout(() => {
      if (first.get(figure).data.points || first.get(figure).data.bars) sift(figure, false);
      window.reportTables.save(under.querySelector("table"), `${figure.id}-${statement.value || "all"}-${year.value}.csv`);
    });
    event.preventDefault();
  }

  function offer() {
    const kept = year.value;
    const offered = years(statement.value);
    year.replaceChildren(...[...offered].reverse().map((text) => new Option(text, text)));
    year.value = offered.includes(kept) ? kept : offered.at(-1);
  }
  function write() {
    const kept = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    for (const [name, value] of [["statement", statement.value], ["year", year.value === years(statement.value).at(-1) ? "" : year.value]]) {
      if (value) kept.set(name, value); else kept.delete(name);
    }
    history.replaceState(null, "", kept.toString() ? `#${kept}` : location.pathname.split("/").pop() || "index.html");
  }
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const asked = given.get("statement") || "";
    statement.value = [...statement.options].some((o) => o.value === asked) ? asked : "";
    offer();
    if (years(statement.value).includes(given.get("year"))) year.value = given.get("year");
    show();
  }
  statement.addEventListener("change", () => { offer(); write(); show(); });
  year.addEventListener("change", () => { write(); show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("toggle", ({ target }) => { const figure = figures.find((f) => f.contains(target)); if (figure && figure.reportData && (figure.reportData.points || figure.reportData.bars)) sift(figure, false); }, true);
  document.addEventListener("click", download);
  window.addEventListener("hashchange", read);
  form.hidden = false;
  read();
})();
