// What every drawing shares: colours, number words, reading a chart's data, drawing again when the width changes.
(() => {
  const report = (window.report = window.report || {});
  report.kinds = {};

  report.colour = {
    blue: "#12436D", turquoise: "#28A197", pink: "#801650", orange: "#F46A25", dark: "#3D3D3D",
    grey: "#9a9da1", pale: "#d5d7da", text: "#4c4f54",
  };
  report.tiers = {
    primary: "#28A197", secondary: "#1D7282", tertiary: "#12436D", reactive: "#801650", unclassified: "url(#hatch)",
    enabling: "#6f7378", out_of_scope: "#c3c6ca",
  };

  report.yearLabel = (start) => `${start}-${String((start + 1) % 100).padStart(2, "0")}`;
  const plain = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
  report.number = (value, unit) => {
    const text = plain.format(Math.abs(value)).replace(/\.0$/, "");
    const sign = value < 0 ? "−" : "";
    if (unit === "£m") return `${sign}£${text}m`;
    if (unit === "£") return `${sign}£${Math.round(Math.abs(value)).toLocaleString("en-GB")}`;
    if (unit === "%") return `${sign}${text}%`;
    return sign + text;
  };

  // A hatch for money nobody has classified: pattern as well as colour.
  report.hatch = (svg) => {
    const defs = d3.select(svg).insert("defs", ":first-child");
    const pattern = defs.append("pattern").attr("id", "hatch").attr("width", 6).attr("height", 6)
      .attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
    pattern.append("rect").attr("width", 6).attr("height", 6).attr("fill", "#e8e9eb");
    pattern.append("line").attr("y2", 6).attr("stroke", "#85898e").attr("stroke-width", 2);
  };

  // Each chart of a fictional publication says so on its face.
  report.watermark = (svg) => {
    if (!document.body.classList.contains("sample")) return;
    const [, , width, height] = svg.getAttribute("viewBox")
      ? svg.getAttribute("viewBox").split(/[ ,]+/).map(Number) : [0, 0, +svg.getAttribute("width"), +svg.getAttribute("height")];
    d3.select(svg).append("text").attr("class", "watermark").attr("x", width / 2).attr("y", height / 2)
      .attr("text-anchor", "middle").attr("dominant-baseline", "middle").attr("font-size", Math.min(64, width / 7))
      .attr("font-weight", 700).attr("fill", "#000").attr("fill-opacity", 0.09).attr("pointer-events", "none")
      .attr("transform", `rotate(-14 ${width / 2} ${height / 2})`).text("SAMPLE");
  };

  report.legend = (items) => {
    const list = document.createElement("ul");
    list.className = "key";
    for (const { label, swatch } of items) {
      const item = document.createElement("li");
      item.append(swatch, label);
      list.append(item);
    }
    return list;
  };

  report.swatch = (fill, shape = "square") => {
    const svg = d3.create("svg").attr("width", 14).attr("height", 14).attr("viewBox", "0 0 14 14");
    if (fill.startsWith("url")) report.hatch(svg.node());
    if (shape === "line") svg.append("line").attr("x2", 14).attr("y1", 7).attr("y2", 7).attr("stroke", fill).attr("stroke-width", 3);
    else if (shape === "dashed") svg.append("line").attr("x2", 14).attr("y1", 7).attr("y2", 7).attr("stroke", fill).attr("stroke-width", 2).attr("stroke-dasharray", "4 3");
    else if (shape === "hollow") svg.append("circle").attr("cx", 7).attr("cy", 7).attr("r", 4.5).attr("fill", "#fff").attr("stroke", fill).attr("stroke-width", 2);
    else if (shape === "diamond") svg.append("path").attr("d", "M7 1 L13 7 L7 13 L1 7 Z").attr("fill", fill);
    else if (shape === "dot") svg.append("circle").attr("cx", 7).attr("cy", 7).attr("r", 5).attr("fill", fill);
    else svg.append("rect").attr("width", 14).attr("height", 14).attr("fill", fill);
    return svg.node();
  };

  // Text in at most `lines` lines of about `length` characters.
  report.wrap = (text, length, lines = 2) => {
    const parts = [""];
    for (const word of String(text).split(/\s+/)) {
      const last = parts.length - 1;
      if (parts[last] && (parts[last] + " " + word).length > length) {
        if (parts.length === lines) { parts[last] = parts[last].slice(0, length - 1).trimEnd() + "…"; return parts; }
        parts.push(word);
      } else parts[last] = parts[last] ? `${parts[last]} ${word}` : word;
    }
    return parts;
  };

  // End labels pushed apart so that none covers another.
  report.spread = (items, gap) => {
    items.sort((a, b) => a.y - b.y);
    for (let i = 1; i < items.length; i += 1) items[i].y = Math.max(items[i].y, items[i - 1].y + gap);
    return items;
  };

  report.chosen = new Set();

  function draw(figure) {
    const plot = figure.querySelector(".plot");
    const own = JSON.parse(figure.querySelector(".chart-data").textContent);
    const shared = own.shared && window.reportData ? window.reportData[own.shared] : null;
    const width = Math.max(plot.clientWidth, 280);
    const nodes = report.kinds[figure.dataset.kind](own, width, shared);
    plot.replaceChildren(...nodes);
    plot.querySelectorAll("svg[data-drawing]").forEach(report.watermark);
    plot.dataset.width = width;
    const overflows = plot.scrollWidth > plot.clientWidth + 1;
    if (overflows) plot.tabIndex = 0; else plot.removeAttribute("tabindex");
  }

  report.drawAll = () => document.querySelectorAll("figure.chart").forEach(draw);
  report.start = () => {
    report.drawAll();
    let waiting = 0;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => document.querySelectorAll("figure.chart").forEach((figure) => {
        const plot = figure.querySelector(".plot");
        if (Math.abs(plot.clientWidth - plot.dataset.width) > 4) draw(figure);
      }), 120);
    });
    document.addEventListener("councils-chosen", (event) => {
      report.chosen = new Set(event.detail);
      report.drawAll();
    });
  };

  report.drawing = (svg) => {
    svg.setAttribute("data-drawing", "");
    svg.setAttribute("aria-hidden", "true");
    return svg;
  };
})();
