// A table kept as data becomes the markup that reporting/markup.py writes for it.
(() => {
  const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;").replaceAll("'", "&#39;");

  function spine([low, high, first, third, middle, england, lower, upper, own, isModelled], words) {
    const parts = [
      `<line class="spread" x1="${low}" x2="${high}" y1="13" y2="13"/>`,
      `<rect class="half" x="${first}" y="8" width="${Number((third - first).toFixed(1))}" height="10"/>`,
      `<line class="middle" x1="${middle}" x2="${middle}" y1="5" y2="21"/>`,
    ];
    if (england !== null) parts.push(`<path class="england" d="M${england} 21l4 5h-8z"/>`);
    if (own !== null) {
      if (lower !== null) parts.push(`<line class="interval" x1="${lower}" x2="${upper}" y1="13" y2="13"/>`);
      parts.push(`<circle class="${isModelled ? "own modelled" : "own"}" cx="${own}" cy="13" r="5"/>`);
    }
    return `<svg class="spine" width="220" height="26" viewBox="0 0 220 26" role="img" aria-label="${escape(words)}">${parts.join("")}</svg>`;
  }

  function cell(held, texts) {
    if (typeof held === "number") return texts[held];
    if (Array.isArray(held)) return `<data value="${escape(held[1])}" data-column="${texts[held[2]]}">${texts[held[0]]}</data>`;
    return spine(held.spine, texts[held.words]);
  }

  // The scrolling box with its table, as text.
  window.reportTables.unpack = (table, texts) => {
    const caption = escape(texts[table.caption]);
    const number = (i) => (table.columns[i][1] ? ' class="number"' : "");
    const from = table.mart ? ` data-mart="${escape(table.mart)}" data-key="${escape(table.key)}"` : "";
    const heads = table.columns.map(([text], i) => `<th scope="col"${number(i)}>${escape(texts[text])}</th>`).join("");
    const rows = table.rows.map(([key, attributes, ...cells]) => {
      const own = key < 0 ? "" : ` data-key="${escape(texts[key])}"`;
      const pairs = Object.entries(attributes).map(([name, at]) => ` data-${name}="${escape(texts[at])}"`).join("");
      const parts = cells.map((held, i) => `<${i ? "td" : 'th scope="row"'}${number(i)}>${cell(held, texts)}</${i ? "td" : "th"}>`);
      return `<tr${own}${pairs}>${parts.join("")}</tr>`;
    });
    return `<div class="table-box" tabindex="0" role="region" aria-label="${caption}"><table${table.id ? ` id="${table.id}"` : ""}${from}>`
      + `<caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  };
})();
