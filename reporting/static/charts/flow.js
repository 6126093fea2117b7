// Budget lines to services to tiers, widths in pounds; on a narrow screen the same as ordered bars under each tier.
(() => {
  const { report } = window;
  const ORDER = ["primary", "secondary", "tertiary", "reactive", "enabling", "unclassified", "out_of_scope"];
  const tierOf = (id) => id.split(":")[1];
  const order = (id) => ORDER.indexOf(tierOf(id));
  const paint = (tier) => report.tiers[tier] || report.colour.grey;
  const NARROW = 680;

  report.kinds.flow = (data, width) => (width < NARROW ? bars(data, width) : sankey(data, width));

  function bars(data, width) {
    const label = new Map(data.nodes.map((n) => [n.id, n.l]));
    const into = d3.group(data.links, (l) => l.b);
    const whole = d3.sum(data.links.filter((l) => l.b.startsWith("tier")), (l) => l.v);
    const rows = [];
    for (const tier of d3.sort(data.nodes.filter((n) => n.id.startsWith("tier")), (n) => order(n.id))) {
      const services = d3.sort(into.get(tier.id) || [], (l) => -l.v);
      rows.push({ text: tier.l, value: d3.sum(services, (l) => l.v), tier: tierOf(tier.id), depth: 0 });
      for (const service of services) {
        const from = d3.sort(into.get(service.a) || [], (l) => -l.v).map((l) => label.get(l.a));
        rows.push({ text: label.get(service.a), from, value: service.v, tier: tierOf(tier.id), depth: 1 });
      }
    }
    const x = d3.scaleLinear().domain([0, d3.max(rows, (r) => r.value)]).range([0, width - 90]);
    let y = 4;
    const letters = Math.floor(width / 7.4);
    const heads = rows.map((r) => report.wrap(r.text, letters - 3, 2));
    const below = rows.map((r) => (r.depth ? report.wrap(`from ${r.from.join(", ")}`, letters + 3, 2) : []));
    const heightOf = (i) => heads[i].length * 16 + below[i].length * 14 + (rows[i].depth ? 22 : 30);
    const frame = report.frame(width, d3.sum(rows, (_, i) => heightOf(i)) + 8, { left: 0, right: 0, top: 0, bottom: 0 });
    report.hatch(frame.svg);
    rows.forEach((r, i) => {
      const indent = r.depth * 14;
      const wide = Math.max(1, x(r.value) * (1 - indent / width));
      heads[i].forEach((line, n) => report.text(frame.svg, indent, y + 10 + n * 16, line, { fill: report.colour.dark, "font-weight": r.depth ? 400 : 600 }));
      below[i].forEach((line, n) => report.text(frame.svg, indent, y + 10 + heads[i].length * 16 + n * 14, line, { "font-size": 12 }));
      const at = y + 4 + heads[i].length * 16 + below[i].length * 14;
      frame.svg.append("rect").attr("x", indent).attr("y", at).attr("height", r.depth ? 9 : 14).attr("width", wide).attr("fill", paint(r.tier)).attr("fill-opacity", r.depth ? 0.6 : 1);
      report.text(frame.svg, indent + wide + 6, at + (r.depth ? 5 : 8), report.number(r.value, "£m", true), { fill: report.colour.dark });
      y += heightOf(i);
    });
    return [report.note(`Ordered by what the money is for, ${report.number(whole, "£m", true)} in all; under each, its services and the lines they come from.`), frame.svg.node()];
  }

  function sankey(data, width) {
    const columns = d3.rollup(data.nodes, (v) => v.length, (n) => n.id.split(":")[0]);
    const height = report.isOnPaper ? 30 + 18 * d3.max(columns.values()) : Math.max(420, 36 * d3.max(columns.values()));
    const lean = leaning(data);
    const index = new Map(data.nodes.map((n, i) => [n.id, i]));
    const graph = d3.sankey().nodeWidth(12).nodePadding(report.isOnPaper ? 11 : 16).nodeAlign(d3.sankeyLeft).extent([[4, 26], [width - 4, height - 8]])
      .nodeSort((a, b) => lean.get(a.id) - lean.get(b.id) || b.value - a.value)({
        nodes: data.nodes.map((n) => ({ ...n })),
        links: data.links.map((l) => ({ source: index.get(l.a), target: index.get(l.b), value: l.v })),
      });
    const frame = report.frame(width, height, { left: 4, right: 4, top: 26, bottom: 8 });
    report.hatch(frame.svg);
    const endOf = (link) => tierOf(link.target.id.startsWith("tier") ? link.target.id : d3.greatest(link.target.sourceLinks, (l) => l.value).target.id);
    const links = frame.svg.append("g").attr("fill", "none");
    for (const l of graph.links) {
      const tier = endOf(l);
      const path = links.append("path").attr("d", d3.sankeyLinkHorizontal()(l)).attr("stroke", tier === "unclassified" ? report.colour.grey : paint(tier)).attr("stroke-opacity", 0.34).attr("stroke-width", Math.max(1, l.width));
      report.tip(path, `${l.source.l} → ${l.target.l}: ${report.number(l.value, "£m", true)}`);
    }
    // Services are written to the right of their box and tiers to the left: both share one gap, so each has its part.
    const gap = (width - 8) / 2 - 40;
    const text = "Care assessment, care management and safeguarding £19.8m";
    const letter = report.widthOf(text) / text.length;
    const letters = { line: Math.floor(gap / letter), service: Math.floor(gap * 0.54 / letter), tier: Math.floor(gap * 0.42 / letter) };
    for (const n of graph.nodes) {
      const kind = n.id.split(":")[0];
      const isLast = kind === "tier";
      const box = frame.svg.append("rect").attr("x", n.x0).attr("y", n.y0).attr("width", n.x1 - n.x0).attr("height", Math.max(1, n.y1 - n.y0)).attr("fill", isLast ? paint(tierOf(n.id)) : report.colour.dark);
      report.tip(box, `${n.l}: ${report.number(n.value, "£m", true)}`);
      const amount = report.number(n.value, "£m", true);
      const lines = report.wrap(n.l, letters[kind] - amount.length - 1, n.y1 - n.y0 > 26 ? 2 : 1);
      lines[lines.length - 1] += ` ${amount}`;
      lines.forEach((line, i) => report.text(frame.svg, isLast ? n.x0 - 8 : n.x1 + 8, (n.y0 + n.y1) / 2 + (i - (lines.length - 1) / 2) * 15, line, {
        "text-anchor": isLast ? "end" : "start", fill: report.colour.dark, stroke: report.colour.paper, "stroke-width": 3, "paint-order": "stroke",
      }));
    }
    const heads = [["line", "start", "Budget lines"], ["service", "start", "Services"], ["tier", "end", "What it is for"]];
    for (const [kind, anchor, text] of heads) {
      const some = graph.nodes.find((n) => n.id.startsWith(kind));
      if (some) report.text(frame.svg, anchor === "end" ? some.x1 : some.x0, 10, text, { "text-anchor": anchor, "font-weight": 600 });
    }
    return [frame.svg.node()];
  }

  // Where a node's money ends up on average, so that lines and services stand in the order of the tiers.
  function leaning(data) {
    const lean = new Map(data.nodes.filter((n) => n.id.startsWith("tier")).map((n) => [n.id, order(n.id)]));
    for (const kind of ["service", "line"]) {
      const out = d3.group(data.links.filter((l) => l.a.startsWith(kind)), (l) => l.a);
      for (const [id, links] of out) lean.set(id, d3.sum(links, (l) => l.v * lean.get(l.b)) / d3.sum(links, (l) => l.v));
    }
    return lean;
  }
})();
