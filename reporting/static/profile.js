// Whom the profile sets a council beside: region, type, neighbours, or a group of the reader's own, in the address.
(() => {
  const tableNow = () => document.getElementById("profile");
  const controls = document.getElementById("peer-controls");
  if (!tableNow() || !controls) return;
  const { load } = window.reportTables;
  const select = document.getElementById("peers");
  const adder = document.getElementById("peer-add");
  const input = document.getElementById("peer-name");
  const said = document.getElementById("peer-group");
  const COLUMNS = [["region", "Region"], ["class", "Type"], ["neighbours", "Neighbours"]];
  controls.hidden = false;

  function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
  }

  function printed(measure, value, isModelled) {
    if (measure.endsWith("_gbp")) {
      const [size, sign] = [Math.abs(value), value < 0 ? "−" : ""];
      if (size && size < 0.005 && !isModelled) return "under 1p";
      if (size && size < 9.995 && !isModelled) return `${sign}£${size.toFixed(2)}`;
      const whole = Math.round(size);
      return `${whole ? sign : ""}£${(isModelled ? Number(whole.toPrecision(3)) : whole).toLocaleString("en-GB")}`;
    }
    return measure.endsWith("_percent") ? `${value.toFixed(1)}%` : value.toLocaleString("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  const given = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  let group = [];

  function write() {
    const kept = new URLSearchParams(given());
    kept.set("peers", select.value === "group" ? group.join(".") : select.value);
    history.replaceState(null, "", `#${kept}`);
  }

  // One column of peers is shown: the one chosen; a column of one's own takes the place of the region's.
  async function show() {
    const own = select.value === "group";
    const table = tableNow();
    const heads = [...table.tHead.rows[0].cells];
    const columns = new Map(COLUMNS.map(([key, text]) => [key, heads.findIndex((h) => h.textContent === text || (key === "region" && h.textContent === "My group"))]));
    adder.hidden = !own;
    for (const [key, at] of columns) {
      if (at < 0) continue;
      const isShown = own ? key === "region" : key === select.value;
      for (const row of table.rows) row.cells[at].hidden = !isShown;
    }
    const at = columns.get("region");
    if (!own) {
      said.textContent = "";
      heads[at].textContent = "Region";
      for (const row of table.tBodies[0].rows) if (row.dataset.kept !== undefined) { row.cells[at].innerHTML = ""; row.cells[at].append(...row.keptNodes); delete row.dataset.kept; }
      return;
    }
    const rows = [...table.tBodies[0].rows];
    const names = await load("search");
    const values = new Map(await Promise.all([...new Set(rows.map((row) => row.dataset.period))].map(async (when) => [when, await load(`profile-${when}`)])));
    const entries = new Map(names.entries.filter((e) => e[4].startsWith("councils/")).map((e) => [e[4].slice(9, -5), e[0]]));
    if (!document.getElementById("peer-names").children.length) {
      document.getElementById("peer-names").append(...[...entries].map(([code, name]) => { const option = document.createElement("option"); option.value = name; option.dataset.code = code; return option; }));
    }
    group = group.filter((code) => entries.has(code));
    heads[at].textContent = "My group";
    said.textContent = group.length ? `My group: ${group.map((code) => entries.get(code)).join(", ")}. The middle of those with a value.` : "The group is empty: add councils by name.";
    for (const row of table.tBodies[0].rows) {
      const cell = row.cells[at];
      if (row.dataset.kept === undefined) { row.keptNodes = [...cell.childNodes]; row.dataset.kept = ""; }
      const found = (values.get(row.dataset.period) || {})[row.dataset.measure] || {};
      const held = group.map((code) => found[code]).filter((v) => v !== undefined && v !== null).map(Number);
      cell.textContent = held.length ? printed(row.dataset.measure, median(held), row.querySelector(".state") !== null) : "–";
    }
  }

  function read() {
    const asked = given().peers;
    if (asked && [...select.options].some((o) => o.value === asked)) select.value = asked;
    else if (asked) { select.value = "group"; group = asked.split("."); }
    show();
  }

  select.addEventListener("change", () => { write(); show(); });
  input.addEventListener("change", () => {
    const option = [...document.getElementById("peer-names").children].find((o) => o.value.toLowerCase() === input.value.trim().toLowerCase());
    if (!option) { said.textContent = `No council is called “${input.value}”: choose one of the list.`; return; }
    if (!group.includes(option.dataset.code)) group.push(option.dataset.code);
    input.value = "";
    write();
    show();
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", read);
  document.addEventListener("profile-replaced", show);
  read();
})();
