const DEPTH_MAX = 16;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
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

/** Walks text that JSON.parse has accepted, so that a token can only be a string or a bracket, and the walk needs no grammar of its own. */
const checkNames = (text: string): void => {
  const open: (Set<string> | null)[] = []; // null: an array
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : null) > DEPTH_MAX) throw new NotOurJson('json-too-deep');
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      addName(open.at(-1), JSON.parse(last) as string);
    } else if (token !== ',') {
      last = token;
      if (token.includes('\\') && !(JSON.parse(token) as string).isWellFormed()) throw new NotOurJson('json-malformed');
    }
  }
};

const addName = (names: Set<string> | null | undefined, name: string): void => {
  if (FORBIDDEN_NAMES.has(name)) throw new NotOurJson('json-forbidden-name');
  if (names?.has(name)) throw new NotOurJson('json-duplicate-name');
  names?.add(name);
};
