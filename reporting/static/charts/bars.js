// Bars from zero: tiers leaning left or right of it, and plain ranked bars.
(() => {
  const { report } = window;
  const LEFT = ["tertiary", "secondary", "primary"];
  const RIGHT = ["reactive", "unclassified"];

  report.kinds.balance = (data, width) => {
    const narrow = width < 560;
    const parts = [];
    for (const year of data.years) {
      const here = new Map(data.bars.filter((b) => b.x === year && b.y > 0).map((b) => [b.t, b]));
      let left = 0;
      let right = 0;
      // Nearest to the line is what is nearest in meaning: delaying need on one side, care on the other.
      for (const tier of LEFT.filter((t) => here.has(t))) { const b = here.get(tier); parts.push({ ...b, x1: left - b.y, x2: left }); left -= b.y; }
      for (const tier of RIGHT.filter((t) => here.has(t))) { const b = here.get(tier); parts.push({ ...b, x1: right, x2: right + b.y }); right += b.y; }
    }
    const frame = report.frame(width, 40 + data.years.length * (narrow ? 30 : 34), { left: 66, right: 16, top: 28, bottom: 6 });
    const x = d3.scaleLinear().domain([d3.min(parts, (p) => p.x1), d3.max(parts, (p) => p.x2)]).range([frame.left, frame.right]);
    const y = d3.scaleBand().domain([...data.years].reverse()).range([frame.top, frame.bottom]).padding(0.28);
    report.hatch(frame.svg);
    for (const tick of x.ticks(narrow ? 4 : 8)) {
      frame.svg.append("line").attr("x1", x(tick)).attr("x2", x(tick)).attr("y1", frame.top).attr("y2", frame.bottom).attr("stroke", report.colour.pale);
      report.text(frame.svg, x(tick), 12, `${Math.round(Math.abs(tick) * 100)}%`, { "text-anchor": "middle" });
    }
    for (const year of data.years) report.text(frame.svg, frame.left - 8, y(year) + y.bandwidth() / 2, year, { "text-anchor": "end" });
    for (const p of parts) {
      const bar = frame.svg.append("rect").attr("x", x(p.x1) + 0.5).attr("width", Math.max(0, x(p.x2) - x(p.x1) - 1)).attr("y", y(p.x)).attr("height", y.bandwidth())
        .attr("fill", report.tiers[p.t]).attr("stroke", p.m ? report.colour.dark : "none").attr("stroke-dasharray", "3 3");
      report.tip(bar, `${p.l}, ${p.x}: ${(p.y * 100).toFixed(1)}%${p.m ? ", modelled" : ""}`);
      const said = `${Math.round(p.y * 100)}%`;
      if (x(p.x2) - x(p.x1) > said.length * 9 + 4) report.text(frame.svg, (x(p.x1) + x(p.x2)) / 2, y(p.x) + y.bandwidth() / 2 + 1, said, { "text-anchor": "middle", fill: report.onTiers[p.t], "font-weight": 600 });
    }
    frame.svg.append("line").attr("x1", x(0)).attr("x2", x(0)).attr("y1", frame.top - 4).attr("y2", frame.bottom).attr("stroke", report.colour.dark).attr("stroke-width", 1.5);
    const labels = new Map(data.bars.map((b) => [b.t, b.l]));
    const used = [...[...LEFT].reverse(), ...RIGHT].filter((t) => parts.some((p) => p.t === t));
    const legend = report.legend(used.map((t) => ({ label: labels.get(t), swatch: report.swatch(report.tiers[t]) })));
    if (parts.some((p) => p.m)) {
      const item = document.createElement("li");
      item.append(report.swatch(report.colour.dark, "dashed"), "Dashed outline: modelled");
      legend.append(item);
    }
    return [legend, frame.svg.node()];
  };

  report.kinds.bars = (data, width) => {
    const narrow = width < 560;
    const frame = report.frame(width, 16 + data.bars.length * 36, { left: narrow ? 132 : 280, right: 64, top: 4, bottom: 4 });
    const x = d3.scaleLinear().domain([0, d3.max(data.bars, (b) => b.y) || 1]).range([frame.left, frame.right]);
    const y = d3.scaleBand().domain(data.bars.map((b) => b.l)).range([frame.top, frame.bottom]).padding(0.3);
    for (const bar of data.bars) {
      const middle = y(bar.l) + y.bandwidth() / 2;
      const lines = report.wrap(bar.l, narrow ? 17 : 36);
      lines.forEach((line, i) => report.text(frame.svg, frame.left - 8, middle + (i - (lines.length - 1) / 2) * 15, line, { "text-anchor": "end" }));
      frame.svg.append("rect").attr("x", frame.left).attr("width", Math.max(0, x(bar.y) - frame.left)).attr("y", y(bar.l)).attr("height", y.bandwidth()).attr("fill", report.colour.blue);
      report.text(frame.svg, x(bar.y) + 6, middle, report.number(bar.y, data.unit), { fill: report.colour.dark });
    }
    frame.svg.append("line").attr("x1", frame.left).attr("x2", frame.left).attr("y1", frame.top).attr("y2", frame.bottom).attr("stroke", report.colour.dark);
    return [frame.svg.node()];
  };
})();
