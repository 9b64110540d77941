import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { City, type CityPlan } from './scenario-city';
import { expectSoundLog, type Told } from './scenario-engine';

/** A scenario that ran and held, as it is written down for docs/reference/cities.md. */
export type RecordedScenario = Readonly<{ rules: readonly string[]; zh: string; en: string }>;
/** `files`: what the run depended on, by SHA-256. A pass of other words or another pack is none. */
export type ScenarioRecord = Readonly<{ city: string; files: Readonly<Record<string, string>>; passed: readonly RecordedScenario[] }>;
type Play = (city: City) => Promise<void>;
export type Scenario = (rules: string, zh: string, en: string, play: Play) => void;
type Named = CityPlan & Readonly<{ city: string }>;

const ROOT = path.resolve(__dirname, '../..');
const RECORD = process.env.YIKA_TEST_RECORD === '1';
const RULE = /^[A-Z]{1,2}\d{1,2}$/;

/**
 * The scenarios of one city, in one file, on one engine: in the order of their days, for the clock never goes back.
 * Each is named by the rules it shows and by a sentence in both languages. What ran and held is compared with the record beside the file;
 * `npm run scenarios` writes it.
 */
export const scenarios = (plan: Named, file: string, tell: (scenario: Scenario) => void): void => {
  describe(plan.city, () => {
    let city: City | undefined;
    const passed: RecordedScenario[] = [];
    const told: string[] = [];
    beforeAll(async () => {
      city = await City.opened(plan);
    });
    afterAll(async () => {
      await city?.close();
    });

    tell((rules, zh, en, play) => {
      const numbers = rules.split(/[ ,]+/);
      if (!numbers.every((rule) => RULE.test(rule))) throw new Error(`no rule numbers: ${rules}`);
      told.push(zh);
      it(`${numbers.join(', ')} ${zh} · ${en}`, async () => {
        if (city === undefined) throw new Error('the city could not be opened');
        expect.hasAssertions(); // A scenario that looks at nothing shows nothing.
        await play(city);
        passed.push({ rules: numbers, zh, en });
      });
    });

    it('日志完好，逐条重新裁决结果相同 · the log is sound, and every decision in it comes out the same again', async () => {
      if (city === undefined) throw new Error('the city could not be opened');
      await expectSoundLog(city.log);
    });

    it('结果与所记录的一致 · what ran and held is what is written down', () => {
      const record = recordOf(plan, file, passed);
      const place = recordFileOf(file);
      if (RECORD && passed.length === told.length) {
        mkdirSync(path.dirname(place), { recursive: true });
        writeFileSync(place, `${JSON.stringify(record, null, 2)}\n`);
      }
      const written: unknown = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : 'no record yet: npm run scenarios';
      expect(written).toEqual(record);
    });
  });
};

const sha256 = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(path.join(ROOT, file)))
    .digest('hex');
const recordOf = ({ city, packs }: Named, file: string, passed: readonly RecordedScenario[]): ScenarioRecord => {
  const spec = path.relative(ROOT, file).replaceAll(path.sep, '/');
  return { city, files: Object.fromEntries([spec, ...packs].sort().map((name) => [name, sha256(name)])), passed };
};
/** `test/scenarios/qingdao/phases.e2e.spec.ts` is recorded in `test/scenarios/results/qingdao-phases.json`. */
export const recordFileOf = (file: string): string => {
  const [folder = '', name = ''] = file.split(path.sep).slice(-2);
  return path.join(ROOT, 'test/scenarios/results', `${folder}-${name.replace('.e2e.spec.ts', '')}.json`);
};

// What a clerk sees
export const settled = (told: Told, expected: Readonly<Record<string, unknown>> = {}): void => {
  expect({ status: told.status, codes: told.codes }).toEqual({ status: 201, codes: [] });
  expect(told.body).toMatchObject(expected);
};
export const done = (told: Told): void => settled(told);
export const refused = (told: Told, ...codes: readonly string[]): void => {
  expect(told.codes).toEqual(codes);
};
/** The events of an act, by their types. */
export const acts = ({ body }: Told): readonly string[] => ((body.events ?? []) as readonly { type: string }[]).map(({ type }) => type);
