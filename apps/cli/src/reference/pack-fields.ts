/** As much of JSON Schema as the schema of packs uses. */
export type Schema = Readonly<{
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema | boolean;
  prefixItems?: readonly Schema[];
  anyOf?: readonly Schema[];
}>;
type Words = Readonly<{ zh: string; en: string; leftOutZh?: string; leftOutEn?: string }>;
export type FieldWords = Readonly<Record<string, Words>>;
type PackField = Readonly<{ field: string; isRequired: boolean; values: string }>;

/** Every field of a pack in the order of the file, as `cardStops[].on`; the grounds of a rule are told once, above the table. */
export const packFields = (schema: Schema, at = ''): readonly PackField[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    if (at !== '' && isGround(name, member)) return [];
    const field = at === '' ? name : `${at}.${name}`;
    return [{ field, isRequired: schema.required?.includes(name) === true, values: valuesOf(member) }, ...below(member, field)];
  });

const isGround = (name: string, { type }: Schema): boolean =>
  name === 'assumption' || name === 'why' || (name === 'source' && type === 'object');

const below = (schema: Schema, field: string): readonly PackField[] => {
  if (schema.properties !== undefined) return packFields(schema, field);
  const { additionalProperties, items } = schema;
  if (typeof additionalProperties === 'object') return packFields(additionalProperties, `${field}.*`);
  return typeof items === 'object' ? packFields(items, `${field}[]`) : [];
};

const listed = (values: readonly unknown[]): string => values.map((value) => `\`${String(value)}\``).join(', ');

const valuesOf = (schema: Schema): string => {
  const { enum: words, const: only, anyOf, prefixItems } = schema;
  if (only !== undefined) return listed([only]);
  if (words !== undefined) return listed(words);
  if (anyOf !== undefined) return anyOf.map(valuesOf).join(' / ');
  if (prefixItems !== undefined) return prefixItems.map(valuesOf).join('–');
  return (VALUES_OF_TYPE[schema.type ?? ''] ?? textOf)(schema);
};
const textOf = ({ pattern, format }: Schema): string => {
  if (format !== undefined) return 'YYYY-MM-DD';
  return pattern === undefined ? '文字 text' : `\`${pattern}\``;
};
const between = ({ minimum, maximum }: Schema): string => `${minimum ?? ''}–${maximum ?? ''}`;
const VALUES_OF_TYPE: Readonly<Record<string, (schema: Schema) => string>> = {
  integer: between,
  number: between,
  array: ({ items }) => (typeof items === 'object' && items.properties === undefined ? `列表 list: ${valuesOf(items)}` : '列表 list'),
  object: ({ propertyNames }) => (propertyNames?.enum ? `键 keys: ${listed(propertyNames.enum)}` : ''),
  null: () => '`null`',
  boolean: () => '`true`, `false`',
};

/** The fields as a table in Markdown. Throws: Error naming every field of which too little is said, and words of no field. */
export const fieldTable = (schema: Schema, words: FieldWords): string => {
  const fields = packFields(schema);
  const faults = [
    ...fields.filter(({ field }) => words[field] === undefined).map(({ field }) => `${field}: has no words`),
    ...fields
      .filter(({ field, isRequired }) => !isRequired && words[field] !== undefined && words[field].leftOutEn === undefined)
      .map(({ field }) => `${field}: what happens when it is left out is not said`),
    ...Object.keys(words)
      .filter((field) => !fields.some((known) => known.field === field))
      .map((field) => `${field}: there is no such field`),
  ];
  if (faults.length > 0) throw new Error(`docs/reference/pack-field-words.json:\n  ${faults.join('\n  ')}`);
  const row = ({ field, isRequired, values }: PackField): string => {
    const { zh = '', en = '', leftOutZh = '', leftOutEn = '' } = words[field] ?? {};
    const leftOut = isRequired ? REFUSED : `${leftOutZh} · ${leftOutEn}`;
    return `| ${[`\`${field}\``, `${zh} · ${en}`, values, leftOut].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  };
  return ['| field | meaning | values | left out |', '|---|---|---|---|', ...fields.map(row)].join('\n');
};
const REFUSED = '拒收 · the pack is refused';

const BEGIN = '<!-- fields: written by npm run generate -->';
const END = '<!-- end of fields -->';

/** The page with the table put in its place. Throws: Error when the page has no place for it. */
export const withFieldTable = (page: string, table: string): string => {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('the page has no place for the table of fields');
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
};
