/** Text that may stand in a page. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
body{font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",SimSun,sans-serif;color:#000;margin:0 auto;line-height:1.5}
body.mm80{width:72mm;font-size:9pt}body.a4{max-width:180mm;font-size:10.5pt}
h1{font-size:1.3em;text-align:center;margin:.4em 0}h2{font-size:1em;margin:1em 0 .2em}
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.15em .2em;vertical-align:top;font-weight:normal;overflow-wrap:anywhere}
th.money,td.money{text-align:right;white-space:nowrap}.ruled td,.ruled th{border-bottom:1px solid #999}
.stamp{border:2px solid #000;text-align:center;font-weight:bold;padding:.2em;margin:.4em 0}.small{font-size:.85em}`;

/** A page of its own: no script, nothing fetched from elsewhere. */
export const htmlPage = (title: string, paper: '80mm' | 'A4', body: string): string => {
  const sheet = paper === 'A4' ? '@page{size:A4;margin:15mm}' : '@page{size:80mm auto;margin:4mm}';
  const head = `<meta charset="utf-8"><title>${escaped(title)}</title><style>${sheet}${STYLE}</style>`;
  const kind = paper === 'A4' ? 'a4' : 'mm80';
  return `<!doctype html>\n<html lang="zh-CN"><head>${head}</head>\n<body class="${kind}">\n${body}\n</body></html>\n`;
};

export const factTable = (
  rows: readonly (readonly [label: string, value: string])[],
  moneyLabels: ReadonlySet<string> = new Set(),
): string =>
  `<table>${rows
    .map(
      ([label, value]) => `<tr><th>${escaped(label)}</th><td${moneyLabels.has(label) ? ' class="money"' : ''}>${escaped(value)}</td></tr>`,
    )
    .join('')}</table>`;

/** The moment as a clock in China shows it: "2026-03-01 09:00:00". */
export const shanghaiTime = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 60 * 60 * 1000).toISOString().slice(0, 19).replace('T', ' ');
