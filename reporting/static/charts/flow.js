// Budget lines to services to tiers, widths in pounds.
(() => {
  const { report } = window;

  report.kinds.flow = (data, width) => {
    const drawn = Math.max(width, 760);
    const columns = d3.rollup(data.nodes, (v) => v.length, (n) => n.id.split(":")[0]);
    const height = Math.max(420, 34 * d3.max(columns.values()));
    const lean = leaning(data);
    const index = new Map(data.nodes.map((n, i) => [n.id, i]));
    const layout = d3.sankey().nodeWidth(12).nodePadding(14).nodeAlign(d3.sankeyLeft)
      .extent([[4, 26], [drawn - 4, height - 8]])
      .nodeSort((a, b) => lean.get(a.id) - lean.get(b.id) || b.value - a.value);
    const graph = layout({
      nodes: data.nodes.map((n) => ({ ...n })),
      links: data.links.map((l) => ({ source: index.get(l.a), target: index.get(l.b), value: l.v })),
    });
    // Tiers stand in the last column whatever the shape of the rest.
    const svg = d3.create("svg").attr("width", drawn).attr("height", height).attr("viewBox", `0 0 ${drawn} ${height}`).attr("font-size", 13);
    report.hatch(svg.node());
    const tierOf = (link) => (link.target.id.startsWith("tier") ? link.target.id : dominant(link.target)).split(":")[1];
    const paint = (tier) => report.tiers[tier] || "#6f7378";
    svg.append("g").attr("fill", "none").selectAll("path").data(graph.links).join("path")
      .attr("class", "flow-link").attr("d", d3.sankeyLinkHorizontal())
      .attr("stroke", (l) => (tierOf(l) === "unclassified" ? "#85898e" : paint(tierOf(l)))).attr("stroke-opacity", 0.34)
      .attr("stroke-width", (l) => Math.max(1, l.width))
      .append("title").text((l) => `${l.source.l} → ${l.target.l}: ${report.number(l.value, "£m")}`);
    const node = svg.append("g").selectAll("g").data(graph.nodes).join("g");
    node.append("rect").attr("x", (n) => n.x0).attr("y", (n) => n.y0).attr("width", (n) => n.x1 - n.x0)
      .attr("height", (n) => Math.max(1, n.y1 - n.y0))
      .attr("fill", (n) => (n.id.startsWith("tier") ? paint(n.id.split(":")[1]) : report.colour.dark))
      .append("title").text((n) => `${n.l}: ${report.number(n.value, "£m")}`);
    node.append("text").attr("y", (n) => (n.y0 + n.y1) / 2).attr("fill", "#1c1d1f").attr("paint-order", "stroke").attr("stroke", "#fff").attr("stroke-width", 3)
      .attr("text-anchor", (n) => (n.x1 > drawn - 40 ? "end" : "start"))
      .each(function (n) {
        const x = n.x1 > drawn - 40 ? n.x0 - 8 : n.x1 + 8;
        const text = d3.select(this);
        const room = n.y1 - n.y0 > 26 ? 2 : 1;
        const lines = report.wrap(n.l, 34, room);
        lines[lines.length - 1] += ` ${report.number(n.value, "£m")}`;
        lines.forEach((line, i) => text.append("tspan").attr("x", x).attr("dy", i ? 16 : lines.length > 1 ? -4 : 4).text(line));
      });
    const heads = svg.append("g").attr("fill", report.colour.text).attr("font-weight", 600);
    const places = [["line", 4, "start", "Budget lines"], ["service", null, "start", "Services"], ["tier", drawn - 4, "end", "What it is for"]];
    for (const [kind, x, anchor, text] of places) {
      const some = graph.nodes.find((n) => n.id.startsWith(kind));
      if (some) heads.append("text").attr("x", x === null ? some.x0 : x).attr("y", 14).attr("text-anchor", anchor).text(text);
    }
    return [report.drawing(svg.node())];
  };

  // Where a node's money ends up on average, so that lines and services stand in the order of the tiers.
  function leaning(data) {
    const lean = new Map(data.nodes.filter((n) => n.id.startsWith("tier")).map((n) => [n.id, order(n.id)]));
    for (const kind of ["service", "line"]) {
      const out = d3.group(data.links.filter((l) => l.a.startsWith(kind)), (l) => l.a);
      for (const [id, links] of out) lean.set(id, d3.sum(links, (l) => l.v * lean.get(l.b)) / d3.sum(links, (l) => l.v));
    }
    return lean;
  }

  const ORDER = ["primary", "secondary", "tertiary", "reactive", "enabling", "unclassified", "out_of_scope"];
  const order = (id) => ORDER.indexOf(id.split(":")[1]);
  const dominant = (service) => d3.greatest(service.sourceLinks, (l) => l.value).target.id;
})();
