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

  describe('a store that takes no writes', () => {
    const clock = { nowMs: T0 };
    const time = { nowMs: () => clock.nowMs, pause: async () => undefined };
    const append = {
      stream: 's',
      expected: 'no-stream',
      events: [{ id: 'e', type: 'X.v1', stream: 's', revision: 0, bytes: Buffer.from('{}') }],
      claims: [],
      lane: 'interactive',
    } as const;
    const failing = async (script: Parameters<typeof scriptedStore>[0], freeBytes?: () => number | undefined) => {
      clock.nowMs = T0;
      const { store } = scriptedStore(script);
      const { ofStore, now } = await readinessOf(store, time, { freeBytes });
      const codes = async () => (await now()).reasons.map(({ code }) => code);
      return { watched: ofStore(store), codes };
    };

    it.each([
      ['full', 'store-full'],
      ['readOnly', 'store-read-only'],
      ['outage', 'store-outage'],
    ] as const)('%s: the engine is not ready and says so, until a write is done again', async (cause, code) => {
      const { watched, codes } = await failing([{ instead: { kind: 'unavailable', cause } }]);
      expect(await codes()).toEqual([]);
      await watched.append(append);
      expect(await codes()).toEqual([code]);
      await watched.append(append);
      expect(await codes()).toEqual([]);
    });

    it('what is busy, lost to another or already closing says nothing of the store', async () => {
      const { watched, codes } = await failing([
        { instead: { kind: 'unavailable', cause: 'busy' } },
        { instead: { kind: 'conflict', actual: 3 } },
        { instead: { kind: 'unavailable', cause: 'closing' } },
      ]);
      for (let i = 0; i < 3; i++) await watched.append(append);
      expect(await codes()).toEqual([]);
    });

    it('full lasts as long as there is no room, however long that is; with room it is worth a try, without a write', async () => {
      let free = 0;
      const { watched, codes } = await failing([{ instead: { kind: 'unavailable', cause: 'full' } }], () => free);
      await watched.append(append);
      clock.nowMs += 3_600_000;
      expect(await codes()).toEqual(['store-full']);
      free = 1024 * 1024 * 1024;
      expect(await codes()).toEqual([]);
    });

    it('a failure that nobody tries again is worth another try after ten seconds', async () => {
      const { watched, codes } = await failing([{ instead: { kind: 'unknown', cause: 'commit failed' } }]);
      await watched.append(append);
      clock.nowMs += 9_999;
      expect(await codes()).toEqual(['store-outage']);
      clock.nowMs += 1;
      expect(await codes()).toEqual([]);
    });
  });
});
