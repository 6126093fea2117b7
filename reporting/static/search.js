// The search box: a council or place by name, former or short name, code or postcode, however it is written.
(() => {
  const input = document.getElementById("search");
  const list = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  const panel = document.getElementById("search-panel");
  const root = document.body.dataset.root;
  if (!input || !list) return;
  const MOST = 8;
  // Words that say what kind of body it is, not which one.
  const KINDS = new Set(["council", "borough", "county", "city", "district", "metropolitan", "royal", "london", "unitary", "authority", "of", "the", "lb", "rb", "mbc", "bc", "cc"]);
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "").toLowerCase().replace(/&/g, " and ")
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const bare = (folded) => folded.split(" ").filter((word) => !KINDS.has(word)).join(" ") || folded;
  let known = null;
  let chosen = -1;

  // The names are fetched when the box is first used; a page opened from disk may load them as a script only.
  let asking = null;
  function fetchNames() {
    asking = asking || new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${root}data/search.js`;
      script.onload = resolve;
      script.onerror = resolve;
      document.head.append(script);
    });
    return asking;
  }

  function load() {
    const data = window.reportData && window.reportData.search;
    if (!known && data) {
      known = {
        entries: data.entries,
        folded: data.entries.map(([name, other, codes]) => ({ name: fold(name), other: other.split("; ").map(fold).filter(Boolean), codes: codes.toLowerCase().split(" ") })),
        areas: new Map(data.areas.map(([area, town, at]) => [area.toLowerCase(), { area, town, at }])),
      };
    }
    return known;
  }

  // Every word asked for begins a word of the name, in any order.
  const hasWords = (name, words) => words.every((word) => name.split(" ").some((part) => part.startsWith(word)));

  function scoreOf({ name, other, codes }, wanted) {
    const plain = bare(wanted);
    if (name === wanted || codes.includes(wanted)) return 0;
    if (bare(name) === plain) return 1;
    if (other.some((o) => o === wanted || bare(o) === plain)) return 2;
    if (name.startsWith(wanted)) return 3;
    if (hasWords(name, plain.split(" "))) return 4;
    if (other.some((o) => hasWords(o, plain.split(" ")))) return 5;
    if (plain.length > 2 && name.replace(/ /g, "").includes(plain.replace(/ /g, ""))) return 6;
    if (wanted.length > 2 && codes.some((code) => code.includes(wanted))) return 7;
    return -1;
  }

  // The letters in front of a postcode, or those letters alone.
  function areaOf(text) {
    const found = /^([a-z]{1,2})(?:\d[a-z\d]?\s*(?:\d[a-z]{0,2})?)?$/i.exec(text.trim());
    return found && known.areas.get(found[1].toLowerCase());
  }

  // How many letters must change, be added, left out or swapped to make one word the other.
  function distance(a, b) {
    const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i += 1) {
      rows[i] = [i];
      for (let j = 1; j <= b.length; j += 1) {
        rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
    return rows[a.length][b.length];
  }

  function nearest(wanted) {
    const plain = bare(wanted);
    const far = known.folded.map(({ name, other }, i) => {
      const names = [name, bare(name), ...other];
      const words = names.flatMap((n) => n.split(" ").filter((word) => word.length > 3 && !KINDS.has(word)));
      return [Math.min(...names.map((n) => distance(n, plain)), ...words.map((word) => distance(word, plain) + 0.5)), i];
    });
    const near = far.filter(([changes]) => changes <= Math.max(1.5, plain.length / 2.5));
    return near.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 3).map(([, i]) => known.entries[i]);
  }

  function matches(query) {
    const wanted = fold(query);
    if (!wanted || !load()) return { found: [], said: "" };
    const scored = known.folded.map((entry, i) => [scoreOf(entry, wanted), i]).filter(([score]) => score >= 0);
    const found = scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => known.entries[i]);
    const area = areaOf(query);
    if (area) {
      const served = area.at.map((i) => known.entries[i]).filter((entry) => !found.slice(0, 3).includes(entry));
      const front = /\d/.test(query) ? 0 : Math.min(found.length, 3);
      found.splice(front, 0, ...served.map((entry) => [entry[0], "", "", `serves part of postcode area ${area.area} (${area.town})`, entry[4]]));
    }
    const listed = [...new Map(found.map((entry) => [entry[4], entry])).values()];
    if (listed.length) {
      const more = listed.length > MOST ? ` The first ${MOST} are shown: type more letters.` : "";
      return { found: listed.slice(0, MOST), said: `${listed.length} found.${more}` };
    }
    const near = nearest(wanted);
    const rest = near.length ? "The nearest names:" : "No name is near it; the page Councils lists them all.";
    return { found: near, said: `No council or place is called “${query.trim()}”. ${rest}` };
  }

  function show({ found, said }) {
    list.replaceChildren(...found.map(([name, other, , hint, page], i) => {
      const item = document.createElement("li");
      item.id = `search-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const link = document.createElement("a");
      link.href = root + page;
      link.tabIndex = -1;
      const shown = document.createElement("bdi");
      shown.textContent = name;
      const small = document.createElement("span");
      small.textContent = [hint, other && `also ${other.split("; ").join(", ")}`].filter(Boolean).join(" · ");
      link.append(shown, small);
      item.append(link);
      return item;
    }));
    chosen = -1;
    panel.hidden = !said;
    panel.dataset.answers = input.value;
    status.textContent = said;
    status.classList.toggle("nothing", said.startsWith("No "));
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  function choose(step) {
    const items = [...list.children];
    if (!items.length) return;
    chosen = chosen < 0 && step < 0 ? items.length - 1 : (chosen + step + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("focus", fetchNames);
  input.addEventListener("input", () => fetchNames().then(() => show(matches(input.value))));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) show(matches(input.value));
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      show({ found: [], said: "" });
    }
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetchNames().then(follow);
  });

  function follow() {
    if (panel.hidden) show(matches(input.value));
    // A name that fits nothing is not followed to its nearest: the reader chooses.
    const item = list.children[chosen >= 0 ? chosen : status.classList.contains("nothing") ? -1 : 0];
    if (item) location.href = item.querySelector("a").href;
  }
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) show({ found: [], said: "" });
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    input.value = given;
    fetchNames().then(() => show(matches(given)));
  }
})();
