// The compare page for any year, perimeter and measure: table, side by side, charts, titles and downloads obey one
// choice, and the address keeps it.
(() => {
  const data = window.reportData && window.reportData.compare;
  const controls = document.getElementById("compare-controls");
  if (!data || !controls) return;
  const FEW = 30;
  const field = (id) => document.getElementById(`f-${id}`);
  const defaults = { q: "", region: "", kind: "", period: data.default, perimeter: "narrow", measure: data.measures[0][0], sort: "", with: "" };
  const SELECTS = ["q", "region", "kind", "period", "perimeter", "measure"];
  const root = document.body.dataset.root;
  let state = { ...defaults };
  let showsAll = false;
  controls.hidden = false;

  const collator = new Intl.Collator("en-GB", { numeric: true });
  const name = (code) => data.councils[code][0];
  const chosen = () => state.with.split(".").filter((code) => data.councils[code]);
  const [yearOf, statementOf] = [() => state.period.split(" ")[0], () => state.period.split(" ")[1]];
  const said = () => `${statementOf()} ${yearOf()}, ${state.perimeter} perimeter, adult social care`;

  function read() {
    const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    state = { ...defaults };
    for (const key of Object.keys(defaults)) if (key in given) state[key] = given[key];
    if (!data.periods.includes(state.period)) state.period = data.default;
    if (!(state.perimeter in data.perimeters)) state.perimeter = "narrow";
    if (!data.measures.some(([m]) => m === state.measure)) state.measure = defaults.measure;
    for (const key of SELECTS) field(key).value = state[key];
  }

  function write() {
    const kept = Object.entries(state).filter(([key, value]) => value && value !== defaults[key]);
    const hash = new URLSearchParams(kept).toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname.split("/").pop() || "compare.html");
  }

  // Each year and statement is a file of its own, fetched when it is first chosen.
  const asked = new Map();
  function period(key = state.period) {
    const stored = `compare-${key.replace(" ", "-")}`;
    if (!asked.has(key)) {
      asked.set(key, new Promise((resolve) => {
        if (window.reportData[stored]) { resolve(); return; }
        const script = document.createElement("script");
        script.src = `${root}data/${stored}.js`;
        script.onload = resolve;
        script.onerror = resolve;
        document.head.append(script);
      }));
    }
    return asked.get(key).then(() => (window.reportData[stored] || {})[state.perimeter] || {});
  }

  // Three significant figures at most for what is modelled; whole pounds; one decimal of a million or of a per cent.
  function rounded(value, places) { const f = 10 ** places; return Math.round((Math.abs(value) + 1e-9) * f) / f; }
  function printed(column, value, isModelled) {
    if (value === null || value === undefined) return "–";
    const sign = value < 0 ? "−" : "";
    if (column.endsWith("_share")) return `${sign}${rounded(value * 100, 1) >= 100 ? "100" : rounded(value * 100, 1).toFixed(1)}%`;
    if (column.endsWith("_per_100k")) return rounded(value, 1).toLocaleString("en-GB", { minimumFractionDigits: 1 });
    const three = (size) => Number(size.toPrecision(3));
    const size = Math.abs(value);
    if (column.includes("per_head")) return `${sign}£${(size >= 1000 ? three(size) : rounded(size, 0)).toLocaleString("en-GB")}`;
    if (size < 500) return `${sign}£${rounded(size, 0)}`;
    if (size < 999_500) return `${sign}£${rounded(size / 1000, 0)}k`;
    const millions = size / 1e6;
    return `${sign}£${isModelled && three(millions) >= 100 ? three(millions).toLocaleString("en-GB") : rounded(millions, 1).toLocaleString("en-GB", { minimumFractionDigits: 1 })}m`;
  }

  const inGroup = (code) => (!state.region || data.councils[code][1] === state.region) && (!state.kind || data.councils[code][2] === state.kind);
  function fits(code) {
    const wanted = state.q.trim().toLowerCase();
    return inGroup(code) && (!wanted || name(code).toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted));
  }

  // Admissions of the same year as the money, or of the last year held where that year has none.
  const rateYear = () => (data.years[yearOf()] && Object.values(data.years[yearOf()].rates).some(([rate]) => rate !== null) ? yearOf() : data.admissionsYear);
  const rateOf = (code) => { const year = data.years[rateYear()]; return (year && year.rates[code] && year.rates[code][0]) ?? null; };
  const ratePrinted = (code) => { const year = data.years[rateYear()]; return year && year.rates[code] ? (rateOf(code) === null ? "[c]" : printed("_per_100k", rateOf(code))) : "–"; };

  function element(tag, text, attributes = {}) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }
  function councilLink(code) {
    const link = element("a", undefined, { href: `councils/${code}.html` });
    link.append(element("bdi", name(code)));
    return link;
  }

  // A figure with where it comes from, as the pages written beforehand have it: the mart, its column and its key.
  function figureCell(text, value, column, mart, key) {
    const cell = element("td", undefined, { class: "number" });
    if (value === null || value === undefined) { cell.textContent = text; return cell; }
    cell.append(element("data", text, { value, "data-mart": mart, "data-key": new URLSearchParams(key), "data-column": column }));
    return cell;
  }
  const spendingCell = (code, cells, i) => figureCell(printed(data.columns[i][0], cells[i], cells[cells.length - 1].includes("modelled")), cells[i], data.columns[i][0],
    data.marts.spending, { ...data.key, council_code: code, financial_year: yearOf(), statement: state.period.split(" ")[1], perimeter: state.perimeter });
  const rateCell = (code) => figureCell(ratePrinted(code), rateOf(code), "admissions_per_100k", data.marts.admissions, { council_code: code, financial_year: rateYear() });

  const heads = () => ["Council", "Region", "Council type", ...data.columns.map(([, header]) => header), `Admissions 65+ per 100,000, ${rateYear() || ""}`, "State"];

  function sorted(rows) {
    if (!state.sort) return rows;
    const [column, way] = state.sort.split("_");
    const at = Number(column);
    const value = ({ code, cells }) => (at < 3 ? data.councils[code][at] : at < 3 + data.columns.length ? cells[at - 3] : at === 3 + data.columns.length ? rateOf(code) : cells[cells.length - 1]);
    const direction = way === "down" ? -1 : 1;
    return rows.sort((a, b) => {
      const [p, q] = [value(a), value(b)];
      if (p === null || q === null) return (p === null) - (q === null);
      return direction * (typeof p === "number" ? p - q : collator.compare(p, q));
    });
  }

  function drawTable(here) {
    const rows = sorted(Object.keys(data.councils).filter((code) => here[code] && fits(code)).map((code) => ({ code, cells: here[code] })));
    const picked = new Set(chosen());
    const table = element("table", undefined, { id: "council-table" });
    table.append(element("caption", `${rows.length} councils, ${said()}`));
    const head = table.createTHead().insertRow();
    head.append(element("th", "Beside", { scope: "col", class: "pick" }));
    heads().forEach((text, i) => {
      const cell = element("th", undefined, { scope: "col", ...(i > 2 && i < 4 + data.columns.length ? { class: "number" } : {}) });
      const button = element("button", text, { type: "button", "data-column": i });
      const [column, way] = state.sort.split("_");
      if (state.sort && Number(column) === i) cell.setAttribute("aria-sort", way === "down" ? "descending" : "ascending");
      cell.append(button);
      head.append(cell);
    });
    const body = table.createTBody();
    for (const { code, cells } of showsAll ? rows : rows.slice(0, FEW)) {
      const row = body.insertRow();
      row.dataset.code = code;
      row.classList.toggle("chosen", picked.has(code));
      const pick = element("td", undefined, { class: "pick" });
      const box = element("input", undefined, { type: "checkbox", "aria-label": `Put ${name(code)} side by side` });
      box.checked = picked.has(code);
      pick.append(box);
      const first = element("th", undefined, { scope: "row" });
      first.append(councilLink(code));
      row.append(pick, first, element("td", data.councils[code][1]), element("td", data.councils[code][2]),
        ...data.columns.map((_, i) => spendingCell(code, cells, i)), rateCell(code), element("td", cells[cells.length - 1]));
    }
    const box = element("div", undefined, { class: "table-box tall", tabindex: 0, role: "region", "aria-label": "All councils" });
    box.append(table);
    const place = document.getElementById("all-councils");
    place.replaceChildren(box);
    if (rows.length > FEW && !showsAll) {
      const more = element("button", `Show all ${rows.length} councils`, { type: "button", class: "more" });
      more.addEventListener("click", () => { showsAll = true; draw(); });
      place.append(more);
    }
    document.getElementById("compare-count").textContent = `${rows.length} of ${Object.keys(here).length} councils with a figure for ${said()}.`;
    const csv = [heads(), ...rows.map(({ code, cells }) => [name(code), data.councils[code][1], data.councils[code][2], ...cells.slice(0, -1), rateOf(code) ?? ratePrinted(code), cells[cells.length - 1]])];
    offer(document.getElementById("table-csv"), csv, `councils-${state.period.replace(" ", "-")}-${state.perimeter}.csv`);
  }

  // A file of the choice: text that a spreadsheet cannot run as a formula, numbers exact.
  function offer(link, rows, file) {
    const cell = (value) => { const text = value === null || value === undefined ? "" : typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : String(value); return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; };
    if (link.dataset.made) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob(["\ufeff", rows.map((row) => row.map(cell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" }));
    link.download = file;
    link.dataset.made = "";
  }

  function drawBeside(here) {
    const section = document.getElementById("side-by-side");
    const codes = chosen();
    section.hidden = codes.length === 0;
    const beside = element("table");
    beside.append(element("caption", said()));
    const head = beside.createTHead().insertRow();
    head.append(element("th", "Measure", { scope: "col" }), ...codes.map((code) => { const one = element("th", undefined, { scope: "col", class: "number" }); one.append(councilLink(code)); return one; }));
    const body = beside.createTBody();
    const add = (label, pick) => {
      const row = body.insertRow();
      row.append(element("th", label, { scope: "row" }), ...codes.map((code) => { const made = pick(code); return made instanceof Node ? made : element("td", made, { class: "number" }); }));
    };
    add("Region", (code) => data.councils[code][1]);
    add("Council type", (code) => data.councils[code][2]);
    data.columns.forEach(([, header], i) => add(header, (code) => (here[code] ? spendingCell(code, here[code], i) : "no figure")));
    add(`Admissions 65+ per 100,000, ${rateYear() || ""}`, rateCell);
    add("State", (code) => (here[code] ? here[code][here[code].length - 1] : "no figure"));
    const box = element("div", undefined, { class: "table-box", tabindex: 0, role: "region", "aria-label": "Councils side by side" });
    box.append(beside);
    section.lastElementChild.replaceChildren(box);
  }

  function median(values) {
    const sorted_ = [...values].sort((a, b) => a - b);
    const half = sorted_.length / 2;
    return sorted_.length % 2 ? sorted_[Math.floor(half)] : (sorted_[half - 1] + sorted_[half]) / 2;
  }
  const groupWords = () => [state.kind && state.kind.toLowerCase(), state.region && `in ${state.region}`].filter(Boolean).join(" ");

  function set(id, title, subtitle, chart, rows) {
    const figure = document.getElementById(id);
    if (!figure) return;
    figure.hidden = !chart;
    if (!chart) return;
    figure.querySelector("h3").textContent = title;
    figure.querySelector(".subtitle").textContent = subtitle;
    figure.querySelector(".plot").setAttribute("aria-label", title);
    figure.reportData = chart;
    const under = figure.querySelector(".table-under");
    if (under) under.remove();
    const link = figure.querySelector(".source a[download]");
    if (link) { link.textContent = "These figures as CSV"; offer(link, rows, `${id}-${state.period.replace(" ", "-")}-${state.perimeter}.csv`); }
    if (window.report && window.report.draw) window.report.draw(figure);
  }

  function spread(here) {
    const [measure, label] = data.measures.find(([m]) => m === state.measure);
    const at = data.columns.findIndex(([column]) => column === measure);
    const isRate = at < 0;
    const when = isRate ? rateYear() : said();
    const values = Object.keys(data.councils).filter((code) => inGroup(code) || chosen().includes(code))
      .map((code) => [code, name(code), data.councils[code][1], isRate ? rateOf(code) : here[code] ? here[code][at] : null]).filter((v) => v[3] !== null);
    const group = values.filter(([code]) => inGroup(code));
    if (!group.length) { set("spread"); return; }
    const middle = median(group.map((v) => v[3]));
    const title = `Half of ${group.length} councils${groupWords() ? ` (${groupWords()})` : ""} lie at or below ${printed(measure, middle, true)}`;
    window.reportData.spread = { [measure]: { [when]: values } };
    set("spread", title, `${label[0].toUpperCase()}${label.slice(1)}, ${when}. Each mark is a council; the thick line is the middle one.`,
      { shared: "spread", council: null, measures: [[measure, label, when]] }, [["Council", "Region", label], ...values.map(([, n, r, v]) => [n, r, v])]);
  }

  function funnel() {
    const year = data.years[rateYear()];
    const points = year ? Object.entries(year.rates).filter(([code, [rate, people]]) => rate !== null && people && data.councils[code] && (inGroup(code) || chosen().includes(code)))
      .map(([code, [rate, people, outside]]) => ({ c: code, l: name(code), r: data.councils[code][1], x: people, y: rate, o: outside })) : [];
    if (!points.length || !year.limits.length) { set("funnel"); return; }
    const group = points.filter((p) => inGroup(p.c));
    set("funnel", `${group.filter((p) => p.o).length} of ${group.length} councils${groupWords() ? ` (${groupWords()})` : ""} lie outside the 99.8% limits around England in ${rateYear()}`,
      `Permanent admissions 65+ per 100,000 against people aged 65 and over, ${rateYear()}. Dashed: 95% limits; solid: 99.8% limits.`,
      { points, limits: year.limits, england: year.england, council: null }, [["Council", "People 65+", "Per 100,000", "Outside 99.8% limits"], ...points.map((p) => [p.l, p.x, p.y, p.o ? "yes" : "no"])]);
  }

  function scatter(here) {
    const at = data.columns.findIndex(([column]) => column === "adult_social_care_per_head_65_plus_gbp");
    const points = rateYear() !== yearOf() ? [] : Object.keys(here).filter((code) => here[code][at] !== null && rateOf(code) !== null && (inGroup(code) || chosen().includes(code)))
      .map((code) => ({ c: code, l: name(code), r: data.councils[code][1], x: here[code][at], y: rateOf(code) }));
    if (points.length < 3) { set("scatter"); return; }
    const group = points.filter((p) => inGroup(p.c));
    const [mx, my] = [median(group.map((p) => p.x)), median(group.map((p) => p.y))];
    const both = group.filter((p) => p.x > mx && p.y < my).length;
    set("scatter", `${both} of ${group.length} councils${groupWords() ? ` (${groupWords()})` : ""} spend more than the middle council and admit at a lower rate than the middle one`,
      `Spending per person 65+ (${said()}) against permanent admissions per 100,000, ${yearOf()}. Lines mark the middle council on each.`,
      { points, mx, my }, [["Council", "£ per person 65+", "Admissions 65+ per 100,000"], ...points.map((p) => [p.l, p.x, p.y])]);
  }

  let turn = 0;
  function draw() {
    const mine = (turn += 1);
    period().then((here) => {
      if (mine !== turn) return;
      drawTable(here);
      drawBeside(here);
      if (window.report) window.report.chosen = new Set(chosen());
      spread(here);
      funnel();
      scatter(here);
      document.getElementById("scatter-missing").hidden = rateYear() === yearOf();
      document.body.dataset.drawn = turn;
    });
  }

  const place = document.getElementById("all-councils");
  place.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-column]");
    if (!button) return;
    const [column, way] = state.sort.split("_");
    const isNumber = button.parentElement.classList.contains("number");
    state.sort = `${button.dataset.column}_${column === button.dataset.column ? (way === "down" ? "up" : "down") : isNumber ? "down" : "up"}`;
    write();
    draw();
    period().then(() => setTimeout(() => { const again = place.querySelector(`button[data-column="${button.dataset.column}"]`); if (again) again.focus(); }));
  });
  place.addEventListener("change", ({ target }) => {
    const { code } = target.closest("tr").dataset;
    const codes = new Set(chosen());
    if (target.checked) codes.add(code); else codes.delete(code);
    state.with = [...codes].join(".");
    target.closest("tr").classList.toggle("chosen", target.checked);
    write();
    period().then((here) => {
      drawBeside(here);
      if (window.report) window.report.chosen = new Set(chosen());
      spread(here);
      funnel();
      scatter(here);
    });
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => {
    state[event.target.id.slice(2)] = event.target.value;
    write();
    draw();
  });
  window.addEventListener("hashchange", () => { read(); draw(); });
  read();
  draw();
})();
