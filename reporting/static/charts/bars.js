// Bars from zero: tiers leaning left or right of it, and plain ranked bars.
(() => {
  const { report } = window;
  const LEFT = ["primary", "secondary", "tertiary"];

  report.kinds.balance = (data, width) => {
    const narrow = width < 560;
    const parts = [];
    for (const year of data.years) {
      const here = data.bars.filter((b) => b.x === year);
      let left = 0;
      let right = 0;
      // Nearest to the line stands what is nearest in meaning: delaying need on one side, care on the other.
      for (const tier of ["tertiary", "secondary", "primary"]) {
        const bar = here.find((b) => b.t === tier);
        if (bar && bar.y > 0) { parts.push({ ...bar, x1: left - bar.y, x2: left }); left -= bar.y; }
      }
      for (const tier of ["reactive", "unclassified"]) {
        const bar = here.find((b) => b.t === tier);
        if (bar && bar.y > 0) { parts.push({ ...bar, x1: right, x2: right + bar.y }); right += bar.y; }
      }
    }
    const used = [...LEFT, "reactive", "unclassified"].filter((t) => parts.some((p) => p.t === t));
    const labels = Object.fromEntries(data.bars.map((b) => [b.t, b.l]));
    const modelled = parts.some((p) => p.m);
    const legend = report.legend(used.map((t) => ({ label: labels[t], swatch: report.swatch(report.tiers[t]) })));
    const svg = report.drawing(Plot.plot({
      width, height: 50 + data.years.length * (narrow ? 30 : 34), marginLeft: 66, marginRight: 16, marginTop: 24, marginBottom: 8,
      style: { fontSize: "13px", background: "none" },
      x: { axis: "top", label: null, tickFormat: (v) => `${Math.round(Math.abs(v) * 100)}%`, ticks: narrow ? 4 : 8, grid: true, tickSize: 0 },
      y: { domain: [...data.years].reverse(), label: null, tickSize: 0, padding: 0.28 },
      color: { type: "identity" },
      marks: [
        Plot.barX(parts, {
          x1: "x1", x2: "x2", y: "x", fill: (p) => report.tiers[p.t], stroke: "#fff", strokeWidth: 1, inset: 0.5, tip: true,
          title: (p) => `${p.l}, ${p.x}: ${(p.y * 100).toFixed(1)}%${p.m ? ", modelled" : ""}`,
        }),
        Plot.barX(parts.filter((p) => p.m), { x1: "x1", x2: "x2", y: "x", fill: "none", stroke: report.colour.dark, strokeDasharray: "3 3", strokeWidth: 1, inset: 0.5 }),
        Plot.text(parts.filter((p) => p.y > (narrow ? 0.12 : 0.055)), {
          x: (p) => (p.x1 + p.x2) / 2, y: "x", text: (p) => `${Math.round(p.y * 100)}%`,
          fill: (p) => (p.t === "unclassified" ? "#1c1d1f" : p.t === "primary" ? "#000" : "#fff"), fontWeight: 600,
        }),
        Plot.ruleX([0], { stroke: report.colour.dark, strokeWidth: 1.5 }),
      ],
    }));
    report.hatch(svg);
    if (modelled) {
      const item = document.createElement("li");
      item.append(report.swatch(report.colour.dark, "dashed"), "Dashed outline: modelled");
      legend.append(item);
    }
    return [legend, svg];
  };

  report.kinds.bars = (data, width) => {
    const narrow = width < 560;
    const left = narrow ? 132 : 280;
    return [report.drawing(Plot.plot({
      width, height: 24 + data.bars.length * 34, marginLeft: left, marginRight: 64, marginTop: 4, marginBottom: 4,
      style: { fontSize: "13px", background: "none" },
      x: { axis: null, zero: true }, y: { domain: data.bars.map((b) => b.l), label: null, tickSize: 0, tickFormat: (l) => report.wrap(l, narrow ? 17 : 36).join("\n"), padding: 0.3 },
      marks: [
        Plot.barX(data.bars, { x: "y", y: "l", fill: report.colour.blue }),
        Plot.text(data.bars, { x: "y", y: "l", text: (b) => report.number(b.y, data.unit), dx: 6, textAnchor: "start", fill: report.colour.dark }),
        Plot.ruleX([0], { stroke: report.colour.dark }),
      ],
    }))];
  };
})();
