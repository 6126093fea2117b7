// Ask: one query in, a table out, all of it in this browser. The warehouse is read over the web in the parts a query
// needs; nothing is sent anywhere.
(() => {
  const here = document.currentScript.src;
  const MOST_ROWS = 500;
  const place = (id) => document.getElementById(id);
  const said = (text) => { place("ask-said").textContent = text; };
  let opening = null;

  async function open() {
    const { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } = await import(new URL("./engine/duckdb.js", here).href);
    const base = new URL("./engine/", here);
    const engine = new AsyncDuckDB(new VoidLogger(), new Worker(new URL("duckdb-browser-eh.worker.js", base)));
    await engine.instantiate(new URL("duckdb-eh.wasm", base).href);
    const file = new URL(document.body.dataset.root + "../warehouse.duckdb", location).href;
    await engine.registerFileURL("warehouse.duckdb", file, DuckDBDataProtocol.HTTP, false);
    const connection = await engine.connect();
    await connection.query("set autoinstall_known_extensions = false; set autoload_known_extensions = false");
    await connection.query("attach 'warehouse.duckdb' as warehouse (read_only); use warehouse.marts");
    return connection;
  }

  // Every value as the engine itself writes it, so that no digit of an amount is lost on the way.
  async function answer(query) {
    opening = opening || open();
    const connection = await opening;
    const plain = query.trim().replace(/;\s*$/, "");
    const table = await connection.query(`select columns(*)::varchar from (${plain}\n)`);
    const names = table.schema.fields.map((field) => field.name);
    return { names, rows: table.toArray().map((row) => names.map((name) => row[name])) };
  }
  window.ask = answer;

  function cell(tag, text, attributes = {}) {
    const node = document.createElement(tag);
    node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  const isNumber = (text) => text === null || /^-?\d+(\.\d+)?$/.test(text);
  const shown = (text) => (text === null ? "" : text);

  function show({ names, rows }) {
    const numbers = names.map((_, i) => rows.length > 0 && rows.every((row) => isNumber(row[i])));
    const table = document.createElement("table");
    table.append(cell("caption", `${rows.length.toLocaleString("en-GB")} ${rows.length === 1 ? "row" : "rows"}${rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : ""}`));
    const head = table.createTHead().insertRow();
    names.forEach((name, i) => head.append(cell("th", name, { scope: "col", ...(numbers[i] ? { class: "number" } : {}) })));
    const body = table.createTBody();
    for (const row of rows.slice(0, MOST_ROWS)) {
      const line = body.insertRow();
      row.forEach((value, i) => line.append(cell("td", shown(value), numbers[i] ? { class: "number" } : {})));
    }
    const box = cell("div", "", { class: "table-box tall", tabindex: 0, role: "region", "aria-label": "Answer" });
    box.append(table);
    place("ask-answer").replaceChildren(box);
    const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const safe = (value) => (/^[=+@\t\r\n]/.test(value) || (value.startsWith("-") && !isNumber(value)) ? `'${value}` : value);
    const csv = [names, ...rows].map((row) => row.map((value) => quoted(safe(shown(value)))).join(",")).join("\r\n");
    const link = place("ask-csv");
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv, "\r\n"], { type: "text/csv" }));
    link.hidden = false;
  }

  async function run() {
    const query = place("ask-query").value;
    if (!query.trim()) return;
    history.replaceState(null, "", `#q=${encodeURIComponent(query)}`);
    place("ask-run").disabled = true;
    said(opening ? "Asking…" : "Loading the engine (36 MB, once)…");
    const begun = performance.now();
    try {
      show(await answer(query));
      said(`Answered in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    } catch (error) {
      place("ask-answer").replaceChildren();
      place("ask-csv").hidden = true;
      said(`${error.message || error}`.replace(/^Error: /, ""));
      if (!(await Promise.resolve(opening).then(() => true, () => false))) opening = null;
    }
    place("ask-run").disabled = false;
  }

  place("ask-form").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  place("ask-examples").addEventListener("change", ({ target }) => { if (target.value) place("ask-query").value = target.value; });
  place("ask-query").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
  if (location.protocol === "file:") {
    said("A page opened from disk may not read the warehouse. Run prevention serve, or put the published folder on any web server, and open this page there.");
    place("ask-run").disabled = true;
  } else {
    const given = new URLSearchParams(location.hash.slice(1)).get("q");
    if (given) { place("ask-query").value = given; run(); }
  }
})();
