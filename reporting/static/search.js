// The search box: a council's name, former name or code, from data/search.js.
(() => {
  const entries = (window.reportData && window.reportData.search) || [];
  const input = document.getElementById("search");
  const list = document.getElementById("search-results");
  const root = document.body.dataset.root;
  if (!input || !list) return;
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/&/g, "and");
  const folded = entries.map(([name, former, codes]) => [fold(name), fold(former), codes.toLowerCase()]);
  let chosen = -1;

  function matches(query) {
    const wanted = fold(query.trim());
    if (!wanted) return [];
    const scored = [];
    folded.forEach(([name, former, codes], i) => {
      const score = name.startsWith(wanted) ? 0
        : codes.split(" ").some((code) => code === wanted) ? 0
        : name.includes(wanted) ? 1
        : former.includes(wanted) ? 2
        : codes.includes(wanted) ? 3 : -1;
      if (score >= 0) scored.push([score, i]);
    });
    return scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 8).map(([, i]) => entries[i]);
  }

  function show(found) {
    list.replaceChildren(...found.map(([name, former, , hint, page], i) => {
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
      small.textContent = [hint, former && `formerly ${former}`].filter(Boolean).join(" · ");
      link.append(shown, small);
      item.append(link);
      return item;
    }));
    chosen = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  function choose(step) {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (chosen + step + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", () => show(matches(input.value)));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      show([]);
    }
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const item = list.children[Math.max(chosen, 0)];
    if (item) location.href = item.querySelector("a").href;
  });
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) show([]);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    input.value = asked;
    show(matches(asked));
  }
})();
