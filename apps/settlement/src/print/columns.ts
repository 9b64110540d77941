const WIDE = new RegExp(
  [
    '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uff60\\uffe0-\\uffe6]',
    '[\\u{20000}-\\u{3fffd}]',
  ].join('|'),
  'u',
);

/** Width on a receipt printer: a Han character takes two columns. */
export const columnsOf = (text: string): number => [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);

/** Label at the left edge, value at the right; a value that does not fit goes to lines of its own. */
export const pairLine = (label: string, value: string, width: number): readonly string[] => {
  const gap = width - columnsOf(label) - columnsOf(value);
  return gap >= 1 ? [label + ' '.repeat(gap) + value] : [label, ...wrapped(value, width - 2).map((line) => `  ${line}`)];
};

export const centred = (text: string, width: number): string => ' '.repeat(Math.max(0, Math.floor((width - columnsOf(text)) / 2))) + text;

/** Breaks between characters, as Han text may be broken. */
export const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (columnsOf(line + character) > width) {
      lines.push(line);
      line = '';
    }
    line += character;
  }
  return [...lines, line];
};
