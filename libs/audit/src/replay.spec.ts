import type { LoggedEvent } from '#libs/application';
import { auditOf, logOf, reworded } from '../../../test/support/audit';
import { credit, done, holderWithCard, swipeOf, testEngine, till, withRegion } from '../../../test/support/engine-fixture';
import type { Finding, ReplayReport } from './replay';

let log: readonly LoggedEvent[];
let sound: ReplayReport;
/** One holder, two swipes, a new year, and a swipe that replaces the second: every kind of damage finds something to damage. */
beforeAll(async () => {
  const made = await withRegion(await testEngine({ at: '2025-11-03T02:00:00.000Z' }));
  const { accountId, cardNumber } = await holderWithCard(made, 'A00000001', 100_00);
  for (const serial of ['S1', 'S2']) done(await made.engine.settlements.post(swipeOf(made, serial, cardNumber, 30_00), till));
  made.clock.nowMs = Date.parse('2026-02-02T02:00:00.000Z');
  await credit(made, accountId, 5_00);
  done(await made.engine.settlements.post({ ...swipeOf(made, 'S3', cardNumber, 10_00), replacesSerial: 'S2' }, till));
  log = await logOf(made);
  sound = await auditOf(log);
  await made.close();
});

const at = (type: string, nth = 0): number => {
  const found = log.filter((event) => event.type === type)[nth];
  if (!found) throw new Error(`no ${type}`);
  return found.logIndex;
};
/** What is found when one entry says something else. */
const findingsWith = async (logIndex: number, from: RegExp | string, to: string): Promise<readonly Finding[]> =>
  (await auditOf(log.map((event) => (event.logIndex === logIndex ? reworded(event, from, to) : event)))).findings;
const kinds = (findings: readonly Finding[]) => [...new Set(findings.map(({ check }) => check))].sort();
/** The log without an entry, the later ones moved up: as one who hides it would leave it. */
const without = (logIndex: number) => log.toSpliced(logIndex, 1).map((event, i) => ({ ...event, logIndex: i }));

describe('replay of a log', () => {
  it('of a sound log finds nothing, decides everything again and meets the closing', () => {
    expect(sound).toMatchObject({ events: log.length, closingsChecked: 1, findings: [] });
    expect(sound.decisionsRepeated).toBe(8); // Opened, registered, enabled, credited, S1, S2, credited in the new year, S3.
  });

  it('canonical: bytes that say the same in another form', async () => {
    expect(await findingsWith(at('SwipeSettled.v1'), '{"data":', '{ "data":')).toEqual([
      {
        check: 'canonical',
        logIndex: at('SwipeSettled.v1'),
        stream: expect.stringContaining('medicalAccount-') as string,
        detail: 'the bytes are not canonical JSON',
      },
    ]);
  });

  it('order: an entry left out, hidden, doubled or cut off at the end', async () => {
    const gap = (await auditOf(log.toSpliced(3, 1))).findings;
    expect(gap[0]).toMatchObject({ check: 'order', logIndex: 4, detail: 'log index 4 where 3 follows' });
    const swipe = at('SwipeSettled.v1');
    expect(kinds((await auditOf(without(swipe))).findings)).toContain('order');
    const last = log.slice(-1).map((event) => ({ ...event, logIndex: log.length }));
    expect(kinds((await auditOf([...log, ...last])).findings)).toContain('order');
    expect((await auditOf(log.slice(0, -1))).findings).toMatchObject([
      { check: 'order', logIndex: log.length - 2, detail: 'an append is not whole' },
    ]);
  });

  it('legs: an event whose money does not add up, and then nothing that follows does either', async () => {
    const findings = await findingsWith(at('SwipeSettled.v1'), ',-3000]', ',-2999]');
    expect(kinds(findings)).toEqual(['C1', 'C7a', 'C7c', 'fold', 'legs']);
    expect(findings.find(({ check }) => check === 'legs')?.detail).toBe('legs sum to 1 fen');
    expect(findings.find(({ check }) => check === 'C1')?.detail).toBe('all legs sum to 1 fen');
  });

  it('claims: two events under one key', async () => {
    const findings = await findingsWith(at('SwipeSettled.v1', 1), /("key":"settlement-[^"]*-)S2"/, '$1S1"');
    expect(findings[0]).toMatchObject({ check: 'claims', logIndex: at('SwipeSettled.v1', 1) });
  });

  it('C7a: an event that its command and facts do not give', async () => {
    const findings = await findingsWith(at('SwipeSettled.v1'), '"terminalCode":"T1"', '"terminalCode":"T2"');
    expect(findings).toMatchObject([{ check: 'C7a', detail: 'deciding again gives other events' }]);
  });

  it('C7a: facts that cite packs or an institution as of a revision which the log does not hold', async () => {
    for (const register of ['packs', 'institution']) {
      const findings = await findingsWith(at('SwipeSettled.v1'), new RegExp(`"${register}":\\d`), `"${register}":9`);
      expect(findings).toMatchObject([{ check: 'C7a', detail: 'the facts cite what is not in the log' }]);
    }
  });

  it('C7c: a closing that is not the fold of what came before it', async () => {
    const findings = await findingsWith(at('YearRolledOver.v1'), /("carried":\{.*?"balances":\[\["[^"]*",)(\d+)/, '$19$2');
    expect(kinds(findings)).toContain('C7c');
    expect(findings.find(({ check }) => check === 'C7c')?.logIndex).toBe(at('YearRolledOver.v1'));
  });

  it('fold: an event that cannot follow what stands before it', async () => {
    const findings = await findingsWith(at('SwipeSettled.v1'), /(,-?)3000\]/g, '$13000000]');
    expect(kinds(findings)).toContain('fold');
  });
});
