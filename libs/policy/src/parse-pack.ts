import { createHash } from 'node:crypto';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { canonicalJson } from '#libs/kernel';
import { withYears } from './calendars';
import { type Contradiction, contradictionsIn } from './contradictions';
import { PACK, type Pack, SECTIONS } from './pack';

/** What is wrong in a pack file, and where: `line` is 1-based, `field` a path such as `cardStops[1].on`. */
export type PackFault = Readonly<{ file: string; line: number; field: string; messageZh: string; messageEn: string }>;
export type ParsedPack = Readonly<{ kind: 'pack'; pack: Pack; hash: string }> | Readonly<{ kind: 'faults'; faults: readonly PackFault[] }>;
type Path = readonly PropertyKey[];

/** SHA-256 of the canonical JSON: comments, order and layout of the file do not count. Source: RFC 8785. */
export const packHash = (pack: Pack): string => createHash('sha256').update(canonicalJson(pack)).digest('hex');

/**
 * Reads a pack file. Every fault is told at once, each with file, line and field; a section that is sound is also checked for
 * contradictions while another is not.
 */
export const parsePack = (text: string, file: string): ParsedPack => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const flaws = [...document.errors, ...document.warnings];
  const faults = flaws.map(
    ({ code, message, pos }): PackFault => ({
      file,
      line: lineOf(pos[0]),
      field: '',
      messageZh: code === 'DUPLICATE_KEY' ? '字段重复' : 'YAML 格式错误',
      messageEn: message,
    }),
  );
  const isReadable = flaws.every(({ code }) => code === 'DUPLICATE_KEY');
  if (!isReadable) return { kind: 'faults', faults };

  const content: unknown = document.toJS();
  const checked = PACK.safeParse(content);
  const found = [...(checked.error?.issues ?? []).flatMap((issue) => wordsOf(issue, content)), ...contradictionsIn(soundSections(content))];
  for (const { path, zh, en } of found)
    faults.push({ file, line: lineOf(offsetOf(document, path)), field: fieldOf(path), messageZh: zh, messageEn: en });
  faults.sort((a, b) => a.line - b.line);
  if (checked.data === undefined || faults.length > 0) return { kind: 'faults', faults };
  const pack = withYears(checked.data);
  return { kind: 'pack', pack, hash: packHash(pack) };
};

const isRecord = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

const soundSections = (content: unknown): Partial<Pack> =>
  isRecord(content)
    ? Object.fromEntries(
        Object.entries(SECTIONS).flatMap(([section, schema]) => {
          const { data } = schema.safeParse(content[section]);
          return data === undefined ? [] : [[section, data]];
        }),
      )
    : {};

const valueAt = (content: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), content);

const KINDS_ZH: Readonly<Record<string, string>> = {
  string: '文本',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '列表',
  object: '一组字段',
  record: '一组字段',
};

/** A schema's own words stand before and after a bar; all other issues are put into words here. */
const wordsOf = (issue: z.core.$ZodIssue, content: unknown): readonly (Omit<Contradiction, 'path'> & { path: Path })[] => {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], zh: `未知字段：${key}`, en: `unknown field: ${key}` }));
  if (valueAt(content, path) === undefined) return [{ path, zh: '缺少必填字段', en: 'is missing' }];
  const [zh, en] = message.split('|');
  if (zh !== undefined && en !== undefined && !isListed(issue)) return [{ path, zh, en }];
  return [{ path, ...plainWords(issue) }];
};

const isListed = (issue: z.core.$ZodIssue): boolean => issue.code === 'invalid_value'; // Its own message joins the values with bars.

const plainWords = (issue: z.core.$ZodIssue): Omit<Contradiction, 'path'> => {
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return { zh: `须为下列之一：${values}`, en: `must be one of: ${values}` };
    }
    case 'invalid_type':
      return { zh: `须为${KINDS_ZH[issue.expected] ?? issue.expected}`, en: `must be of type ${issue.expected}` };
    case 'too_small':
      return { zh: `不得少于 ${String(issue.minimum)}`, en: `must not be below ${String(issue.minimum)}` };
    case 'too_big':
      return { zh: `不得大于 ${String(issue.maximum)}`, en: `must not be above ${String(issue.maximum)}` };
    default:
      return { zh: '格式不符', en: issue.message };
  }
};

const fieldOf = (path: Path): string =>
  path.reduce<string>((field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}${field && '.'}${String(key)}`), '');

/** Where the field is named; where it is missing, where its parent is. */
const offsetOf = (document: Document, path: Path): number => {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    const child = childOf(isAlias(node) ? node.resolve(document) : node, key);
    if (child === undefined) return offset;
    offset = (isNode(child.place) ? child.place.range?.[0] : undefined) ?? offset;
    node = child.value;
  }
  return offset;
};

/** The node under a key, and where a reader looks for it: at the name of a field, at an item of a list itself. */
const childOf = (node: unknown, key: PropertyKey): Readonly<{ value: unknown; place: unknown }> | undefined => {
  if (isSeq(node)) return typeof key === 'number' ? { value: node.items[key], place: node.items[key] } : undefined;
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;
  return pair && { value: pair.value, place: pair.key };
};
