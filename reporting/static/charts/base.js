// What every drawing shares: colours, number words, a frame with axes, labels that keep clear of each other.
(() => {
  const report = (window.report = window.report || {});
  report.kinds = {};

  // Colours are names of the stylesheet, so that a dark page redraws nothing.
  report.colour = {
    blue: "var(--blue)", turquoise: "var(--turquoise)", pink: "var(--pink)", dark: "var(--ink)", text: "var(--soft)",
    grey: "var(--mark)", pale: "var(--line)", paper: "var(--paper)",
  };
  report.tiers = {
    primary: "var(--tier-primary)", secondary: "var(--tier-secondary)", tertiary: "var(--tier-tertiary)",
    reactive: "var(--tier-reactive)", unclassified: "url(#hatch)", enabling: "var(--tier-enabling)", out_of_scope: "var(--line)",
  };
  report.onTiers = {
    primary: "var(--on-primary)", secondary: "var(--on-tier)", tertiary: "var(--on-tier)", reactive: "var(--on-tier)", unclassified: "var(--ink)",
  };

  report.yearLabel = (start) => `${start}-${String((start + 1) % 100).padStart(2, "0")}`;
  const plain = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
  const three = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
  const tenth = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // `modelled` figures keep three significant figures at most.
  report.number = (value, unit, modelled = false) => {
    const size = Math.abs(value);
    const sign = value < 0 ? "−" : "";
    // As the words of the page: thousands below £1m, pounds below £500.
    if (unit === "£m" && size < 0.9995) return size < 0.0005 ? `${sign}£${Math.round(size * 1e6)}` : `${sign}£${Math.round(size * 1000)}k`;
    const text = modelled ? three.format(size >= 100 ? size : Number(size.toFixed(1))) : plain.format(size);
    // Millions have one decimal, as in the words of the page; an axis counts in whole ones where it can.
    if (unit === "£m") return `${sign}£${modelled && size < 99.95 ? tenth.format(size) : text}m`;
    if (unit === "£") return `${sign}£${modelled ? three.format(Math.round(size)) : Math.round(size).toLocaleString("en-GB")}`;
    if (unit === "%") return `${sign}${text}%`;
    return sign + text;
  };

  const defs = (svg) => (svg.select("defs").empty() ? svg.insert("defs", ":first-child") : svg.select("defs"));
  // A hatch for money nobody has classified: pattern as well as colour.
  report.hatch = (svg) => {
    const pattern = defs(svg).append("pattern").attr("id", "hatch").attr("width", 6).attr("height", 6)
      .attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
    pattern.append("rect").attr("width", 6).attr("height", 6).attr("fill", "var(--wash)");
    pattern.append("line").attr("y2", 6).attr("stroke", "var(--mark)").attr("stroke-width", 2);
  };

  // An empty drawing with its inner box; `y` grows upwards through the scales.
  report.frame = (width, height, margin) => {
    const svg = d3.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`)
      .attr("font-size", 13).attr("data-drawing", "").attr("aria-hidden", "true");
    return { svg, width, height, margin, left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };
  };

  report.text = (place, x, y, text, attributes = {}) => {
    const node = place.append("text").attr("x", x).attr("y", y).attr("fill", report.colour.text).attr("dominant-baseline", "middle").text(text);
    for (const [name, value] of Object.entries(attributes)) node.attr(name, value);
    return node;
  };

  // How wide a text is drawn, as the browser measures it: fonts differ by a fifth.
  const ruler = document.createElement("canvas").getContext("2d");
  report.widthOf = (text, weight = 400) => {
    ruler.font = `${weight} 13px ${getComputedStyle(document.body).fontFamily}`;
    return ruler.measureText(text).width;
  };

  report.yAxis = (frame, y, format, count = 6) => {
    const axis = frame.svg.append("g");
    for (const tick of y.ticks(Math.min(count, Math.max(2, Math.floor((frame.bottom - frame.top) / 26))))) {
      axis.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", y(tick)).attr("y2", y(tick)).attr("stroke", report.colour.pale)
        .attr("stroke-opacity", tick === 0 ? 0 : 0.7);
      report.text(axis, frame.left - 8, y(tick), format(tick), { "text-anchor": "end" });
    }
    return axis;
  };

  report.xAxis = (frame, x, ticks, format) => {
    const axis = frame.svg.append("g");
    axis.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", frame.bottom).attr("y2", frame.bottom).attr("stroke", report.colour.dark);
    for (const tick of ticks) {
      axis.append("line").attr("x1", x(tick)).attr("x2", x(tick)).attr("y1", frame.bottom).attr("y2", frame.bottom + 5).attr("stroke", report.colour.dark);
      const half = report.widthOf(format(tick)) / 2;
      report.text(axis, Math.max(half, Math.min(frame.width - half, x(tick))), frame.bottom + 17, format(tick), { "text-anchor": "middle" });
    }
    return axis;
  };

  report.tip = (node, text) => node.append("title").text(text);

  // A mark: circle, hollow circle, square, diamond or triangle, so that no state is told by colour alone.
  const half = { circle: 1, square: 0.9, diamond: 1.25, triangle: 1.15 };
  report.mark = (place, shape, x, y, r, fill, stroke) => {
    const h = r * half[shape];
    const paths = {
      square: `M${x - h} ${y - h}h${2 * h}v${2 * h}h${-2 * h}z`,
      diamond: `M${x} ${y - h}L${x + h} ${y}L${x} ${y + h}L${x - h} ${y}z`,
      triangle: `M${x} ${y - h}L${x + h} ${y + h}L${x - h} ${y + h}z`,
    };
    const node = shape === "circle" ? place.append("circle").attr("cx", x).attr("cy", y).attr("r", r) : place.append("path").attr("d", paths[shape]);
    return node.attr("fill", fill).attr("stroke", stroke || "none").attr("stroke-width", 2);
  };

  // Each chart of a fictional publication says so on its face.
  report.watermark = (svg) => {
    if (!document.body.classList.contains("sample")) return;
    const [, , width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    d3.select(svg).append("text").attr("class", "watermark").attr("x", width / 2).attr("y", height / 2)
      .attr("text-anchor", "middle").attr("dominant-baseline", "middle").attr("font-size", Math.min(64, width / 7, height))
      .attr("font-weight", 700).attr("fill", "var(--ink)").attr("fill-opacity", 0.09).attr("pointer-events", "none")
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
    const svg = d3.create("svg").attr("width", 14).attr("height", 14).attr("viewBox", "0 0 14 14").attr("aria-hidden", "true");
    if (fill.startsWith("url")) report.hatch(svg);
    const line = () => svg.append("line").attr("x2", 14).attr("y1", 7).attr("y2", 7).attr("stroke", fill).attr("stroke-width", 3);
    if (shape === "line") line();
    else if (shape === "dashed") line().attr("stroke-dasharray", "4 3");
    else if (shape === "dotted") line().attr("stroke-dasharray", "1 3");
    else if (shape === "hollow") report.mark(svg, "circle", 7, 7, 4.5, report.colour.paper, fill);
    else if (["circle", "diamond", "triangle"].includes(shape)) report.mark(svg, shape, 7, 7, 5, fill);
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

  // Labels in a column pushed apart, and back up from the lower edge, so that none covers another or leaves the box.
  report.spread = (items, gap, bottom = Infinity) => {
    items.sort((a, b) => a.y - b.y);
    for (let i = 1; i < items.length; i += 1) items[i].y = Math.max(items[i].y, items[i - 1].y + gap);
    for (let i = items.length - 1, edge = bottom; i >= 0; i -= 1, edge -= gap) items[i].y = Math.min(items[i].y, edge);
    return items;
  };

  // Labels of points: each tries places around its point, and is left out, and counted, where none is free. On a phone
  // there is no room for a thin line from a point to a name far from it.
  report.labels = (frame, points, blocked = []) => {
    const farthest = frame.width < 560 ? 12 : 84;
    const taken = [...blocked];
    const free = (box) => box.x0 >= frame.left && box.x1 <= frame.width && box.y0 >= 0 && box.y1 <= frame.height
      && !taken.some((b) => box.x0 < b.x1 && box.x1 > b.x0 && box.y0 < b.y1 && box.y1 > b.y0);
    const layer = frame.svg.append("g").attr("class", "labels");
    const left = [];
    for (const point of points) {
      const wide = report.widthOf(point.text, 600) + 6;
      const places = [];
      for (let far = 12; far <= farthest; far += 18) places.push([-wide / 2, -far - 8], [10, -far + 4], [-10 - wide, -far + 4], [-wide / 2, far - 8], [10, far - 12], [-10 - wide, far - 12]);
      const boxes = places.map(([dx, dy]) => ({ x0: point.x + dx, x1: point.x + dx + wide, y0: point.y + dy, y1: point.y + dy + 16 }));
      const box = boxes.find(free);
      if (!box) { left.push(point.text); continue; }
      taken.push(box);
      const middle = (box.x0 + box.x1) / 2;
      const away = Math.abs((box.y0 + box.y1) / 2 - point.y) > 26;
      if (away) layer.append("line").attr("x1", point.x).attr("y1", point.y).attr("x2", middle).attr("y2", box.y1 < point.y ? box.y1 : box.y0).attr("stroke", report.colour.pink).attr("stroke-width", 1);
      report.text(layer, middle, (box.y0 + box.y1) / 2, point.text, { "text-anchor": "middle", fill: report.colour.pink, "font-weight": 600, stroke: report.colour.paper, "stroke-width": 4, "paint-order": "stroke" });
    }
    return left;
  };

  report.note = (text) => {
    const node = document.createElement("p");
    node.className = "note";
    node.textContent = text;
    return node;
  };
})();
