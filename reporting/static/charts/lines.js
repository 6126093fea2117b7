// Lines over years with a band from low to high, breaks left open; and slopes between two publications.
(() => {
  const { report } = window;

  function styleOf(name) {
    if (name === "England") return report.colour.text;
    return name.startsWith("Wide") || name.endsWith("prices") ? report.colour.blue : report.colour.turquoise;
  }

  // Runs of years that may be joined: a year that is not held, and a break in the series, part them.
  function runsOf(points, gaps) {
    const runs = [];
    points.forEach((point, i) => {
      const before = points[i - 1];
      const joined = before && point.x - before.x <= 1 && !gaps.some((g) => g > before.x && g <= point.x);
      if (joined) runs[runs.length - 1].push(point); else runs.push([point]);
    });
    return runs;
  }

  const hasRange = (p) => p.lo !== null && p.hi !== null && p.lo !== undefined && p.hi !== undefined;

  function said(point, name, unit) {
    const range = hasRange(point) ? ` (between ${report.number(point.lo, unit, point.m)} and ${report.number(point.hi, unit, point.m)})` : "";
    return `${name}, ${report.yearLabel(point.x)}: ${report.number(point.y, unit, point.m)}${range}${point.m ? ", modelled" : ""}${point.i ? ", imputed" : ""}`;
  }

  // The words of breaks, one above the other where they would cover each other, and the height they need in all.
  function breakWords(breaks, x, right, letters) {
    const lanes = [];
    const placed = breaks.map((b) => {
      const lines = report.wrap(b.l, letters, 3);
      const at = x(b.x - 0.5);
      const wide = d3.max(lines, (line) => report.widthOf(line));
      const anchor = at > right - 30 ? "end" : "middle";
      const start = anchor === "end" ? at - wide : at - wide / 2;
      let lane = lanes.findIndex((held) => held.end < start - 6);
      if (lane < 0) lane = lanes.push({ end: -Infinity, height: 0 }) - 1;
      lanes[lane].end = start + wide;
      lanes[lane].height = Math.max(lanes[lane].height, lines.length * 15);
      return { lines, at, anchor, lane };
    });
    const below = (lane) => d3.sum(lanes.slice(0, lane), (held) => held.height);
    return { placed: placed.map((b) => ({ ...b, up: below(b.lane) })), height: below(lanes.length) };
  }

  report.kinds["band-lines"] = (data, width) => {
    const narrow = width < 560;
    const breaks = data.breaks || [];
    const gaps = breaks.filter((b) => b.gap).map((b) => b.x);
    const groups = d3.groups(data.points, (p) => p.s).map(([name, points]) => {
      const sorted = d3.sort(points, (p) => p.x);
      return { name, points: sorted, runs: runsOf(sorted, gaps), last: sorted[sorted.length - 1], colour: styleOf(name), outturn: name.endsWith("outturn") };
    });
    const [first, last] = d3.extent(data.points, (p) => p.x);
    // Names stand at the right edge, in lines of whole words that have room there.
    const names = new Map(groups.map((g) => [g.name, report.wrap(g.name, narrow ? 10 : 22, 3)]));
    const longest = d3.max([...names.values()].flat(), (line) => report.widthOf(line, 600));
    const edges = { left: 66, right: Math.max(narrow ? 84 : 140, longest + 12) };
    const x = d3.scaleLinear().domain([first - 0.25, last + 0.25]).range([edges.left, width - edges.right]);
    const above = breakWords(breaks, x, width - edges.right, narrow ? 12 : 16);
    const frame = report.frame(width, report.isOnPaper ? 180 : narrow ? 300 : 380, { ...edges, top: above.height + 16, bottom: 34 });
    const top = d3.max(data.points, (p) => (hasRange(p) ? Math.max(p.hi, p.y) : p.y));
    const bottom = Math.min(0, d3.min(data.points, (p) => (hasRange(p) ? Math.min(p.lo, p.y) : p.y)));
    const y = d3.scaleLinear().domain([bottom, top || 1]).nice(6).range([frame.bottom, frame.top]);
    report.yAxis(frame, y, (v) => report.number(v, data.unit));
    const years = d3.range(first, last + 1);
    const step = Math.max(1, Math.ceil(years.length / Math.max(2, Math.floor((frame.right - frame.left) / 72))));
    report.xAxis(frame, x, years.filter((_, i) => i % step === 0), report.yearLabel);
    // A break's words stand above the box and its line begins below them.
    for (const b of above.placed) {
      b.lines.forEach((line, i) => report.text(frame.svg, b.at, frame.top - 10 - b.up - (b.lines.length - 1 - i) * 15, line, { "text-anchor": b.anchor }));
      frame.svg.append("line").attr("x1", b.at).attr("x2", b.at).attr("y1", frame.top - b.up).attr("y2", frame.bottom).attr("stroke", report.colour.dark).attr("stroke-dasharray", "2 3");
    }
    const band = d3.area().x((p) => x(p.x)).y0((p) => y(p.lo)).y1((p) => y(p.hi));
    const line = d3.line().x((p) => x(p.x)).y((p) => y(p.y));
    for (const g of groups) {
      for (const run of g.runs) {
        const ranged = run.filter(hasRange);
        if (ranged.length > 1) frame.svg.append("path").attr("d", band(ranged)).attr("fill", g.colour).attr("fill-opacity", 0.14);
        // A year on its own has no line and no band: its range is a whisker.
        else for (const p of ranged) frame.svg.append("line").attr("x1", x(p.x)).attr("x2", x(p.x)).attr("y1", y(p.lo)).attr("y2", y(p.hi)).attr("stroke", g.colour).attr("stroke-width", 5).attr("stroke-opacity", 0.25);
      }
    }
    for (const g of groups) {
      const place = frame.svg.append("g").attr("aria-label", "line");
      for (const run of g.runs) {
        place.append("path").attr("d", line(run)).attr("fill", "none").attr("stroke", g.colour).attr("stroke-width", 2.25).attr("stroke-dasharray", run.some((p) => p.m) ? "6 3" : null);
      }
      for (const p of g.points) {
        const shape = p.i ? "diamond" : g.outturn ? "square" : "circle";
        report.tip(report.mark(frame.svg, shape, x(p.x), y(p.y), narrow ? 3.5 : 4.5, p.m ? report.colour.paper : g.colour, g.colour), said(p, g.name, data.unit));
      }
    }
    // Names stand at the right edge, where a line that ends earlier is led to its name by a thin line.
    const gap = 3 + 15 * Math.max(narrow ? 2 : 1, d3.max([...names.values()], (lines) => lines.length));
    for (const end of report.spread(groups.map((g) => ({ ...g, y: y(g.last.y), at: y(g.last.y) })), gap, frame.bottom - 4)) {
      const from = x(end.last.x);
      if (frame.right - from > 24) frame.svg.append("line").attr("x1", from + 8).attr("y1", end.at).attr("x2", frame.right + 4).attr("y2", end.y).attr("stroke", end.colour).attr("stroke-opacity", 0.6).attr("stroke-dasharray", "1 3");
      const name = names.get(end.name);
      name.forEach((part, i) => report.text(frame.svg, frame.right + 10, end.y + (i - (name.length - 1) / 2) * 15, part, { fill: end.colour === report.colour.turquoise ? "var(--turquoise-text)" : end.colour, "font-weight": 600 }));
    }
    return [frame.svg.node()];
  };

  report.kinds.slope = (data, width) => {
    const frame = report.frame(Math.min(width, 560), Math.max(260, data.slopes.length * 30), { left: 90, right: 170, top: 30, bottom: 12 });
    const values = data.slopes.flatMap((s) => [s.a, s.b]);
    const y = d3.scaleLinear().domain([Math.min(0, d3.min(values)), d3.max(values)]).nice().range([frame.bottom, frame.top]);
    report.yAxis(frame, y, (v) => report.number(v, data.unit));
    report.text(frame.svg, frame.left, 12, "Before", { "text-anchor": "middle" });
    report.text(frame.svg, frame.right, 12, "Now", { "text-anchor": "middle" });
    for (const s of data.slopes) {
      frame.svg.append("line").attr("x1", frame.left).attr("y1", y(s.a)).attr("x2", frame.right).attr("y2", y(s.b)).attr("stroke", report.colour.blue).attr("stroke-width", 2);
      report.mark(frame.svg, "circle", frame.left, y(s.a), 4, report.colour.blue);
      report.mark(frame.svg, "circle", frame.right, y(s.b), 4, report.colour.blue);
    }
    for (const end of report.spread(data.slopes.map((s) => ({ ...s, y: y(s.b) })), 17, frame.bottom)) {
      report.text(frame.svg, frame.right + 10, end.y, `${end.l}: ${report.number(end.b, data.unit, true)}`, { fill: report.colour.dark });
    }
    return [frame.svg.node()];
  };
})();
