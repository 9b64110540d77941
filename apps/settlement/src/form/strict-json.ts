const DEPTH_MAX = 16;
const [QUOTE, BACKSLASH, COLON, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x22, 0x5c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d];
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What is wrong with a body before anybody looks at its fields; the code is a row of the door's catalogue. */
export class NotOurJson extends Error {
  constructor(readonly code: 'json-malformed' | 'json-duplicate-name' | 'json-forbidden-name' | 'json-too-deep') {
    super(code);
  }
}

/**
 * Reads JSON as strictly as money asks for: valid UTF-8, no name twice in an object (the readers of this world disagree on which one counts),
 * no name that reaches into JavaScript's prototypes, no lone surrogate (canonical JSON cannot hold it).
 * @throws NotOurJson
 */
export const parseStrictJson = (bytes: Uint8Array): unknown => {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new NotOurJson('json-malformed');
  }
  checkNames(text);
  return value;
};

/** Walks text that JSON.parse has accepted, so that outside of a string only brackets and colons matter, and the walk needs no grammar of its own. */
const checkNames = (text: string): void => {
  const open: (Set<string> | null)[] = []; // null: an array
  let last = ''; // The newest string.
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      const end = endOfString(text, at);
      last = wordsOf(text.slice(at, end + 1));
      at = end;
    } else if (sign === COLON) {
      addName(open.at(-1), last);
    } else if (sign === OPEN_OBJECT || sign === OPEN_ARRAY) {
      if (open.push(sign === OPEN_OBJECT ? new Set() : null) > DEPTH_MAX) throw new NotOurJson('json-too-deep');
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_ARRAY) {
      open.pop();
    }
  }
};

/** What a string says. @throws NotOurJson on a lone surrogate: only an escape can bring one. */
const wordsOf = (quoted: string): string => {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  const words = JSON.parse(quoted) as string;
  if (!words.isWellFormed()) throw new NotOurJson('json-malformed');
  return words;
};

/** The quote that ends a string: the first one behind an even number of backslashes. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
};

const addName = (names: Set<string> | null | undefined, name: string): void => {
  if (FORBIDDEN_NAMES.has(name)) throw new NotOurJson('json-forbidden-name');
  if (names?.has(name)) throw new NotOurJson('json-duplicate-name');
  names?.add(name);
};
