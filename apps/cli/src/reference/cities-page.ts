import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePack } from '#libs/policy';

/** A numbered rule: the words of the notice (quoted where they stand in it, else in short), and what they come to. `elsewhere`: others' business. */
type CityRule = Readonly<{ rule: string; zh: string; en: string; elsewhere?: true }>;
type RuleChapter = Readonly<{ zh: string; en: string; cities: readonly string[]; rules: readonly CityRule[] }>;
type Scenario = Readonly<{ rules: readonly string[]; zh: string; en: string }>;
type ScenarioRecord = Readonly<{ city: string; files: Readonly<Record<string, string>>; passed: readonly Scenario[] }>;
/** `name`: of its spec and its place there, as in `qingdao phases 3`. */
type Held = Scenario & Readonly<{ name: string; spec: string }>;
/** A field of a pack that a rule stands behind. */
type Grounded = Readonly<{ city: string; field: string; value: string; isAssumption: boolean; rules: readonly string[] }>;

const RULES = 'docs/reference/city-rules.json';
const PACKS = 'libs/policy/packs';
const RECORDS = 'test/scenarios/results';
const MADE_UP = 'test/scenarios/made-up/';
const GROUNDS = new Set(['source', 'assumption', 'why', 'nameZh']);
const NUMBER_IN_TEXT = /[（(]([A-Z]{1,2}\d{1,2})[）)]/g;

/** What was written down after the last run is of other files than those that are there now: what it says is no longer known to be so. */
export class StaleRecord extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`the scenarios must run again (npm run scenarios):\n  ${faults.join('\n  ')}`);
  }
}

/**
 * The page that leads from each rule to the field of the pack, to the scenarios that show it and to their outcome at the last run.
 * Throws: StaleRecord when a record and the files do not fit; Error on a number that is no rule, or a pack that is none.
 */
export const citiesPage = (root: string): string => {
  const chapters = JSON.parse(readFileSync(path.join(root, RULES), 'utf8')) as readonly RuleChapter[];
  const held = scenariosHeld(root);
  const grounded = packFields(root);
  demandKnown(chapters, held, grounded);
  const tellChapter = (chapter: RuleChapter) => chapterText(chapter, held, grounded);
  return `${HEAD}\n${chapters.map(tellChapter).join('\n')}\n${scenarioList(held)}`;
};

const HEAD = `# Cities: rules, pack fields, scenarios

What the cities and the national rules ask of a settlement engine, numbered; the field of the policy pack that carries it; the scenarios
that show it over the HTTP interface of a real engine; and whether they held at their last run. Packs cite these numbers beside their
fields, scenarios are named after them. What differs between cities is a field of a pack, what they share is an invariant of the code.
**A** marks an assumption where the published text is silent or says two things: a field of the pack (\`assumption: true\`, with the
reason), so that the agency can put it right without new code. Words in “ ” stand in the notice; others say it in short.

Sources: public notices of Qingdao (2015, 青人社字〔2015〕30号; 2017), Jinan (2017), Shanghai (2018/19), and a collection on Nanyang,
Xuzhou, Shanxi and Ningbo.

This page is generated, the rules in words from [city-rules.json](city-rules.json): \`npm run scenarios\` runs the scenarios, writes down
what held, and writes this page. It is not written from records of other specs or other packs than those in the repository.
`;
/** The sentences, by city and file, in the order in which they are played. */
const scenarioList = (held: readonly Held[]): string => {
  const rules = new Set(held.flatMap((one) => one.rules));
  const specs = [...new Set(held.map(({ spec }) => spec))];
  const rows = (spec: string) =>
    held
      .filter((one) => one.spec === spec)
      .map(({ name, rules: shown, zh, en }) => `| <a id="${anchorOf(name)}"></a>${name} | ${shown.join(', ')} | ${zh}<br>${en} |`);
  const parts = specs.map((spec) => `[${spec}](../../${spec})\n\n| scenario | rules | |\n|---|---|---|\n${rows(spec).join('\n')}\n`);
  return `## Scenarios\n\n${held.length} scenarios of ${rules.size} rules held at the last run.\n\n${parts.join('\n')}`;
};

const chapterText = ({ zh, en, cities, rules }: RuleChapter, held: readonly Held[], grounded: readonly Grounded[]): string => {
  const packs = cities.filter((city) => grounded.some((field) => field.city === city));
  const none = cities.length > 0 && packs.length === 0 ? ' (no pack)' : '';
  const row = (one: CityRule) => {
    const own = held.filter(({ rules: shown }) => shown.includes(one.rule));
    const fields = grounded.filter(({ rules: cited }) => cited.includes(one.rule));
    const cells = [one.rule, `${one.zh}<br>${one.en}`, fieldsCell(fields), scenariosCell(own), outcomeCell(one, own)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  };
  return `## ${en} ${zh}${none}

| # | rule | pack fields | scenarios | last run |
|---|---|---|---|---|
${rules.map(row).join('\n')}
`;
};

const fieldsCell = (fields: readonly Grounded[]): string =>
  fields.map(({ city, field, value, isAssumption }) => `${city} \`${field}\`: ${value}${isAssumption ? ' **A**' : ''}`).join('<br>');
const scenariosCell = (scenarios: readonly Held[]): string => scenarios.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(', ');
const anchorOf = (name: string): string => name.replaceAll(/[^a-z0-9]+/g, '-');
/** What a made-up city shows is that the engine can, not that a city of the notice is served. */
const outcomeCell = ({ elsewhere }: CityRule, own: readonly Held[]): string => {
  const madeUp = own.filter(({ spec }) => spec.startsWith(MADE_UP)).length;
  if (own.length > madeUp) return `pass (${own.length - madeUp})`;
  if (madeUp > 0) return `in a made-up city: pass (${madeUp})`;
  return elsewhere ? "others' business" : 'no scenario';
};

/** What held at the last run. Throws: StaleRecord. */
const scenariosHeld = (root: string): readonly Held[] => {
  const specs = filesBelow(path.join(root, 'test/scenarios'), '.e2e.spec.ts').map((file) =>
    path.relative(root, file).replaceAll(path.sep, '/'),
  );
  const records = filesBelow(path.join(root, RECORDS), '.json').map((file) => JSON.parse(readFileSync(file, 'utf8')) as ScenarioRecord);
  const recorded = new Map(records.flatMap((record) => specsOf(record).map((spec) => [spec, record] as const)));
  const faults = [
    ...specs.filter((spec) => !recorded.has(spec)).map((spec) => `${spec}: has not been run`),
    ...[...recorded].flatMap(([spec, { files }]) => changesSince(root, spec, files)),
  ];
  if (faults.length > 0) throw new StaleRecord(faults);
  return [...recorded]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([spec, { passed }]) => passed.map((one, i) => ({ ...one, spec, name: `${nameOf(spec)} ${i + 1}` })));
};

const changesSince = (root: string, spec: string, files: ScenarioRecord['files']): readonly string[] =>
  Object.entries(files).flatMap(([file, sha256]) => {
    const is = sha256Of(root, file);
    if (is === sha256) return [];
    return [`${spec}: ${file} ${is === undefined ? 'is no longer there' : 'has changed since'}`];
  });

/** `test/scenarios/qingdao/phases.e2e.spec.ts`: `qingdao phases`. */
const nameOf = (spec: string): string => spec.replace('test/scenarios/', '').replace('.e2e.spec.ts', '').replaceAll('/', ' ');
const specsOf = ({ files }: ScenarioRecord): readonly string[] => Object.keys(files).filter((file) => file.endsWith('.spec.ts'));
const sha256Of = (root: string, file: string): string | undefined => {
  try {
    return createHash('sha256')
      .update(readFileSync(path.join(root, file)))
      .digest('hex');
  } catch {
    return undefined;
  }
};
const filesBelow = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folder, name));

/** Every field of every pack beside which a rule is cited. */
const packFields = (root: string): readonly Grounded[] =>
  readdirSync(path.join(root, PACKS))
    .sort()
    .flatMap((file) => {
      const parsed = parsePack(readFileSync(path.join(root, PACKS, file), 'utf8'), file);
      if (parsed.kind === 'faults')
        throw new Error(`${file} is no pack: ${parsed.faults.map(({ field, messageEn }) => `${field} ${messageEn}`).join('; ')}`);
      return fieldsIn(parsed.pack, [file.replace(/\.ya?ml$/, '')]);
    });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldsIn = (value: unknown, [city = '', ...at]: readonly string[]): Grounded[] => {
  if (Array.isArray(value)) return value.flatMap((item, i) => fieldsIn(item, [city, ...at.slice(0, -1), `${at.at(-1) ?? ''}[${i}]`]));
  if (!isRecord(value)) return [];
  const source = isRecord(value.source) ? value.source : {};
  const words = [source.says, value.why].map((text) => (typeof text === 'string' ? text : '')).join(' ');
  const rules = [
    ...(typeof source.rule === 'string' ? [source.rule] : []),
    ...[...words.matchAll(NUMBER_IN_TEXT)].flatMap(([, number]) => number ?? []),
  ];
  const own =
    rules.length > 0 ? [{ city, field: at.join('.'), value: valueText(value), isAssumption: value.assumption === true, rules }] : [];
  return [...own, ...Object.entries(value).flatMap(([name, member]) => (GROUNDS.has(name) ? [] : fieldsIn(member, [city, ...at, name])))];
};

const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (!isRecord(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  return Object.entries(value)
    .filter(([name]) => !GROUNDS.has(name))
    .map(([name, member]) => `${name} ${isRecord(member) ? `{${valueText(member)}}` : valueText(member)}`)
    .join(', ');
};

const demandKnown = (chapters: readonly RuleChapter[], held: readonly Held[], grounded: readonly Grounded[]): void => {
  const known = new Set(chapters.flatMap(({ rules }) => rules.map(({ rule }) => rule)));
  const strange = [
    ...held.flatMap(({ rules, spec }) => rules.map((rule) => [rule, spec] as const)),
    ...grounded.flatMap(({ rules, city, field }) => rules.map((rule) => [rule, `${city}.yaml, ${field}`] as const)),
  ].filter(([rule]) => !known.has(rule));
  if (strange.length > 0) throw new Error(`no such rule: ${strange.map(([rule, place]) => `${rule} (${place})`).join(', ')}`);
};
