import { scriptedStore } from '../../../test/support/scripted-store';
import { readinessOf } from './readiness';

const T0 = Date.parse('2026-03-01T01:00:00.000Z');
const at = (ms: number) => new Date(T0 + ms).toISOString();

describe('readiness', () => {
  const watch = async (nowMs = T0) => readinessOf(scriptedStore().store, { nowMs: () => nowMs, pause: async () => undefined });

  it('an engine whose clock is at most five seconds behind what was decided last is ready', async () => {
    const { saw, now } = await watch();
    saw(at(5_000));
    expect(await now()).toEqual({ ready: true, reasons: [] });
  });

  it('an engine whose clock is further behind is not, and says by how much', async () => {
    const { saw, now } = await watch();
    saw(at(5_001));
    saw(at(1_000));
    const { ready, reasons } = await now();
    expect([ready, reasons.map(({ code }) => code)]).toEqual([false, ['clock-behind']]);
    expect(reasons[0]?.messageEn).toContain('5001 ms');
  });

  it('knows the newest decision of the log from the start', async () => {
    const { store, log } = scriptedStore();
    log.push({
      logIndex: 0,
      id: 'e',
      type: 'X.v1',
      stream: 's',
      revision: 0,
      bytes: Buffer.from(JSON.stringify({ stream: 's', decidedAt: at(60_000), data: {}, meta: { actor: {} } })),
    });
    const { now } = await readinessOf(store, { nowMs: () => T0, pause: async () => undefined });
    expect(await now()).toMatchObject({ ready: false, reasons: [{ code: 'clock-behind' }] });
  });

  it('an engine on its way out, or one that cannot read its log, is not ready', async () => {
    const { store } = scriptedStore();
    const { now, drain } = await readinessOf(store, { nowMs: () => T0, pause: async () => undefined });
    drain();
    jest.spyOn(store, 'lastLogIndex').mockRejectedValue(new Error('gone'));
    expect((await now()).reasons.map(({ code }) => code)).toEqual(['shutting-down', 'log-unreadable']);
  });
});
