import type { ProjectionStatus } from '#libs/application';
import { listsBehind } from './lists-behind';

const at = (name: string, state: ProjectionStatus['state'], behind: number): ProjectionStatus => ({
  name,
  state,
  behind,
  logIndex: 100 - behind,
  detail: null,
});

describe('what readiness says of lists and totals', () => {
  it('nothing while all of them follow the log, however many events they are behind for a moment', async () => {
    expect(await listsBehind({ status: async () => [at('balances', 'live', 7)] })()).toEqual([]);
  });

  it('names each that is catching up, being rebuilt or stopped, in both languages', async () => {
    const status = async () => [
      at('balances', 'live', 0),
      at('freezes', 'catchingUp', 40),
      at('cards', 'rebuilding', 90),
      at('days', 'failed', 10),
    ];
    const told = await listsBehind({ status })();
    expect(told.map(({ projection, state, behind }) => [projection, state, behind])).toEqual([
      ['freezes', 'catchingUp', 40],
      ['cards', 'rebuilding', 90],
      ['days', 'failed', 10],
    ]);
    expect(told.map(({ messageEn }) => messageEn)).toEqual([
      'catching up, 40 events behind the log: its lists and totals are not complete yet',
      'being rebuilt from the log, 90 events behind: until then the old tables answer',
      'stopped at event 91: its lists and totals are old, rebuild it',
    ]);
    expect(told.every(({ messageZh }) => /[\u4e00-\u9fff]/.test(messageZh))).toBe(true);
  });

  it('does not wait for a thread that is busy, nor fail with one that is gone: what was last known is told', async () => {
    const answers: (() => Promise<readonly ProjectionStatus[]>)[] = [
      async () => [at('cards', 'rebuilding', 90)],
      () => new Promise(() => undefined),
      () => Promise.reject(new Error('gone')),
    ];
    const ask = listsBehind({ status: () => (answers.shift() ?? (async () => []))() }, 5);
    for (const expected of [1, 1, 1, 0]) expect((await ask()).length).toBe(expected);
  });
});
