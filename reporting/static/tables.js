// Sortable tables: a button in each header; numbers sort by their exact value, text by its words.
(() => {
  const collator = new Intl.Collator("en-GB", { numeric: true });

  function valueOf(cell) {
    const data = cell.querySelector("data");
    if (data) return data.getAttribute("value") === "" ? null : Number(data.getAttribute("value"));
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    const text = cell.textContent.trim();
    if (!text || text === "–" || text.startsWith("[")) return null;
    const number = Number(text.replace(/[£,%]/g, "").replace("−", "-"));
    return Number.isNaN(number) ? text : number;
  }

  function compare(a, b, direction) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return direction * (a - b);
    return direction * collator.compare(String(a), String(b));
  }

  function sort(table, column, direction) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row.cells[column]), row]);
    rows.sort((a, b) => compare(a[0], b[0], direction));
    body.append(...rows.map(([, row]) => row));
    [...table.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === column) cell.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
  }

  function equip(table) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      if (cell.classList.contains("pick") || cell.querySelector("button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const direction = cell.getAttribute("aria-sort") === "descending" ? 1
          : cell.getAttribute("aria-sort") === "ascending" ? -1
          : cell.classList.contains("number") ? -1 : 1;
        sort(table, column, direction);
        table.dispatchEvent(new CustomEvent("sorted", { detail: { column, direction } }));
      });
    });
  }

  // Data of a page that is fetched when it is asked for, once.
  const asked = new Map();
  function load(name) {
    if (!asked.has(name)) {
      asked.set(name, new Promise((resolve) => {
        const held = () => (window.reportData || {})[name] || null;
        if (held()) { resolve(held()); return; }
        const script = document.createElement("script");
        script.src = `${document.body.dataset.root}data/${name}.js`;
        script.onload = () => resolve(held());
        script.onerror = () => resolve(null);
        document.head.append(script);
      }));
    }
    return asked.get(name);
  }

  // The rows that a table shows, as a file: figures as exact as the page holds them, text no spreadsheet can run.
  function save(table, file) {
    const value = (cell) => {
      const exact = cell.querySelector(":scope > data");
      if (exact) return exact.getAttribute("value");
      const drawing = cell.querySelector("svg[aria-label]");
      const plain = cell.cloneNode(true);
      plain.querySelectorAll(".section, .on-phone").forEach((part) => part.remove());
      const text = drawing ? drawing.getAttribute("aria-label") : plain.textContent.trim();
      return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
    };
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const rows = [...table.rows].filter((row) => !row.hidden);
    const text = rows.map((row) => [...row.cells].map((cell) => quoted(value(cell))).join(",")).join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  window.reportTables = { equip, sort, load, save };
  document.querySelectorAll("table.sortable").forEach(equip);

  // A table below a summary is kept as text until it is asked for.
  function unfold(details) {
    const kept = details.querySelector(":scope > noscript");
    if (!kept) return;
    kept.insertAdjacentHTML("afterend", kept.textContent);
    kept.remove();
    details.querySelectorAll("table.sortable").forEach(equip);
  }
  document.addEventListener("toggle", (event) => { if (event.target.open) unfold(event.target); }, true);

  // An address that names a row of a folded table opens it there.
  function openNamed() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id || document.getElementById(id)) return;
    const marked = new Option(id).innerHTML.replaceAll('"', "&#34;");
    const kept = [...document.querySelectorAll("details.folded > noscript")].find((k) => k.textContent.includes(` id="${marked}"`));
    if (!kept) return;
    const details = kept.parentElement;
    unfold(details);
    details.open = true;
    document.getElementById(id).scrollIntoView();
  }
  window.addEventListener("hashchange", openNamed);
  openNamed();

  // On paper every table is open.
  const closed = [];
  window.addEventListener("beforeprint", () => {
    // A council prints on two sheets, and nobody prints a table of hundreds of rows: those are in the files.
    if (["two-sheets", "long-tables"].some((kind) => document.body.classList.contains(kind))) return;
    document.querySelectorAll("details:not([open])").forEach((d) => { unfold(d); d.open = true; closed.push(d); });
  });
  window.addEventListener("afterprint", () => closed.splice(0).forEach((d) => { d.open = false; }));
})();
