import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CARD_SERVICE_FORMS, CATEGORY_OF_CARD_SERVICE } from './card-service-forms';
import { CATEGORY_OF_ROOM, CATEGORY_OF_TYPE, DEFS, FORMS as FORMS_OF_OTHERS, PLAIN_TYPES } from './stored-forms';
import { count, date, type Form, fen, flag, instant, list, record, text } from './stored-shapes';

type EventSchema = Readonly<{ stream: string; data: Form }>;
export type EventSchemas = Readonly<{
  $schema: string;
  description: string;
  $defs: Readonly<Record<string, Form>>;
  events: Readonly<Record<string, EventSchema>>;
}>;

const FORMS: Readonly<Record<string, Form>> = { ...FORMS_OF_OTHERS, ...CARD_SERVICE_FORMS };
const STORED_TYPE = /^[A-Za-z]+\.v\d+\.json$/;
const CATEGORY_OF_FURTHER_ROOM: Readonly<Record<string, string>> = { 'card-service': 'cardApplication' };
const INSTANT = new RegExp(DEFS.instant?.pattern ?? '');
const DATE = new RegExp(DEFS.businessDate?.pattern ?? '');

const listed = (at: readonly string[]): Form | undefined => {
  const end = at.findIndex((_name, from) => Object.hasOwn(FORMS, at.slice(from).join('.')));
  return end < 0 ? undefined : FORMS[at.slice(end).join('.')];
};

const textForm = (value: string): Form => {
  if (INSTANT.test(value)) return instant;
  return DATE.test(value) ? date : text;
};
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Error on an example that tells too little (null, an empty list) and stands in no table: the page would guess. */
const formOf = (value: unknown, at: readonly string[]): Form => {
  const known = listed(at);
  if (known !== undefined) return known;
  if (typeof value === 'boolean') return flag;
  if (typeof value === 'number') return at.at(-1)?.endsWith('Fen') === true ? fen : count;
  if (typeof value === 'string') return textForm(value);
  if (Array.isArray(value) && typeof value[0] === 'string') return list(text);
  if (!isRecord(value)) throw new Error(`${at.join('.')}: the example does not tell its form`);
  return record(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, formOf(member, [...at, name])])));
};

type Golden = Readonly<{ room: string; type: string; data: unknown }>;

/** The example tells the members that it has; those that it leaves out stand in the table under their type's name. */
const withLeftOut = (type: string, form: Form): Form => {
  const own = Object.entries(FORMS).flatMap(([at, known]) => {
    const [of, name = '', deeper] = at.split('.');
    return of === type && deeper === undefined ? [[name, known] as const] : [];
  });
  return record({ ...form.properties, ...Object.fromEntries(own) });
};

/** Examples are named after their type; some hold the data alone, some the type beside it. */
const goldenFiles = (libsFolder: string): readonly Golden[] =>
  readdirSync(libsFolder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && STORED_TYPE.test(entry.name) && entry.parentPath.split(path.sep).includes('golden'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const golden: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const [room = ''] = path.relative(libsFolder, file).split(path.sep);
      const data = isRecord(golden) && 'type' in golden && 'data' in golden ? golden.data : golden;
      return { room, type: path.basename(file, '.json'), data };
    });

const schemaOf = ({ room, type, data }: Golden): readonly [type: string, EventSchema] => {
  const stream = CATEGORY_OF_TYPE[type] ?? CATEGORY_OF_CARD_SERVICE[type] ?? CATEGORY_OF_ROOM[room] ?? CATEGORY_OF_FURTHER_ROOM[room];
  if (stream === undefined) throw new Error(`${type}: nothing says in which streams it stands`);
  const name = type.replace(/\.v\d+$/, '');
  return [type, { stream, data: withLeftOut(name, formOf(data, [name])) }];
};

/** The form of every stored type: members off the golden files, what an example cannot tell off the tables beside this file. */
export const eventSchemas = (libsFolder: string): EventSchemas => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description:
    'Form of `data` by stored type. `stream`: the category of the streams it stands in. Generated; see log-format.md, section 13.',
  $defs: DEFS,
  events: Object.fromEntries([
    ...goldenFiles(libsFolder).map(schemaOf),
    ...PLAIN_TYPES.map(({ type, ...schema }) => [type, schema] as const),
  ]),
});
