// A small .xlsx of plain sheets: rows of text and numbers, nothing else. Stored without packing, so that no library is
// needed; the same cells give the same bytes.
(() => {
  const encoder = new TextEncoder();
  const table = Uint32Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c; });
  const crc = (bytes) => { let c = 0xffffffff; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const escaped = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

  function column(position) {
    let letters = "";
    for (let n = position + 1; n > 0; n = Math.floor((n - 1) / 26)) letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
    return letters;
  }

  // A cell is text, {number, percent} or nothing; a number is written as given, digit by digit.
  function cell(value, at) {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "object") return `<c r="${at}"${value.percent ? ' s="1"' : ""}><v>${value.number}</v></c>`;
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
  }

  function sheet(rows) {
    const body = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, `${column(c)}${r + 1}`)).join("")}</row>`).join("");
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="20" width="26" customWidth="1"/></cols><sheetData>${body}</sheetData></worksheet>`;
  }

  function zip(files) {
    const parts = [];
    const directory = [];
    let offset = 0;
    const header = (signature, rest) => { const view = new DataView(new ArrayBuffer(4 + rest.reduce((n, [bytes]) => n + bytes, 0))); view.setUint32(0, signature, true); let at = 4; for (const [bytes, value] of rest) { if (bytes === 2) view.setUint16(at, value, true); else view.setUint32(at, value, true); at += bytes; } return new Uint8Array(view.buffer); };
    for (const [name, text] of files) {
      const [path, content] = [encoder.encode(name), encoder.encode(text)];
      const common = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x5a21], [4, crc(content)], [4, content.length], [4, content.length], [2, path.length], [2, 0]];
      const local = header(0x04034b50, common);
      parts.push(local, path, content);
      directory.push(header(0x02014b50, [[2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), path);
      offset += local.length + path.length + content.length;
    }
    const size = directory.reduce((n, part) => n + part.length, 0);
    return [...parts, ...directory, header(0x06054b50, [[2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]])];
  }

  // `sheets` are [name, rows]; the result is the bytes of the workbook.
  globalThis.plainWorkbook = (sheets) => {
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const pack = "http://schemas.openxmlformats.org/package/2006";
    const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const files = [
      ["[Content_Types].xml", `${head}<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${type}.worksheet+xml"/>`).join("")}</Types>`],
      ["_rels/.rels", `${head}<Relationships xmlns="${pack}/relationships"><Relationship Id="r1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
      ["xl/workbook.xml", `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets>${sheets.map(([name], i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join("")}</sheets></workbook>`],
      ["xl/_rels/workbook.xml.rels", `${head}<Relationships xmlns="${pack}/relationships">${sheets.map((_, i) => `<Relationship Id="r${i + 1}" Type="${rel}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}<Relationship Id="r${sheets.length + 1}" Type="${rel}/styles" Target="styles.xml"/></Relationships>`],
      ["xl/styles.xml", `${head}<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="10" applyNumberFormat="1"/></cellXfs></styleSheet>`],
      ...sheets.map(([, rows], i) => [`xl/worksheets/sheet${i + 1}.xml`, sheet(rows)]),
    ];
    const bytes = zip(files);
    const whole = new Uint8Array(bytes.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of bytes) { whole.set(part, at); at += part.length; }
    return whole;
  };
})();
