// Councils among councils: strips, the funnel, spend beside admissions. Chosen councils in colour, the rest grey.
(() => {
  const { report } = window;
  const unitOf = (measure) => (/_share$|_percent$/.test(measure) ? "%" : /_per_100k$/.test(measure) ? "" : measure.includes("per_head") ? "£" : measure.endsWith("_gbp") ? "£m" : "");
  const scaleOf = (measure) => (measure.endsWith("_share") ? 100 : measure.endsWith("_gbp") && !measure.includes("per_head") ? 1e-6 : 1);
  const isChosen = (code, own) => code === own || report.chosen.has(code);

  // The scale fits all but the farthest councils; those stand at its edge, marked and named.
  function fitted(values) {
    const sorted = d3.sort(values);
    const [low, high] = d3.extent(sorted);
    const [q1, q3] = [d3.quantile(sorted, 0.25), d3.quantile(sorted, 0.75)];
    const far = 4 * (q3 - q1);
    return far > 0 ? [Math.max(low, q1 - far), Math.min(high, q3 + far)] : [low, high];
  }

  report.kinds.strips = (data, width, shared) => {
    const nodes = [];
    const regions = new Set();
    if (!shared) return nodes;
    const narrow = width < 560;
    for (const [measure, label, year] of data.measures) {
      const unit = unitOf(measure);
      const values = ((shared[measure] || {})[year] || []).map(([code, name, region, value]) => ({ code, name, region, value: Number(value) * scaleOf(measure) }));
      if (!values.length) continue;
      const [low, high] = fitted(values.map((v) => v.value));
      const own = d3.sort(values.filter((v) => isChosen(v.code, data.council)), (v) => v.value);
      own.forEach((v) => regions.add(v.region));
      const beyond = values.filter((v) => v.value < low || v.value > high);
      // Each label has a lane of its own where it would cover another.
      const x = d3.scaleLinear().domain([low, high]).nice().range([18, width - 18]).clamp(true);
      const lanes = [];
      const named = own.map((v) => {
        const text = `${v.name} ${report.number(v.value, unit)}`;
        const wide = report.widthOf(text, 600) + 4;
        const middle = Math.max(wide / 2 + 2, Math.min(width - wide / 2 - 2, x(v.value)));
        let lane = lanes.findIndex((end) => end < middle - wide / 2 - 8);
        if (lane < 0) lane = lanes.push(-Infinity) - 1;
        lanes[lane] = middle + wide / 2;
        return { v, text, middle, lane };
      });
      const head = lanes.length * 18 + 6;
      const frame = report.frame(width, head + 50, { left: 18, right: 18, top: head, bottom: 24 });
      const middle = d3.median(values, (v) => v.value);
      report.xAxis(frame, x, x.ticks(narrow ? 4 : 8), (v) => report.number(v, unit));
      for (const v of values) {
        const near = regions.has(v.region) && own.some((o) => o.region === v.region);
        const tick = frame.svg.append("line").attr("x1", x(v.value)).attr("x2", x(v.value)).attr("y1", frame.top + 3).attr("y2", frame.bottom)
          .attr("stroke", near ? report.colour.turquoise : report.colour.grey).attr("stroke-width", near ? 2.5 : 1.5).attr("stroke-opacity", near ? 1 : 0.6);
        report.tip(tick, `${v.name}${near ? ` (${v.region})` : ""}: ${report.number(v.value, unit)}`);
      }
      frame.svg.append("line").attr("x1", x(middle)).attr("x2", x(middle)).attr("y1", frame.top).attr("y2", frame.bottom).attr("stroke", report.colour.dark).attr("stroke-width", 3);
      for (const v of beyond.filter((b) => !own.includes(b))) report.tip(report.mark(frame.svg, "triangle", x(v.value), frame.top + 12, 4, report.colour.dark), `${v.name}: ${report.number(v.value, unit)}, beyond the scale`);
      for (const { v, text, middle: at, lane } of named) {
        const up = (lanes.length - 1 - lane) * 18 + 8;
        frame.svg.append("line").attr("x1", x(v.value)).attr("x2", x(v.value)).attr("y1", up + 8).attr("y2", (frame.top + frame.bottom) / 2).attr("stroke", report.colour.pink).attr("stroke-width", 1);
        report.mark(frame.svg, beyond.includes(v) ? "triangle" : "circle", x(v.value), (frame.top + frame.bottom) / 2, 6, report.colour.pink, report.colour.paper);
        report.text(frame.svg, at, up, text, { "text-anchor": "middle", fill: report.colour.pink, "font-weight": 600, stroke: report.colour.paper, "stroke-width": 4, "paint-order": "stroke" });
      }
      const title = document.createElement("p");
      title.className = "strip-label";
      title.textContent = `${label}, ${year}`;
      nodes.push(title, frame.svg.node());
      if (beyond.length) nodes.push(report.note(`Beyond the scale, at its edge: ${beyond.slice(0, 6).map((v) => `${v.name} ${report.number(v.value, unit)}`).join(", ")}${beyond.length > 6 ? ` and ${beyond.length - 6} more` : ""}.`));
    }
    const items = [{ label: "middle council", swatch: report.swatch(report.colour.dark, "line") }];
    if (regions.size) items.push({ label: `same region (${[...regions].sort().join(", ")})`, swatch: report.swatch(report.colour.turquoise, "line") });
    items.push({ label: "other councils", swatch: report.swatch(report.colour.grey, "line") });
    nodes.unshift(report.legend(items));
    return nodes;
  };

  // A cloud of councils with names for the chosen ones, else for those outside; who found no room is listed below it.
  function cloud(frame, points, x, y, titleOf, names, held = []) {
    for (const p of points) {
      const node = report.mark(frame.svg, p.shape, x(p.x), y(p.y), p.r, p.fill, p.stroke);
      report.tip(node, titleOf(p));
    }
    const blocked = held.concat(points.filter((p) => p.own).map((p) => ({ x0: x(p.x) - 7, x1: x(p.x) + 7, y0: y(p.y) - 7, y1: y(p.y) + 7 })));
    return report.labels(frame, names.map((p) => ({ x: x(p.x), y: y(p.y), text: p.l })), blocked);
  }

  report.kinds.funnel = (data, width, shared) => {
    const full = shared ? { ...shared, council: data.council } : data;
    if (!full.points) return [];
    const narrow = width < 560;
    const own = full.points.filter((p) => isChosen(p.c, full.council));
    const outside = d3.sort(full.points.filter((p) => p.o && !own.includes(p)), (p) => -Math.abs(p.y - full.england));
    const frame = report.frame(width, narrow ? 340 : 440, { left: 52, right: narrow ? 20 : 100, top: 26, bottom: 46 });
    const [, high] = fitted(full.points.map((p) => p.y));
    const x = d3.scaleLinear().domain([0, d3.max(full.points, (p) => p.x)]).nice().range([frame.left, frame.right]);
    const y = d3.scaleLinear().domain([0, high * 1.08]).range([frame.bottom, frame.top]).clamp(true);
    report.yAxis(frame, y, (v) => report.number(v, ""));
    report.xAxis(frame, x, x.ticks(narrow ? 4 : 8), (v) => (v >= 1000 ? `${v / 1000}k` : `${v}`));
    report.text(frame.svg, frame.left - 44, 10, "↑ Admissions per 100,000");
    report.text(frame.svg, frame.right, frame.height - 8, "People aged 65 and over →", { "text-anchor": "end" });
    const clip = `funnel-${Math.round(width)}-${full.council || "all"}`;
    frame.svg.append("clipPath").attr("id", clip).append("rect").attr("x", frame.left).attr("y", frame.top).attr("width", frame.right - frame.left).attr("height", frame.bottom - frame.top);
    const free = y.copy().clamp(false);
    const limits = (key, dash, opacity = 0.8) => {
      const drawn = full.limits.filter((l) => l[key] !== null && l[key] !== undefined);
      if (!drawn.length) return;
      frame.svg.append("path").attr("clip-path", `url(#${clip})`).attr("d", d3.line().curve(d3.curveMonotoneX).x((l) => x(l.n)).y((l) => free(l[key]))(drawn))
        .attr("fill", "none").attr("stroke", report.colour.dark).attr("stroke-opacity", opacity).attr("stroke-dasharray", dash);
    };
    for (const side of ["lower", "upper"]) { limits(`${side}95`, "5 4"); limits(`${side}998`, null); limits(`${side}Chance`, "1 3", 0.9); }
    frame.svg.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", y(full.england)).attr("y2", y(full.england)).attr("stroke", report.colour.blue).attr("stroke-width", 1.5);
    const national = `England ${report.number(full.england, "")}`;
    const taken = narrow ? [{ x0: frame.right - report.widthOf(national), x1: frame.right, y0: y(full.england) - 17, y1: y(full.england) }] : [];
    report.text(frame.svg, narrow ? frame.right : frame.right + 6, y(full.england) + (narrow ? -9 : 0), national, { fill: report.colour.blue, "text-anchor": narrow ? "end" : "start", stroke: report.colour.paper, "stroke-width": 4, "paint-order": "stroke" });
    const points = full.points.map((p) => {
      const mine = own.includes(p);
      const shape = p.o ? "triangle" : "circle";
      return { ...p, own: mine, shape, r: mine ? 7 : p.o ? 4.5 : 3.5, fill: mine || (p.o && !own.length) ? report.colour.pink : report.colour.grey, stroke: mine ? report.colour.paper : null };
    });
    const title = (p) => `${p.l}: ${report.number(p.y, "")} per 100,000${p.y > y.domain()[1] ? ", beyond the scale" : ""}`;
    const left = cloud(frame, d3.sort(points, (p) => p.own), x, y, title, own.length ? own : outside, taken);
    const items = [
      { label: full.limits[0] && full.limits[0].upperChance != null ? "95% of the usual spread between councils" : "95% limits", swatch: report.swatch(report.colour.dark, "dashed") },
      { label: full.limits[0] && full.limits[0].upperChance != null ? "99.8% of that spread" : "99.8% limits", swatch: report.swatch(report.colour.dark, "line") },
    ];
    if (full.limits[0] && full.limits[0].upperChance != null) items.push({ label: "what chance alone would give (95%, Poisson)", swatch: report.swatch(report.colour.dark, "dotted") });
    items.push({ label: "outside 99.8%", swatch: report.swatch(own.length ? report.colour.grey : report.colour.pink, "triangle") });
    const nodes = [report.legend(items), frame.svg.node()];
    if (left.length) nodes.push(report.note(`${own.length ? "Also chosen" : "Also outside"}, without room for a name: ${left.join(", ")}.`));
    return nodes;
  };

  report.kinds.scatter = (data, width) => {
    const narrow = width < 560;
    const own = data.points.filter((p) => isChosen(p.c, null));
    const frame = report.frame(width, narrow ? 340 : 440, { left: 52, right: 20, top: 26, bottom: 46 });
    const high = (pick) => fitted(data.points.map(pick))[1] * 1.05;
    const x = d3.scaleLinear().domain([Math.min(0, d3.min(data.points, (p) => p.x)), high((p) => p.x)]).nice().range([frame.left, frame.right]).clamp(true);
    const y = d3.scaleLinear().domain([0, high((p) => p.y)]).nice().range([frame.bottom, frame.top]).clamp(true);
    report.yAxis(frame, y, (v) => report.number(v, ""));
    report.xAxis(frame, x, x.ticks(narrow ? 4 : 8), (v) => report.number(v, "£"));
    report.text(frame.svg, frame.left - 44, 10, "↑ Admissions per 100,000");
    report.text(frame.svg, frame.right, frame.height - 8, "£ per person 65+ →", { "text-anchor": "end" });
    const middle = frame.svg.append("g").attr("stroke", report.colour.dark).attr("stroke-dasharray", "2 3");
    middle.append("line").attr("x1", x(data.mx)).attr("x2", x(data.mx)).attr("y1", frame.top).attr("y2", frame.bottom);
    middle.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", y(data.my)).attr("y2", y(data.my));
    const beyond = (p) => p.x > x.domain()[1] || p.y > y.domain()[1];
    const points = data.points.map((p) => {
      const mine = own.includes(p);
      const near = own.some((o) => o.r === p.r);
      return { ...p, own: mine, shape: beyond(p) ? "triangle" : "circle", r: mine ? 7 : 4, fill: mine ? report.colour.pink : near ? report.colour.turquoise : report.colour.paper, stroke: mine ? report.colour.paper : near ? null : report.colour.grey };
    });
    const title = (p) => `${p.l}: ${report.number(p.x, "£", true)} per person, ${report.number(p.y, "")} per 100,000${beyond(p) ? ", beyond the scale" : ""}`;
    const left = cloud(frame, d3.sort(points, (p) => p.own), x, y, title, own);
    const off = points.filter(beyond);
    const nodes = [frame.svg.node()];
    if (left.length) nodes.push(report.note(`Also chosen, without room for a name: ${left.join(", ")}.`));
    if (off.length) nodes.push(report.note(`Beyond the scale, drawn as triangles at its edge: ${off.slice(0, 8).map((p) => p.l).join(", ")}${off.length > 8 ? ` and ${off.length - 8} more` : ""}.`));
    return nodes;
  };
})();
