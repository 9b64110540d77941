import { till } from '../../../../test/support/engine-fixture';
import { type Answer, scriptedStore } from '../../../../test/support/scripted-store';
import { Turns } from '../streams/turns';
import { printCounter } from './receipt-prints';

const counter = (...script: Answer[]) => {
  const { store, log } = scriptedStore(script);
  const time = { nowMs: () => 0, pause: async () => undefined };
  const open = () => printCounter({ store, time, turns: new Turns(), deadlineMs: 0, sawDecidedAt: () => undefined });
  return { open, log };
};

describe('prints of a receipt', () => {
  it('the first is number one, every further one the next, each once however many ask at once, and a restart goes on', async () => {
    const { open, log } = counter();
    const { count } = open();
    const numbers = await Promise.all(Array.from({ length: 5 }, () => count('H1', 'S1', till)));
    expect(numbers).toEqual([1, 2, 3, 4, 5].map((value) => ({ kind: 'done', replayed: false, value })));
    expect(await open().count('H1', 'S1', till)).toMatchObject({ value: 6 });
    expect(await count('H1', 'S2', till)).toMatchObject({ value: 1 });
    expect(new Set(log.map(({ id }) => id)).size).toBe(7);
  });

  it('a print that could not be counted is told as such', async () => {
    const { count } = counter({ instead: { kind: 'unavailable', cause: 'full' } }, 'lostUnknown').open();
    expect(await count('H1', 'S1', till)).toEqual({ kind: 'unavailable', cause: 'full' });
    expect(await count('H1', 'S1', till)).toEqual({ kind: 'outcomeUnknown' });
    expect(await count('H1', 'S1', till)).toMatchObject({ value: 1 });
  });
});
