import { Registry } from 'prom-client';
import type { ProjectionStatus } from '#libs/application';
import { StateMetrics } from './state-metrics';

const LAST = 120;
const readiness = { ready: true, reasons: [] };

const noEvents = async function* () {};

const figures = async (
  status: () => Promise<readonly ProjectionStatus[]>,
  owedVoucherCount = () => Promise.resolve(0),
): Promise<Readonly<Record<string, number>>> => {
  const registry = new Registry();
  const log = { last: () => Promise.resolve(LAST), read: noEvents } as never;
  const engine = { log, readiness: () => Promise.resolve(readiness) };
  const metrics = new StateMetrics(registry, { engine, readModels: { status, owedVoucherCount }, nowMs: () => 0 });
  await metrics.refresh();
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
};
const one = (over: Partial<ProjectionStatus>): ProjectionStatus => ({
  name: 'balances',
  logIndex: LAST,
  behind: 0,
  state: 'live',
  detail: null,
  ...over,
});

describe('figures of the read models', () => {
  it('while they can be asked, they are not away, and what they say holds', async () => {
    const found = await figures(() => Promise.resolve([one({}), one({ name: 'freezes', logIndex: 100, behind: 20, state: 'catchingUp' })]));
    expect(found).toMatchObject({
      yika_ready: 1,
      yika_projections_away: 0,
      'yika_projection_lag_events{projection="balances"}': 0,
      'yika_projection_lag_events{projection="freezes"}': 20,
    });
  });

  it('away, they are said to be, and fall behind by what the log has got since; the engine takes swipes all the same', async () => {
    const asLastKnown = one({ logIndex: 90, behind: 0, state: 'catchingUp', detail: 'the thread stopped' });
    expect(await figures(() => Promise.resolve([asLastKnown]))).toMatchObject({
      yika_ready: 1,
      yika_projections_away: 1,
      'yika_projection_lag_events{projection="balances"}': 30,
    });
  });

  it('say how many vouchers are owed; while they cannot, nothing else is left out', async () => {
    expect(
      await figures(
        () => Promise.resolve([one({})]),
        () => Promise.resolve(3),
      ),
    ).toMatchObject({ yika_vouchers_owed: 3 });
    const gone = () => Promise.reject(new Error('gone'));
    expect(await figures(() => Promise.resolve([one({})]), gone)).toMatchObject({ yika_ready: 1, yika_projections_away: 0 });
  });

  it('that cannot even be asked are away', async () => {
    expect(await figures(() => Promise.reject(new Error('gone')))).toMatchObject({ yika_ready: 1, yika_projections_away: 1 });
  });
});
