// A council's page in another year than the one that opens it: the profile, the tables, the flow and the funnel. Their
// data are fetched when a year is first chosen; what is of the year that opens the page alone is put away meanwhile.
(() => {
  const root = document.body.dataset.root;
  const code = document.body.dataset.council;
  const NAMES = ["profile", "perimeters", "tiers"];
  const boxOf = (name) => { const table = document.getElementById(name); return table && table.closest(".table-box"); };
  const first = new Map(NAMES.map((name) => [name, boxOf(name)]).filter(([, box]) => box));
  const figure = (id) => document.querySelector(`figure.chart#${id}`);
  const flow = figure("flow");
  const flowAsOpened = flow && {
    subtitle: flow.querySelector(".subtitle").textContent, note: flow.querySelector(".note:not(.plot .note)").textContent,
    label: flow.querySelector(".plot").getAttribute("aria-label"), under: flow.querySelector(".table-under").cloneNode(true),
  };
  const funnel = figure("funnel");
  const funnelAsOpened = funnel && { subtitle: funnel.querySelector(".subtitle").textContent, label: funnel.querySelector(".plot").getAttribute("aria-label") };
  let asked = 0;

  const redraw = (drawing) => { if (window.report && window.report.draw && !drawing.hidden) window.report.draw(drawing); };

  function place(name, box) {
    const there = boxOf(name);
    if (there && box && there !== box) there.replaceWith(box);
  }

  function showTables(held) {
    for (const [name, asOpened] of first) {
      const table = held && held[name];
      if (!held) place(name, asOpened);
      else if (table) {
        const made = document.createElement("template");
        made.innerHTML = window.reportTables.unpack(table, held.texts);
        place(name, made.content.firstChild);
      }
      boxOf(name).parentElement.hidden = Boolean(held) && !table;
    }
    document.dispatchEvent(new CustomEvent("profile-replaced"));
  }

  function showFlow(held) {
    if (!flow) return;
    const { texts } = held || {};
    const now = held && held.flow;
    flow.hidden = Boolean(held) && !now;
    const under = flow.querySelector(".table-under");
    flow.querySelector(".subtitle").textContent = now ? texts[now.subtitle] : flowAsOpened.subtitle;
    flow.querySelector(".note:not(.plot .note)").textContent = now ? texts[now.note] : flowAsOpened.note;
    flow.querySelector(".plot").setAttribute("aria-label", now ? texts[now.alt] : flowAsOpened.label);
    flow.reportData = now ? { nodes: now.nodes, links: now.links } : undefined;
    if (now) {
      const summary = under.querySelector("summary");
      under.replaceChildren(summary);
      summary.insertAdjacentHTML("afterend", window.reportTables.unpack(now.table, texts));
    } else if (under.dataset.isOfYear) under.replaceWith(flowAsOpened.under.cloneNode(true));
    if (now) under.dataset.isOfYear = "yes";
    redraw(flow);
  }

  async function showFunnel({ titleOf, isDefault }) {
    if (!funnel) return;
    const year = isDefault ? "" : titleOf(funnel) && titleOf(funnel).dataset.year;
    const own = funnelAsOpened.subtitle.match(/\d{4}-\d{2}/)[0];
    if (isDefault || year === own || !year) {
      funnel.reportData = undefined;
      funnel.querySelector(".subtitle").textContent = funnelAsOpened.subtitle;
      if (isDefault) funnel.querySelector(".plot").setAttribute("aria-label", funnelAsOpened.label);
    } else {
      const all = await window.reportTables.load("compare");
      const rates = all && all.years[year];
      funnel.hidden = !rates || !rates.limits.length;
      if (funnel.hidden) return;
      const points = Object.entries(rates.rates).filter(([one, [rate, people]]) => rate !== null && people && all.councils[one])
        .map(([one, [rate, people, isOutside]]) => ({ c: one, l: all.councils[one][0], r: all.councils[one][1], x: people, y: rate, o: isOutside }));
      funnel.reportData = { points, limits: rates.limits, england: rates.england, council: code };
      funnel.querySelector(".subtitle").textContent = funnelAsOpened.subtitle.replace(own, year);
    }
    redraw(funnel);
  }

  document.addEventListener("period", async ({ detail }) => {
    const turn = (asked += 1);
    document.querySelectorAll("[data-opening-year]").forEach((part) => { part.hidden = !detail.isDefault; });
    showFunnel(detail);
    if (detail.isDefault) { showTables(null); showFlow(null); return; }
    const years = await window.reportTables.load(`years-${code}`);
    if (turn !== asked) return;
    const held = years && years.periods[`${detail.statement} ${detail.year}`];
    if (!held) return;
    showTables({ ...held, texts: years.texts });
    showFlow({ ...held, texts: years.texts });
    document.body.dataset.shown = `${detail.statement}-${detail.year}`;
  });

  // The file of a table follows what the table shows.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".standing-table .source a[download]");
    const table = link && link.closest(".standing-table").querySelector("table");
    if (!table || !first.has(table.id) || table.closest(".table-box") === first.get(table.id)) return;
    window.reportTables.save(table, `${code}-${table.id}-${document.body.dataset.shown}.csv`);
    event.preventDefault();
  });
})();
