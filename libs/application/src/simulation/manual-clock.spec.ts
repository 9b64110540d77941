import { type Answer, scriptedStore } from '../../../../test/support/scripted-store';
import type { Tracing } from '../envelope';
import type { StoredEvent } from '../event-store.port';
import { NoSimulation, openManualClock, type SimulationWish, simulationStartOf } from './manual-clock';

const START = '2017-03-31T00:00:00.000Z';
const LATER = '2017-04-01T00:00:00.000Z';
const tracing: Tracing = { actor: { principal: 'ann', organisation: 'operator', door: 'admin' }, correlationId: 'c', causationId: 'c' };

/** Deadlines run on while the clock stands: every pause takes 100 ms of 300. */
const opened = (wish: SimulationWish, script: Answer[] = [], scripted = scriptedStore(script)) => {
  let passedMs = 0;
  const pause = async () => {
    passedMs += 100;
  };
  const parts = { store: scripted.store, pause, elapsedMs: () => passedMs, deadlineMs: 300, wish };
  return { scripted, clock: openManualClock(parts) };
};
const begun = async (...script: Answer[]) => {
  const { scripted, clock } = opened({ startsAt: START }, ['right', ...script]);
  const manual = await clock;
  if (manual === null) throw new Error('no simulation');
  return { scripted, manual };
};
const refusal = (clock: Promise<unknown>): Promise<unknown> =>
  clock.then(
    () => 'opened',
    (thrown: unknown) => (thrown instanceof NoSimulation ? thrown.code : thrown),
  );
const another = (): StoredEvent => ({ id: 'e', type: 'KeyCreated.v1', stream: 'accessKey-1', revision: 0, bytes: Buffer.from('{}') });

describe('the clock of a simulation', () => {
  it('marks an empty log with its first event, and stands where it was begun', async () => {
    const { scripted, manual } = await begun();
    expect([manual.startedAt, manual.nowMs()]).toEqual([START, Date.parse(START)]);
    expect(await simulationStartOf(scripted.store)).toBe(START);
  });

  it('moves once its move is stored, stands where it stood when opened again, and a repeat changes nothing', async () => {
    const { scripted, manual } = await begun();
    expect(await manual.moveTo(LATER, tracing)).toEqual({ kind: 'done', replayed: false, value: LATER });
    expect(await manual.moveTo(LATER, tracing)).toEqual({ kind: 'done', replayed: true, value: LATER });
    expect(manual.nowMs()).toBe(Date.parse(LATER));
    const again = await opened('continue', [], scripted).clock;
    expect([again?.startedAt, again?.nowMs()]).toEqual([START, Date.parse(LATER)]);
    expect(await scripted.store.lastLogIndex()).toBe(1);
  });

  it('never goes back', async () => {
    const { scripted, manual } = await begun();
    expect(await manual.moveTo('2017-03-30T23:59:59.999Z', tracing)).toEqual({
      kind: 'refused',
      reasons: [{ code: 'clock-not-forward', at: START }],
    });
    expect([manual.nowMs(), await scripted.store.lastLogIndex()]).toEqual([Date.parse(START), 0]);
  });

  it('stands still while its move is not known to be stored, and gives up at the deadline though it stands still', async () => {
    const { manual } = await begun(...Array<Answer>(50).fill('lostUnknown'));
    expect(await manual.moveTo(LATER, tracing)).toEqual({ kind: 'outcomeUnknown' });
    expect(manual.nowMs()).toBe(Date.parse(START));
  });

  it('does not begin when its mark cannot be stored', async () => {
    expect(await refusal(opened({ startsAt: START }, [{ instead: { kind: 'unavailable', cause: 'full' } }]).clock)).toBe(
      'simulation-not-begun',
    );
  });
});

describe('a log and a clock that do not fit', () => {
  it('are refused, each with its own word, and nothing is written', async () => {
    const real = scriptedStore([{ beatenBy: another() }]);
    await real.store.append({
      stream: 'other-1',
      expected: 'no-stream',
      events: [{ ...another(), stream: 'other-1' }],
      claims: [],
      lane: 'job',
    });
    const { scripted: simulated } = await begun();
    const told = [
      await refusal(opened('continue').clock),
      await refusal(opened('continue', [], real).clock),
      await refusal(opened({ startsAt: START }, [], real).clock),
      await refusal(opened(null, [], simulated).clock),
      await refusal(opened({ startsAt: LATER }, [], simulated).clock),
    ];
    expect(told).toEqual(['simulation-empty', 'real-folder', 'real-folder', 'simulation-folder', 'simulation-other-start']);
    expect([await real.store.lastLogIndex(), await simulated.store.lastLogIndex()]).toEqual([1, 0]);
  });

  it('a mark that is none is damage, not a real log', async () => {
    const damaged = scriptedStore();
    const bytes = Buffer.from(JSON.stringify({ type: 'ManualClockSet.v1', data: { to: 'yesterday' } }));
    const event: StoredEvent = { id: 'e', type: 'ManualClockSet.v1', stream: 'simulation-clock', revision: 0, bytes };
    await damaged.store.append({ stream: event.stream, expected: 'no-stream', events: [event], claims: [], lane: 'job' });
    await expect(opened(null, [], damaged).clock).rejects.toThrow('no event of a manual clock');
  });

  it('a real log whose first event is damaged is opened all the same: its other accounts go on', async () => {
    const real = scriptedStore();
    await real.store.append({ stream: 'accessKey-1', expected: 'no-stream', events: [another()], claims: [], lane: 'job' });
    const readLog = (): never => {
      throw new Error('damaged');
    };
    const clock = opened(null, [], { ...real, store: { ...real.store, readLog } }).clock;
    expect(await clock).toBeNull();
  });

  it('a real log and no wish are the real clock', async () => {
    expect(await opened(null).clock).toBeNull();
  });
});
