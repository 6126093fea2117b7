// The compare table for any year and perimeter, filters, councils side by side; all of it kept in the address.
(() => {
  const data = window.reportData && window.reportData.compare;
  const table = document.getElementById("council-table");
  const controls = document.getElementById("compare-controls");
  if (!data || !table || !controls) return;
  controls.hidden = false;
  const field = (id) => document.getElementById(`f-${id}`);
  const defaults = { q: "", region: "", kind: "", period: data.default, perimeter: "narrow", sort: "", with: "" };
  let state = { ...defaults };

  function read() {
    const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    state = { ...defaults };
    for (const name of Object.keys(defaults)) if (name in given) state[name] = given[name];
    if (!data.periods[state.period]) state.period = data.default;
    for (const name of ["q", "region", "kind", "period", "perimeter"]) field(name).value = state[name];
  }

  function write() {
    const kept = Object.entries(state).filter(([name, value]) => value && value !== defaults[name]);
    const hash = new URLSearchParams(kept).toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname.split("/").pop() || "compare.html");
  }

  const chosen = () => state.with.split(".").filter((code) => data.councils[code]);

  function cell(tag, text, value) {
    const node = document.createElement(tag);
    node.textContent = text;
    if (value !== undefined) { node.className = "number"; node.dataset.value = value === null ? "" : value; }
    return node;
  }

  function councilLink(code) {
    const link = document.createElement("a");
    link.href = `councils/${code}.html`;
    const shown = document.createElement("bdi");
    shown.textContent = data.councils[code][0];
    link.append(shown);
    return link;
  }

  function rowsHere() {
    const period = (data.periods[state.period] || {})[state.perimeter] || {};
    const wanted = state.q.trim().toLowerCase();
    return Object.keys(data.councils).filter((code) => {
      const [name, region, kind] = data.councils[code];
      return period[code] && (!state.region || region === state.region) && (!state.kind || kind === state.kind)
        && (!wanted || name.toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted));
    }).map((code) => ({ code, cells: period[code] }));
  }

  // Admissions of the same year as the money, or of the last year held where that year has none.
  function rateOf(code) {
    const year = state.period.split(" ")[0];
    const used = data.rates[year] ? year : data.admissionsYear;
    return { year: used, rate: ((data.rates[used] || {})[code]) || [null, "–"] };
  }

  function drawTable() {
    const rows = rowsHere();
    const picked = new Set(chosen());
    const heads = [...table.tHead.rows[0].cells];
    table.caption.textContent = `${rows.length} councils, ${state.period.replace(" ", ", ")}, ${state.perimeter} perimeter`;
    const rateHead = heads[heads.length - 2].querySelector("button") || heads[heads.length - 2];
    rateHead.textContent = `Admissions 65+ per 100,000, ${rateOf("").year || ""}`;
    table.tBodies[0].replaceChildren(...rows.map(({ code, cells }) => {
      const row = document.createElement("tr");
      row.dataset.code = code;
      row.classList.toggle("chosen", picked.has(code));
      const pick = document.createElement("td");
      pick.className = "pick";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = picked.has(code);
      box.setAttribute("aria-label", `Put ${data.councils[code][0]} side by side`);
      pick.append(box);
      const head = document.createElement("th");
      head.scope = "row";
      head.append(councilLink(code));
      const [value, printed] = rateOf(code).rate;
      const figures = cells.slice(0, -1).map(([number, text]) => cell("td", text, number));
      row.append(pick, head, cell("td", data.councils[code][1]), cell("td", data.councils[code][2]), ...figures,
        cell("td", printed, value), cell("td", cells[cells.length - 1]));
      return row;
    }));
    document.getElementById("compare-count").textContent =
      `${rows.length} of ${Object.keys((data.periods[state.period] || {})[state.perimeter] || {}).length} councils shown.`;
    if (state.sort) {
      const [column, way] = state.sort.split("_");
      window.reportTables.sort(table, Number(column), way === "down" ? -1 : 1);
    }
  }

  function drawBeside() {
    const section = document.getElementById("side-by-side");
    const codes = chosen();
    section.hidden = codes.length === 0;
    const period = (data.periods[state.period] || {})[state.perimeter] || {};
    const beside = document.createElement("table");
    const head = beside.createTHead().insertRow();
    head.append(cell("th", "Measure"), ...codes.map((code) => {
      const one = cell("th", "", 0);
      one.scope = "col";
      one.append(councilLink(code));
      return one;
    }));
    head.cells[0].scope = "col";
    const body = beside.createTBody();
    const add = (label, pick) => {
      const row = body.insertRow();
      const first = cell("th", label);
      first.scope = "row";
      row.append(first, ...codes.map((code) => cell("td", pick(code), 0)));
    };
    add("Region", (code) => data.councils[code][1]);
    add("Council type", (code) => data.councils[code][2]);
    data.headers.forEach((header, i) => add(header, (code) => (period[code] ? period[code][i][1] : "–")));
    add(`Admissions 65+ per 100,000, ${rateOf("").year || ""}`, (code) => rateOf(code).rate[1]);
    add("State", (code) => (period[code] ? period[code][period[code].length - 1] : "no figure"));
    const caption = beside.createCaption();
    caption.textContent = `${state.period.replace(" ", ", ")}, ${state.perimeter} perimeter`;
    const box = document.createElement("div");
    box.className = "table-box";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Councils side by side");
    box.append(beside);
    section.lastElementChild.replaceChildren(box);
    document.dispatchEvent(new CustomEvent("councils-chosen", { detail: codes }));
  }

  function draw() {
    drawTable();
    drawBeside();
  }

  const pickHead = document.createElement("th");
  pickHead.className = "pick";
  pickHead.scope = "col";
  pickHead.textContent = "Beside";
  table.tHead.rows[0].prepend(pickHead);
  // The header now has one more column in front: sort buttons must count from it.
  [...table.tHead.rows[0].cells].forEach((head) => {
    const button = head.querySelector("button");
    if (button) button.replaceWith(...button.childNodes);
  });
  window.reportTables.equip(table);
  table.addEventListener("sorted", (event) => {
    state.sort = `${event.detail.column}_${event.detail.direction < 0 ? "down" : "up"}`;
    write();
  });
  table.addEventListener("change", (event) => {
    const { code } = event.target.closest("tr").dataset;
    const codes = new Set(chosen());
    if (event.target.checked) codes.add(code); else codes.delete(code);
    state.with = [...codes].join(".");
    event.target.closest("tr").classList.toggle("chosen", event.target.checked);
    write();
    drawBeside();
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
