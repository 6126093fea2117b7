// Councils among councils: strips, the funnel, spend beside admissions. One council in colour, the rest grey.
(() => {
  const { report } = window;
  const unitOf = (measure) => (measure.endsWith("_share") ? "%" : measure.endsWith("_per_100k") ? "" : measure.includes("per_head") ? "£" : measure.endsWith("_gbp") ? "£m" : "");
  const scaleOf = (measure) => (measure.endsWith("_share") ? 100 : measure.endsWith("_gbp") && !measure.includes("per_head") ? 1e-6 : 1);
  const isChosen = (code, own) => code === own || report.chosen.has(code);

  report.kinds.strips = (data, width, shared) => {
    const nodes = [];
    const regions = new Set();
    if (!shared) return nodes;
    const narrow = width < 560;
    for (const [measure, label, year] of data.measures) {
      const unit = unitOf(measure);
      const values = ((shared[measure] || {})[year] || []).map(([code, name, region, value]) => ({ code, name, region, value: Number(value) * scaleOf(measure) }));
      if (!values.length) continue;
      const own = values.filter((v) => isChosen(v.code, data.council));
      own.forEach((v) => regions.add(v.region));
      const near = values.filter((v) => own.some((o) => o.region === v.region) && !own.includes(v));
      const rest = values.filter((v) => !near.includes(v) && !own.includes(v));
      const title = document.createElement("p");
      title.className = "strip-label";
      title.textContent = `${label}, ${year}`;
      const svg = report.drawing(Plot.plot({
        width, height: 74, marginLeft: 18, marginRight: 26, marginTop: 24, marginBottom: 24,
        style: { fontSize: "13px", background: "none" },
        x: { label: null, tickFormat: (v) => report.number(v, unit), ticks: narrow ? 4 : 8, nice: true, tickSize: 3 },
        marks: [
          Plot.tickX(rest, { x: "value", stroke: "#8d9196", strokeOpacity: 0.6, tip: true, title: (v) => `${v.name}: ${report.number(v.value, unit)}` }),
          Plot.tickX(near, { x: "value", stroke: report.colour.turquoise, strokeWidth: 2, tip: true, title: (v) => `${v.name} (${v.region}): ${report.number(v.value, unit)}` }),
          Plot.ruleX([d3.median(values, (v) => v.value)], { stroke: report.colour.dark, strokeWidth: 3 }),
          Plot.dot(own, { x: "value", r: 6, fill: report.colour.pink, stroke: "#fff", strokeWidth: 1.5 }),
          Plot.text(own.slice(0, 4), { x: "value", frameAnchor: "top", dy: -14, text: (v) => (own.length > 1 ? v.name : `${v.name} ${report.number(v.value, unit)}`), fill: report.colour.pink, fontWeight: 600, textAnchor: anchor(own, values, width) }),
        ],
      }));
      nodes.push(title, svg);
    }
    const items = [{ label: "middle council", swatch: report.swatch(report.colour.dark, "line") }];
    if (regions.size) items.push({ label: `same region (${[...regions].sort().join(", ")})`, swatch: report.swatch(report.colour.turquoise, "line") });
    items.push({ label: "other councils", swatch: report.swatch("#8d9196", "line") });
    nodes.unshift(report.legend(items));
    return nodes;
  };

  // A label near an edge turns inwards.
  function anchor(own, values) {
    const [low, high] = d3.extent(values, (v) => v.value);
    if (own.length !== 1) return "middle";
    const place = (own[0].value - low) / (high - low || 1);
    return place < 0.3 ? "start" : place > 0.7 ? "end" : "middle";
  }

  report.kinds.funnel = (data, width, shared) => {
    const full = shared ? { ...shared, council: data.council } : data;
    if (!full.points) return [];
    const narrow = width < 560;
    const own = full.points.filter((p) => isChosen(p.c, full.council));
    const others = full.points.filter((p) => !own.includes(p));
    const named = own.length ? own : d3.sort(others.filter((p) => p.o), (p) => -Math.abs(p.y - full.england)).slice(0, narrow ? 2 : 5);
    // Limits of very small councils run off the scale: the scale fits the councils, the lines are cut at its edge.
    const top = 1.2 * d3.max(full.points, (p) => p.y);
    const line = (key, dash) => Plot.line(full.limits, { clip: true, x: "n", y: key, stroke: report.colour.dark, strokeOpacity: 0.8, strokeDasharray: dash, curve: "monotone-x" });
    const title = (p) => `${p.l}: ${report.number(p.y, "")} per 100,000`;
    const svg = report.drawing(Plot.plot({
      width, height: narrow ? 340 : 440, marginLeft: 52, marginRight: 100, marginTop: 20, marginBottom: 42,
      style: { fontSize: "13px", background: "none" },
      x: { label: "People aged 65 and over →", labelAnchor: "right", ticks: narrow ? 4 : 8, tickFormat: (v) => (v >= 1000 ? `${v / 1000}k` : `${v}`), nice: true, zero: true },
      y: { label: "↑ Admissions per 100,000", grid: true, domain: [0, top], tickSize: 0 },
      symbol: { type: "identity" },
      marks: [
        line("lower95", "4 4"), line("upper95", "4 4"), line("lower998", null), line("upper998", null),
        Plot.ruleY([full.england], { stroke: report.colour.blue, strokeWidth: 1.5 }),
        Plot.text([full.england], { y: (v) => v, frameAnchor: "right", text: (v) => `England ${report.number(v, "")}`, dx: 6, textAnchor: "start", fill: report.colour.blue }),
        Plot.dot(others.filter((p) => !p.o), { x: "x", y: "y", r: 3.5, fill: "#8d9196", fillOpacity: 0.75, tip: true, title }),
        Plot.dot(others.filter((p) => p.o), { x: "x", y: "y", r: 4, symbol: "triangle", fill: own.length ? "#6f7378" : report.colour.pink, tip: true, title }),
        Plot.dot(own, { x: "x", y: "y", r: 7, fill: report.colour.pink, stroke: "#fff", strokeWidth: 1.5, tip: true, title }),
        Plot.text(named, { x: "x", y: "y", text: "l", dy: -12, fill: report.colour.pink, fontWeight: 600, stroke: "#fff", strokeWidth: 4, paintOrder: "stroke" }),
      ],
    }));
    const legend = report.legend([
      { label: "95% limits", swatch: report.swatch(report.colour.dark, "dashed") },
      { label: "99.8% limits", swatch: report.swatch(report.colour.dark, "line") },
    ]);
    return [legend, svg];
  };

  report.kinds.scatter = (data, width) => {
    const narrow = width < 560;
    const own = data.points.filter((p) => isChosen(p.c, null));
    const near = data.points.filter((p) => !own.includes(p) && own.some((o) => o.r === p.r));
    const rest = data.points.filter((p) => !own.includes(p) && !near.includes(p));
    const title = (p) => `${p.l}: ${report.number(p.x, "£")} per person, ${report.number(p.y, "")} per 100,000`;
    return [report.drawing(Plot.plot({
      width, height: narrow ? 340 : 440, marginLeft: 52, marginRight: 20, marginTop: 20, marginBottom: 42,
      style: { fontSize: "13px", background: "none" },
      x: { label: "£ per person 65+ →", labelAnchor: "right", nice: true, zero: true, tickFormat: (v) => report.number(v, "£"), ticks: narrow ? 4 : 8 },
      y: { label: "↑ Admissions per 100,000", grid: true, nice: true, zero: true, tickSize: 0 },
      marks: [
        Plot.ruleX([data.mx], { stroke: report.colour.dark, strokeDasharray: "2 3" }),
        Plot.ruleY([data.my], { stroke: report.colour.dark, strokeDasharray: "2 3" }),
        Plot.dot(rest, { x: "x", y: "y", r: 4, stroke: "#6f7378", fill: "#fff", strokeWidth: 1.5, tip: true, title }),
        Plot.dot(near, { x: "x", y: "y", r: 4.5, fill: report.colour.turquoise, tip: true, title }),
        Plot.dot(own, { x: "x", y: "y", r: 7, fill: report.colour.pink, stroke: "#fff", strokeWidth: 1.5, tip: true, title }),
        Plot.text(own, { x: "x", y: "y", text: "l", dy: -13, fill: report.colour.pink, fontWeight: 600, stroke: "#fff", strokeWidth: 4, paintOrder: "stroke" }),
      ],
    }))];
  };
})();
