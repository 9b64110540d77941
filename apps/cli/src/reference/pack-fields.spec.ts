import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packJsonSchema } from '#libs/policy';
import { type FieldWords, fieldTable, packFields, type Schema, withFieldTable } from './pack-fields';

const ROOT = path.resolve(__dirname, '../../../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const schema = packJsonSchema() as Schema;
const words = JSON.parse(read('docs/reference/pack-field-words.json')) as FieldWords;

describe('the page on adding a city', () => {
  it('has every field of the schema, as it is now: else npm run generate', () => {
    const page = read('docs/how-to/add-a-city.md');
    expect(withFieldTable(page, fieldTable(schema, words))).toBe(page);
    expect(packFields(schema).filter(({ field }) => !page.includes(`| \`${field}\` |`))).toEqual([]);
  });

  it('tells values, and what happens when a field is left out', () => {
    const rows = fieldTable(schema, words).split('\n');
    const rowOf = (field: string) => rows.find((row) => row.startsWith(`| \`${field}\` |`));
    expect(rowOf('cardKinds.*.media')).toMatch(/list: `stripe`, `memory`, .* the pack is refused \|$/);
    expect(rowOf('cardStops[].inactiveYears')).toContain('| 1–99 / `null` |');
    expect(rowOf('cardKinds.*.validYears')).toMatch(/\| 1–50 \| .*lasts until it is replaced \|$/);
  });

  it('cannot be written while a field has no words, or words have no field', () => {
    const { rollover, ...others } = words;
    expect(rollover).toBeDefined();
    expect(() => fieldTable(schema, others)).toThrow('rollover: has no words');
    expect(() => fieldTable(schema, { ...words, moon: { zh: '月相', en: 'phase of the moon' } })).toThrow('moon: there is no such field');
    const untold = { ...words, 'cardKinds.*.validYears': { zh: '有效期', en: 'years' } };
    expect(() => fieldTable(schema, untold)).toThrow('cardKinds.*.validYears: what happens when it is left out is not said');
  });
});
