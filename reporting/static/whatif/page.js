// What if: a reader changes what lines of a council, or of all councils, are spent on; pounds, range and place move at
// once. Of England each council's line is split by itself, to its own penny, and the parts are added up.
// Nothing is sent anywhere. The address keeps the changes; a service map takes them to the warehouse.
(() => {
  const data = window.reportData && Object.values(window.reportData).find((d) => d && d.services && d.lines);
  const root = document.getElementById("what-if");
  if (!data || !root) return;
  const { apportion } = globalThis;
  const lines = data.lines.map(([code, name, pence, services, bounds, each, rules]) => ({
    code, name, pence: BigInt(pence), each: (each || [pence]).map(BigInt), rules, services: Object.entries(services).map(([s, v]) => [s, BigInt(v)]),
    bounds: Object.fromEntries(Object.entries(bounds).map(([p, v]) => [p, v.map(BigInt)])),
  }));
  const byCode = new Map(lines.map((l) => [l.code, l]));
  const nameOf = (service) => (data.services[service] ? data.services[service][0] : service);
  const PLACES = Object.keys(apportion.PERIMETERS);
  // A service that nobody can name a purpose of, such as a total that is not broken down, is none that a map can hold:
  // what a line does not give to the others is not classified, here as in the warehouse.
  const isOffered = (service) => ((data.services[service] || [])[2] || []).some(([tier]) => tier !== "unclassified");
  // code → {rows: [[service, percent]], points, reason}; service → [[tier, percent]].
  let changes = new Map();
  let tiers = new Map();
  let reason = "";

  // The shares a line has now: its rules of the desk baseline, or else what it gave, as per cent with two places,
  // brought to the whole they had before rounding.
  function sharesNow(line) {
    if (line.rules) return line.rules.filter(([service]) => data.services[service]).map(([service, share]) => [service, share]);
    if (line.pence === 0n) return [];
    const named = line.services.filter(([s]) => s !== "unclassified" && data.services[s]);
    const hundredths = named.map(([service, v]) => ({ service, weight: v * (line.pence < 0n ? -1n : 1n) })).filter((r) => r.weight > 0n);
    if (!hundredths.length) return [];
    const whole = hundredths.reduce((sum, r) => sum + r.weight, 0n);
    const total = (whole * 10_000n + (line.pence < 0n ? -line.pence : line.pence) / 2n) / (line.pence < 0n ? -line.pence : line.pence);
    return apportion.largestRemainder(total, hundredths, (a, b) => (a.service < b.service ? -1 : 1)).filter((r) => r.pence > 0n)
      .map((r) => [r.service, `${r.pence / 100n}.${String(r.pence % 100n).padStart(2, "0")}`.replace(/\.?0+$/, "")]);
  }

  const clamp = (weight) => (weight < 0n ? 0n : weight > apportion.FULL ? apportion.FULL : weight);
  const tiersOf = (service) => (tiers.get(service) || (data.services[service] || [])[2] || []).map(([tier, share, low, high, home]) => {
    const weight = apportion.weightOf(share);
    const mine = tiers.has(service);
    const points = 15n * (apportion.FULL / 100n);
    return { tier, weight, low: mine ? clamp(weight - points) : apportion.weightOf(low), high: mine ? clamp(weight + points) : apportion.weightOf(high), home: mine ? homeOf(service) : home };
  });
  const homeOf = (service) => ((data.services[service] || [])[2] || []).some(([, , , , home]) => home);

  function rulesOf({ rows, points }) {
    const width = apportion.weightOf(points) ?? 0n;
    return rows.map(([service, share]) => { const weight = apportion.weightOf(share); return { service, weight, low: clamp(weight - width), high: clamp(weight + width) }; });
  }

  // What is wrong with a change, in words; empty where nothing is.
  function faultOf(code, change) {
    const seen = new Set();
    let sum = 0n;
    for (const [service, share] of change.rows) {
      const weight = apportion.weightOf(share);
      if (weight === null) return `“${share}” is not a share: type per cent from 0 to 100.`;
      if (seen.has(service)) return `${nameOf(service)} is there twice: put both into one row.`;
      seen.add(service);
      sum += weight;
    }
    if (!change.rows.length) return "Give the line to at least one service.";
    if (apportion.weightOf(change.points) === null) return "The width must be points of per cent from 0 to 100.";
    return sum > apportion.FULL ? `The shares come to ${apportion.percentOf(sum)}%: lower them to at most 100%.` : "";
  }

  const deskRules = (line) => line.rules.map(([service, ...shares]) => { const [weight, low, high] = shares.map(apportion.weightOf); return { service, weight, low, high }; });

  // Every line whose outcome differs, with the cells of each of its amounts: the changed ones, and where a service's
  // tiers changed, those of the desk baseline that pay for it.
  function recomputed(everyLine = false) {
    const found = new Map();
    for (const line of lines) {
      const change = changes.get(line.code);
      const isMoved = line.rules && (everyLine || line.rules.some(([service]) => tiers.has(service)));
      const rules = change && !faultOf(line.code, change) ? rulesOf(change) : isMoved ? deskRules(line) : null;
      if (rules) found.set(line.code, line.each.map((pence) => apportion.line(pence, rules, tiersOf)));
    }
    return found;
  }

  function totals(everyLine = false) {
    const cells = recomputed(everyLine);
    return Object.fromEntries(PLACES.filter((p) => data.headline[p]).map((p) => {
      const now = data.headline[p].map(BigInt);
      const then = [...now];
      for (const [code, parts] of cells) {
        const line = byCode.get(code);
        const old = line.bounds[p] || [0n, 0n, 0n];
        parts.forEach((own, n) => {
          const { central, low, high } = apportion.perimeter(line.each[n], own, apportion.PERIMETERS[p]);
          [central, low, high].forEach((value, i) => { then[i] += value; });
        });
        old.forEach((value, i) => { then[i] -= value; });
      }
      return [p, { now, then }];
    }));
  }
  // For tests, and for anyone who would check: the changes in, exact pence out.
  globalThis.whatIf = { set(given) { changes = new Map(given.lines); tiers = new Map(given.tiers || []); reason = given.reason || ""; draw(); return totals(); }, totals, recomputed: () => totals(true), cells: recomputed, map: () => mapWorkbook(), data, offered: () => offered.map(([code]) => code), sharesNow: (code) => sharesNow(byCode.get(code)) };

  function pounds(pence) {
    const value = Number(pence) / 100;
    const size = Math.abs(value);
    const sign = value < 0 ? "−" : "";
    if (!size) return "£0";
    if (size < 500) return `${sign}£${Math.round(size)}`;
    if (size < 999_500) return `${sign}£${Math.round(size / 1000)}k`;
    const millions = size / 1e6;
    return millions >= 100 ? `${sign}£${Number(millions.toPrecision(3)).toLocaleString("en-GB")}m` : `${sign}£${millions.toFixed(1)}m`;
  }
  const exact = (pence) => { const size = pence < 0n ? -pence : pence; return `${pence < 0n ? "−" : ""}£${(size / 100n).toLocaleString("en-GB")}.${String(size % 100n).padStart(2, "0")}`; };

  function element(tag, text, attributes = {}) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  // A cell that names its column, for a phone, where a row is turned and has no heads above it.
  function under(table, column, text, isNumber = false) {
    const head = document.querySelector(`#${table} thead`).rows[0].cells[column].textContent;
    return element("td", text, { "data-head": head, ...(isNumber ? { class: "number" } : {}) });
  }

  // How many councils give less for each person, of how many that have the figure.
  function place(p, pence) {
    const values = Object.entries((window.reportData[`profile-${data.year}-${data.statement}`] || {})[`${p}_per_head_65_plus_gbp`] || {}).filter(([code]) => code !== data.council).map(([, v]) => Number(v));
    if (!data.people) return "–";
    const mine = Number(pence) / 100 / data.people;
    if (data.councils) return `£${Math.round(mine).toLocaleString("en-GB")} for each person 65+ of ${data.councils.length} councils`;
    if (!values.length) return "–";
    return `more for each person 65+ than ${values.filter((v) => v < mine).length} of ${values.length} other councils`;
  }

  function drawResult() {
    const body = document.querySelector("#what-if-result tbody");
    const all = totals();
    body.replaceChildren(...Object.entries(all).map(([p, { now, then }]) => {
      const row = element("tr");
      const [n, t] = [now, then].map((v) => `${pounds(v[0])} (between ${pounds(v[1])} and ${pounds(v[2])})`);
      const moved = then[0] - now[0];
      row.append(element("th", `${p[0].toUpperCase()}${p.slice(1)}: ${data.perimeterWords[p]}`, { scope: "row" }), ...[n, t].map((text, i) => under("what-if-result", 1 + i, text)),
        under("what-if-result", 3, `${moved > 0n ? "+" : ""}${exact(moved)}`, true), under("what-if-result", 4, place(p, then[0])));
      return row;
    }));
    const done = [...changes].filter(([code, change]) => !faultOf(code, change)).length;
    document.getElementById("what-if-said").textContent = done ? `Illustrative: ${done === 1 ? "one line" : `${done} lines`} changed on this page. Nothing is published until a map is sent.` : "Nothing is changed yet.";
    for (const id of ["save-map", "copy-address", "undo"]) document.getElementById(id).disabled = !changes.size;
  }

  function select(options, value, label) {
    const node = element("select", undefined, { "aria-label": label });
    for (const [code, text] of options) { const option = element("option", text); option.value = code; option.selected = code === value; node.append(option); }
    return node;
  }
  const offered = Object.entries(data.services).filter(([code]) => isOffered(code)).map(([code, [name]]) => [code, name]).sort((a, b) => a[1].localeCompare(b[1], "en-GB"));
  const tierWords = ["primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope"].map((t) => [t, data.tierWords[t]]);

  function editor(line, box) {
    const change = changes.get(line.code) || { rows: sharesNow(line).filter(([service]) => isOffered(service)), points: "15" };
    const kept = () => { changes.set(line.code, change); write(); drawResult(); fault.textContent = faultOf(line.code, change); };
    const list = element("ul", undefined, { class: "editor" });
    const fault = element("p", faultOf(line.code, change), { class: "fault", role: "status" });
    const rows = () => list.replaceChildren(...change.rows.map((row, i) => {
      const item = element("li");
      const service = select(offered, row[0], `Service ${i + 1} of line ${line.code}`);
      service.addEventListener("change", () => { row[0] = service.value; rows(); kept(); });
      const share = element("input", undefined, { inputmode: "decimal", value: row[1], "aria-label": `Per cent for service ${i + 1} of line ${line.code}` });
      share.addEventListener("input", () => { row[1] = share.value; kept(); });
      const remove = element("button", "Remove", { type: "button", "aria-label": `Remove service ${i + 1} of line ${line.code}` });
      remove.addEventListener("click", () => { change.rows.splice(i, 1); rows(); kept(); });
      item.append(service, share, element("span", "%"), remove, tierEditor(row[0], kept));
      return item;
    }));
    rows();
    const more = element("button", "Add a service", { type: "button" });
    more.addEventListener("click", () => { const free = offered.find(([code]) => !change.rows.some(([s]) => s === code)); if (free) change.rows.push([free[0], "0"]); rows(); kept(); });
    const width = element("label", "Give or take, points of per cent ");
    const points = element("input", undefined, { inputmode: "decimal", value: change.points });
    points.addEventListener("input", () => { change.points = points.value; kept(); });
    width.append(points);
    const undo = element("button", "Undo this line", { type: "button" });
    undo.addEventListener("click", () => { changes.delete(line.code); write(); drawResult(); box.replaceChildren(); editor(line, box); });
    box.replaceChildren(list, fault, more, width, undo);
  }

  // Why a service is there: its tiers in per cent, for every line that pays for it.
  function tierEditor(service, kept) {
    const box = element("details");
    box.append(element("summary", `What ${nameOf(service)} is for`));
    const draw_ = () => {
      const now = (tiers.get(service) || (data.services[service] || [])[2] || []).map(([tier, share]) => [tier, share]);
      const list = element("ul");
      for (const [tier, text] of tierWords) {
        const label = element("label", `${text} `);
        const input = element("input", undefined, { inputmode: "decimal", value: (now.find(([t]) => t === tier) || [tier, "0"])[1] });
        input.addEventListener("input", () => {
          const next = now.filter(([t]) => t !== tier).concat([[tier, input.value]]).filter(([, s]) => apportion.weightOf(s) !== 0n);
          const sum = next.reduce((total, [, s]) => total + (apportion.weightOf(s) ?? apportion.FULL * 2n), 0n);
          input.setCustomValidity(sum > apportion.FULL ? "The shares come to more than 100%." : "");
          if (sum > apportion.FULL) { input.reportValidity(); return; }
          now.splice(0, now.length, ...next);
          tiers.set(service, now.map((pair) => [...pair]));
          kept();
        });
        label.append(input, "%");
        const item = element("li");
        item.append(label);
        list.append(item);
      }
      box.append(list);
    };
    box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) draw_(); });
    return box;
  }

  function drawLines() {
    const body = document.querySelector("#what-if-lines tbody");
    body.replaceChildren(...[...lines].sort((a, b) => (width(b) > width(a) ? 1 : width(b) < width(a) ? -1 : 0)).map((line) => {
      const row = element("tr");
      const narrow = line.bounds.narrow || [0n, 0n, 0n];
      const open = element("details");
      open.append(element("summary", changes.has(line.code) ? "Changed: see" : "Change"));
      const box = element("div");
      open.append(box);
      open.open = changes.has(line.code);
      const show = () => { if (open.open && !box.children.length) editor(line, box); };
      open.addEventListener("toggle", show);
      show();
      const cell = element("td");
      cell.append(open);
      row.append(element("th", `${line.code} ${line.name}`, { scope: "row" }), ...[line.pence, narrow[0], narrow[2] - narrow[1]].map((pence, i) => under("what-if-lines", 1 + i, pounds(pence), true)), cell);
      return row;
    }));
  }
  const width = (line) => (line.bounds.narrow ? line.bounds.narrow[2] - line.bounds.narrow[1] : 0n);

  // Address: l=355:advice*60,early_help*40~15;353:… t=advice:primary*100 why=…
  function write() {
    const given = new URLSearchParams();
    if (changes.size) given.set("l", [...changes].map(([code, c]) => `${code}:${c.rows.map(([s, v]) => `${s}*${v}`).join(",")}~${c.points}`).join(";"));
    if (tiers.size) given.set("t", [...tiers].map(([service, rows]) => `${service}:${rows.map(([t, v]) => `${t}*${v}`).join(",")}`).join(";"));
    if (reason) given.set("why", reason);
    history.replaceState(null, "", given.toString() ? `#${given}` : location.pathname.split("/").pop());
  }
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const pairs = (text) => text.split(",").filter(Boolean).map((pair) => pair.split("*"));
    changes = new Map((given.get("l") || "").split(";").filter(Boolean).map((part) => {
      const [code, rest] = [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)];
      const [rows, points] = rest.split("~");
      return [code, { rows: pairs(rows).filter(([s]) => isOffered(s)), points: points || "15" }];
    }).filter(([code]) => byCode.has(code)));
    tiers = new Map((given.get("t") || "").split(";").filter(Boolean).map((part) => { const [service, rows] = part.split(":"); return [service, pairs(rows)]; }).filter(([s]) => isOffered(s)));
    reason = given.get("why") || "";
    document.getElementById("why").value = reason;
  }

  const share = (text) => { const w = typeof text === "bigint" ? text : apportion.weightOf(text); return { number: `${w / apportion.FULL}.${String(w % apportion.FULL).padStart(12, "0")}`, percent: true }; };

  // The changes, or with `everyLine` all lines as they stand, as the workbook that `prevention check-map` reads.
  function mapWorkbook(everyLine = false) {
    const { details, lines: lineFields, tiers: tierFields, targets, sheets } = data.layout;
    const today = new Date().toISOString().slice(0, 10);
    const whose = data.councils
      ? { map_kind: "Shared by several councils", councils: data.councils.join(" "), shared_name: "England, illustration" }
      : { map_kind: "One council", council_code: data.council, council_name: data.name };
    const said = { ...whose, valid_from_year: data.year, statement: data.statement, definition_version: { number: "1" }, assessor_role: everyLine ? "To be filled in" : "Reader of the report", assessed_on: today };
    const why = reason || (everyLine ? "Share by the desk baseline: replace it with what you know" : "Illustration made on the report’s page What if");
    const chosen = lines.filter((l) => l.pence !== 0n && (changes.has(l.code) ? !faultOf(l.code, changes.get(l.code)) : everyLine && sharesNow(l).length));
    // A map does not say "unclassified": what its shares and tiers leave is that.
    const isNamed = ({ tier }) => tierWords.some(([name]) => name === tier);
    const lineRows = [];
    const used = new Set();
    for (const line of chosen) {
      const change = changes.get(line.code) || { rows: sharesNow(line), points: "30" };
      for (const rule of rulesOf(change)) {
        if (!tiersOf(rule.service).some(isNamed)) continue;
        used.add(rule.service);
        lineRows.push({ line_code: line.code, service_name: nameOf(rule.service), standard_service: rule.service, department: data.services[rule.service][1], basis: "expert_estimate", share: share(rule.weight), low_share: share(rule.low), high_share: share(rule.high), confidence: "low", evidence: why });
      }
    }
    const tierRows = [...used].sort().flatMap((service) => tiersOf(service).filter(isNamed).map((t) => ({ service_name: nameOf(service), tier: t.tier, tier_share: share(t.weight), low_share: share(t.low), high_share: share(t.high), is_home_care: t.home ? "Yes" : "", confidence: "low", evidence: tiers.has(service) ? why : "Tier by the desk baseline" })));
    const grid = (fields, rows) => [fields.map(([header]) => header), ...rows.map((row) => fields.map(([, name]) => row[name]))];
    return globalThis.plainWorkbook([
      [sheets.details, details.map(([header, name]) => [header, said[name]])],
      [sheets.lines, grid(lineFields, lineRows)],
      [sheets.tiers, grid(tierFields, tierRows)],
      [sheets.targets, [["No.", "Target or question", "Answer"], ...targets.map((label, i) => [String(i + 1), label])]],
    ]);
  }
  globalThis.whatIf.wholeMap = () => mapWorkbook(true);

  function save(bytes, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function draw() {
    drawLines();
    drawResult();
  }
  document.getElementById("save-map").addEventListener("click", () => save(mapWorkbook(), `map-${data.council || "england"}-${data.year}-what-if.xlsx`));
  document.getElementById("save-whole").addEventListener("click", () => save(mapWorkbook(true), `map-${data.council || "england"}-${data.year}.xlsx`));
  document.getElementById("copy-address").addEventListener("click", () => { if (navigator.clipboard) navigator.clipboard.writeText(location.href); document.getElementById("what-if-said").textContent = "The address of this page holds the changes."; });
  document.getElementById("undo").addEventListener("click", () => { changes = new Map(); tiers = new Map(); write(); draw(); });
  document.getElementById("why").addEventListener("input", ({ target }) => { reason = target.value; write(); });
  window.addEventListener("hashchange", () => { read(); draw(); });
  root.hidden = false;
  read();
  draw();
})();
