// Where a figure comes from: the query that gives it, shown beside it and opened on the page Ask.
(() => {
  const root = document.body.dataset.root;
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

  // The mart, column and key stand on the figure, or on its row and table.
  function queryOf(figure) {
    const row = figure.closest("tr");
    const table = figure.closest("table");
    const own = "mart" in figure.dataset;
    const mart = own ? figure.dataset.mart : table && table.dataset.mart;
    if (!mart) return null;
    const keys = own ? [figure.dataset.key] : [table.dataset.key, row.dataset.key];
    const pairs = new Map(keys.filter(Boolean).flatMap((text) => [...new URLSearchParams(text)]));
    const where = [...pairs].map(([name, value]) => (value === "" ? `${name} is null` : `${name}::varchar = ${quoted(value)}`));
    const shown = "sum" in figure.dataset ? `sum(${figure.dataset.column}) as ${figure.dataset.column}` : figure.dataset.column;
    return `select ${shown}\nfrom ${mart}\nwhere ${where.join("\n  and ")}`;
  }

  const box = document.createElement("dialog");
  box.className = "origin";
  const text = document.createElement("pre");
  const open = document.createElement("a");
  open.textContent = "Open on the page Ask";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  const title = document.createElement("p");
  title.id = "origin-title";
  box.setAttribute("aria-labelledby", "origin-title");
  box.append(title, text, open, close);
  document.body.append(box);
  close.addEventListener("click", () => box.close());

  function show(figure) {
    const query = queryOf(figure);
    if (!query) return;
    title.textContent = `Where ${figure.textContent} comes from`;
    text.textContent = query;
    open.href = `${root}ask.html#q=${encodeURIComponent(query)}`;
    box.showModal();
  }

  document.addEventListener("click", ({ target }) => {
    const figure = target.closest && target.closest("data[data-column]");
    if (figure && !target.closest("a, button, dialog")) show(figure);
  });
  // By keyboard: the figures of a main point are few enough to be stops of their own.
  document.querySelectorAll(".points data[data-column]").forEach((figure) => {
    figure.tabIndex = 0;
    figure.setAttribute("role", "button");
    figure.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(figure); }
    });
  });
})();
