// Draws each chart when it comes near the screen, again when the width or the choice changes, and all of them for paper.
(() => {
  const { report } = window;
  // Widths on paper: a council's two sheets set two charts beside each other, in print of a size with the text.
  const PAPER = document.body.classList.contains("two-sheets") ? { wide: 960, other: 480 } : { wide: 900, other: 640 };
  report.isOnPaper = false;
  report.chosen = report.chosen || new Set();
  const figures = () => [...document.querySelectorAll("figure.chart[data-kind]")];

  report.dataOf = (figure) => {
    const own = figure.reportData || JSON.parse(figure.querySelector(".chart-data").textContent);
    return { own, shared: own.shared && window.reportData ? window.reportData[own.shared] : null };
  };

  report.draw = (figure) => {
    const plot = figure.querySelector(".plot");
    const { own, shared } = report.dataOf(figure);
    const width = report.isOnPaper ? PAPER[figure.matches(".wide, .wide-on-paper") ? "wide" : "other"] : Math.max(plot.clientWidth, 280);
    plot.replaceChildren(...report.kinds[figure.dataset.kind](own, width, shared));
    plot.querySelectorAll("svg[data-drawing]").forEach(report.watermark);
    plot.dataset.width = width;
    const overflows = plot.scrollWidth > plot.clientWidth + 1;
    if (overflows) plot.tabIndex = 0; else plot.removeAttribute("tabindex");
    figure.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  };
  const isDrawn = (figure) => "width" in figure.querySelector(".plot").dataset;
  report.drawAll = () => figures().forEach(report.draw);

  // Charts near the screen first, the rest one by one when the browser has nothing better to do.
  const near = (figure) => figure.getBoundingClientRect().top < window.innerHeight * 1.5;
  const waitingFigures = figures().filter((figure) => !figure.closest("[hidden]"));
  waitingFigures.filter(near).forEach(report.draw);
  const idle = window.requestIdleCallback || ((act) => setTimeout(act, 30));
  (function drawNext() {
    const next = waitingFigures.find((figure) => !isDrawn(figure));
    if (next) idle(() => { if (!isDrawn(next)) report.draw(next); drawNext(); });
  })();

  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => figures().filter(isDrawn).forEach((figure) => {
      if (Math.abs(figure.querySelector(".plot").clientWidth - figure.querySelector(".plot").dataset.width) > 4) report.draw(figure);
    }), 120);
  });
  // Paper has a width of its own; the stylesheet scales the drawing to it.
  window.addEventListener("beforeprint", () => { report.isOnPaper = true; report.drawAll(); });
  window.addEventListener("afterprint", () => { report.isOnPaper = false; report.drawAll(); });
})();
