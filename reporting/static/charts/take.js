// What a reader takes away of a chart: a picture, a drawing, and how to cite it. The figures are the link beside.
(() => {
  const PROPERTIES = ["fill", "stroke", "font-family", "font-size", "font-weight"];

  // A copy that stands alone: title above, source below, every colour of the stylesheet written out.
  function whole(figure) {
    const drawings = [...figure.querySelectorAll("svg[data-drawing]")];
    const width = Math.max(...drawings.map((svg) => Number(svg.getAttribute("width"))), 480);
    const style = getComputedStyle(document.body);
    const page = d3.create("svg").attr("xmlns", "http://www.w3.org/2000/svg").attr("font-family", "Arial, Helvetica, sans-serif");
    const paper = page.append("rect").attr("width", width + 32).attr("fill", style.backgroundColor);
    let y = 26;
    const write = (text, size, weight = 400, letters = (width * 1.9) / size) => {
      for (const line of window.report.wrap(text, letters, 8)) {
        page.append("text").attr("x", 16).attr("y", y).attr("font-size", size).attr("font-weight", weight).attr("fill", style.color).text(line);
        y += size * 1.35;
      }
    };
    write(figure.querySelector("h3").textContent, 17, 600);
    write(figure.querySelector(".subtitle").textContent, 13);
    const key = figure.querySelector(".key");
    if (key) write([...key.children].map((item) => item.textContent).join(" · "), 12);
    for (const drawing of drawings) {
      const label = drawing.previousElementSibling;
      if (label && label.classList.contains("strip-label")) write(label.textContent, 13, 600);
      const copy = drawing.cloneNode(true);
      const from = drawing.querySelectorAll("*");
      copy.querySelectorAll("*").forEach((node, i) => {
        const computed = getComputedStyle(from[i]);
        for (const name of PROPERTIES) if (node.hasAttribute(name) && !node.getAttribute(name).startsWith("url")) node.setAttribute(name, computed.getPropertyValue(name));
      });
      copy.setAttribute("x", 16);
      copy.setAttribute("y", y);
      page.node().append(copy);
      y += Number(drawing.getAttribute("height")) + 8;
    }
    write(figure.querySelector(".source").firstChild.textContent.trim(), 11);
    page.attr("width", width + 32).attr("height", y + 8).attr("viewBox", `0 0 ${width + 32} ${y + 8}`);
    paper.attr("height", y + 8);
    return page.node();
  }

  function save(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  const nameOf = (figure, kind) => `${document.querySelector("h1").textContent.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40)}-${figure.id}.${kind}`;
  const asText = (figure) => new XMLSerializer().serializeToString(whole(figure));

  function savePicture(figure) {
    const svg = whole(figure);
    const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = width * 2;
      canvas.height = height * 2;
      const pen = canvas.getContext("2d");
      pen.scale(2, 2);
      pen.drawImage(image, 0, 0);
      canvas.toBlob((blob) => save(nameOf(figure, "png"), blob), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asText(figure))}`;
  }

  function cite(figure) {
    const source = figure.querySelector(".source").firstChild.textContent.trim();
    const address = location.protocol === "file:" ? `${location.pathname.split("/").slice(-2).join("/")}${location.hash || `#${figure.id}`}` : location.href;
    const text = `“${figure.querySelector("h3").textContent.trim()}”. ${figure.querySelector(".subtitle").textContent.trim()} ${source} ${address}`;
    const place = figure.querySelector(".citation");
    place.textContent = text;
    place.hidden = false;
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => { place.dataset.copied = ""; }, () => {});
  }

  document.addEventListener("drawn", ({ target: figure }) => {
    if (figure.querySelector(".take")) return;
    const row = document.createElement("p");
    row.className = "take";
    const buttons = [
      ["Save as picture (PNG)", () => savePicture(figure)],
      ["Save as drawing (SVG)", () => save(nameOf(figure, "svg"), new Blob([asText(figure)], { type: "image/svg+xml" }))],
      ["Cite this chart", () => cite(figure)],
    ];
    for (const [text, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", act);
      row.append(button);
    }
    const citation = document.createElement("p");
    citation.className = "citation";
    citation.setAttribute("role", "status");
    citation.hidden = true;
    figure.append(row, citation);
  });
})();
