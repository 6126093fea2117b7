// Lines over years with a band from low to high, breaks left open; and slopes between two publications.
(() => {
  const { report } = window;

  function styleOf(name) {
    const { colour } = report;
    if (name.startsWith("Wide")) return colour.blue;
    if (name === "England") return colour.text;
    if (name.endsWith("prices")) return colour.blue;
    return colour.turquoise;
  }

  // A year that is not held breaks the line: an undefined point stands in its place.
  function withGaps(points, gaps) {
    const open = [];
    points.forEach((p, i) => {
      const before = points[i - 1];
      if (before && (p.x - before.x > 1 || gaps.some((g) => g > before.x && g <= p.x))) open.push({ ...p, y: NaN, lo: NaN, hi: NaN, x: p.x - 0.5 });
      open.push(p);
    });
    return open;
  }

  const held = (point) => Boolean(point) && Number.isFinite(point.y);

  report.kinds["band-lines"] = (data, width) => {
    const narrow = width < 560;
    const gaps = (data.breaks || []).filter((b) => b.gap).map((b) => b.x);
    const groups = d3.groups(data.points, (p) => p.s).map(([name, points]) => {
      const sorted = d3.sort(points, (p) => p.x);
      return { name, points: withGaps(sorted, gaps), last: sorted[sorted.length - 1], colour: styleOf(name), outturn: name.endsWith("outturn") };
    });
    const [first, last] = d3.extent(data.points, (p) => p.x);
    const height = narrow ? 300 : 380;
    const right = narrow ? 76 : 140;
    const marginTop = (data.breaks || []).length ? 34 : 16;
    const marks = [Plot.gridY({ stroke: "#e6e7e9", strokeOpacity: 1 }), Plot.ruleY([0], { stroke: report.colour.dark })];
    for (const b of data.breaks || []) {
      marks.push(Plot.ruleX([b.x - 0.5], { stroke: report.colour.dark, strokeDasharray: "2 3" }));
      marks.push(Plot.text([b], { x: b.x - 0.5, frameAnchor: "top", dy: -22, text: () => report.wrap(b.l, narrow ? 9 : 16).join("\n"), fill: report.colour.text, lineAnchor: "top" }));
    }
    for (const g of groups) {
      const drawn = g.points.filter((p) => p.lo !== null && p.hi !== null);
      if (drawn.some((p) => Number.isFinite(p.lo))) marks.push(Plot.areaY(drawn, { x: "x", y1: "lo", y2: "hi", fill: g.colour, fillOpacity: 0.14 }));
      // A year on its own has no line and no band: its range is a whisker.
      const alone = g.points.filter((p, i) => p.lo !== null && Number.isFinite(p.lo) && !held(g.points[i - 1]) && !held(g.points[i + 1]));
      marks.push(Plot.ruleX(alone, { x: "x", y1: "lo", y2: "hi", stroke: g.colour, strokeWidth: 5, strokeOpacity: 0.22 }));
    }
    for (const g of groups) {
      const modelled = g.points.some((p) => p.m);
      marks.push(Plot.line(g.points, { x: "x", y: "y", stroke: g.colour, strokeWidth: 2.25, strokeDasharray: modelled ? "6 3" : null }));
      const shown = g.points.filter((p) => Number.isFinite(p.y));
      const symbol = (p) => (p.i ? "diamond" : g.outturn ? "square" : "circle");
      for (const kind of ["diamond", "square", "circle"]) {
        const some = shown.filter((p) => symbol(p) === kind);
        if (!some.length) continue;
        marks.push(Plot.dot(some, {
          x: "x", y: "y", symbol: kind, r: narrow ? 3.5 : 4.5, stroke: g.colour, strokeWidth: 2,
          fill: (p) => (p.m ? "#fff" : g.colour), tip: true,
          title: (p) => `${g.name}, ${report.yearLabel(p.x)}: ${report.number(p.y, data.unit)}`
            + (p.lo !== null && Number.isFinite(p.lo) ? ` (between ${report.number(p.lo, data.unit)} and ${report.number(p.hi, data.unit)})` : "")
            + (p.m ? ", modelled" : "") + (p.i ? ", imputed" : ""),
        }));
      }
    }
    const years = d3.range(first, last + 1);
    const step = Math.ceil(years.length / Math.max(2, Math.floor((width - right - 60) / 72)));
    const svg = report.drawing(Plot.plot({
      width, height, marginLeft: 66, marginRight: right, marginTop, marginBottom: 34,
      style: { fontSize: "13px", background: "none" },
      x: { domain: [first - 0.25, last + 0.25], ticks: years.filter((_, i) => i % step === 0), tickFormat: report.yearLabel, label: null, tickSize: 4 },
      y: { zero: true, nice: true, label: null, tickFormat: (v) => report.number(v, data.unit), ticks: 6, tickSize: 0 },
      color: { type: "identity" }, marks,
    }));
    const y = svg.scale ? svg.scale("y") : null;
    const x = svg.scale ? svg.scale("x") : null;
    if (y && x) {
      const ends = report.spread(groups.map((g) => ({ ...g, y: y.apply(g.last.y), x: x.apply(g.last.x) })), narrow ? 30 : 18);
      for (const end of ends) {
        const label = d3.select(svg).append("text").attr("x", width - right + 10).attr("y", end.y)
          .attr("fill", end.colour === report.colour.turquoise ? "#17726a" : end.colour).attr("font-size", 13).attr("font-weight", 600).attr("text-anchor", "start");
        report.wrap(end.name, narrow ? 9 : 17).forEach((line, i) => label.append("tspan").attr("x", width - right + 10).attr("dy", i ? 15 : 4).text(line));
      }
    }
    return [svg];
  };

  report.kinds.slope = (data, width) => {
    const drawn = Math.min(width, 560);
    const points = data.slopes.flatMap((s) => [{ l: s.l, x: 0, y: s.a }, { l: s.l, x: 1, y: s.b }]);
    return [report.drawing(Plot.plot({
      width: drawn, height: Math.max(260, data.slopes.length * 30), marginLeft: 90, marginRight: 150, style: { fontSize: "13px", background: "none" },
      x: { domain: [0, 1], ticks: [0, 1], tickFormat: (v) => (v ? "Now" : "Before"), label: null },
      y: { label: null, tickFormat: (v) => report.number(v, data.unit) },
      marks: [
        Plot.line(points, { x: "x", y: "y", z: "l", stroke: report.colour.blue, strokeWidth: 2 }),
        Plot.dot(points, { x: "x", y: "y", fill: report.colour.blue, r: 4 }),
        Plot.text(points.filter((p) => p.x === 1), { x: "x", y: "y", text: (p) => `${p.l}: ${report.number(p.y, data.unit)}`, dx: 10, textAnchor: "start", fill: report.colour.dark }),
      ],
    }))];
  };
})();
