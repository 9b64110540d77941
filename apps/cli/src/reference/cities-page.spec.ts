import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { citiesPage, StaleRecord } from './cities-page';

const ROOT = path.resolve(__dirname, '../../../..');
const SPEC = 'test/scenarios/qingdao/phases.e2e.spec.ts';
const PACK = 'libs/policy/packs/qingdao.yaml';
const RECORD = 'test/scenarios/results/qingdao-phases.json';
let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'yika-cities-'));
  for (const part of ['docs/reference/city-rules.json', 'libs/policy/packs', 'test/scenarios'])
    cpSync(path.join(ROOT, part), path.join(root, part), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const change = (file: string, from: string | RegExp, to: string) => {
  const before = readFileSync(path.join(root, file), 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error('nothing was changed');
  writeFileSync(path.join(root, file), after);
};
const faults = (): readonly string[] => {
  try {
    citiesPage(root);
    return [];
  } catch (thrown) {
    if (thrown instanceof StaleRecord) return thrown.faults;
    throw thrown;
  }
};

describe('the page of cities', () => {
  it('in the repository is the one that the last run of the scenarios gives: else npm run scenarios', () => {
    expect(readFileSync(path.join(ROOT, 'docs/reference/cities.md'), 'utf8')).toBe(citiesPage(ROOT));
  });

  it('leads from a rule to its field and value, to its scenarios, and to what came of them', () => {
    const row = citiesPage(root)
      .split('\n')
      .find((line) => line.startsWith('| Q2 |'));
    expect(row).toContain('qingdao `cardStops[0]`: phase inactiveTwoYears, on 2017-04-01, cardKinds [labourSecurity], inactiveYears 2');
    expect(row).toContain('[qingdao phases 1](#qingdao-phases-1)');
    expect(row).toMatch(/\| pass \(\d+\) \|$/);
  });

  it('says so of a rule that no scenario shows', () => {
    const rows = citiesPage(root).split('\n');
    expect(rows.find((line) => line.startsWith('| J7 |'))).toMatch(/\| no scenario \|$/);
    expect(rows.find((line) => line.startsWith('| N3 |'))).toMatch(/\| others' business \|$/);
  });

  it('is not written when a spec or a pack is another one than at the run', () => {
    change(SPEC, 'refused(', 'expect(');
    expect(faults()).toEqual([`${SPEC}: ${SPEC} has changed since`]);
    cpSync(path.join(ROOT, SPEC), path.join(root, SPEC));
    change(PACK, 'inactiveYears: 2', 'inactiveYears: 3');
    expect(faults()).toContain(`${SPEC}: ${PACK} has changed since`);
  });

  it('is not written when scenarios have not been run, or a record is of none', () => {
    rmSync(path.join(root, RECORD));
    expect(faults()).toEqual([`${SPEC}: has not been run`]);
    cpSync(path.join(ROOT, RECORD), path.join(root, RECORD));
    rmSync(path.join(root, SPEC));
    expect(faults()).toEqual([`${SPEC}: ${SPEC} is no longer there`]);
  });

  it('knows no number that stands in no rule, of a scenario or of a pack', () => {
    change(RECORD, '"Q2"', '"Q99"');
    expect(() => citiesPage(root)).toThrow(`no such rule: Q99 (${SPEC})`);
    cpSync(path.join(ROOT, RECORD), path.join(root, RECORD));
    change('docs/reference/city-rules.json', '"rule": "Q12"', '"rule": "Q98"');
    expect(() => citiesPage(root)).toThrow('no such rule: Q12 (');
  });
});
