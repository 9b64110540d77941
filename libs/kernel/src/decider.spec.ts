import { assertNever, type Decider, decideWithDue, nonEmpty, type Recorded, settleDue } from './decider';

type Added = Readonly<{ type: 'Added'; n: number }>;
type Sum = { total: number; seen: { at: string; revision: number }[] };

/** Owes one step of ten until it has `target`; answers a command with what it asks for, or refuses it. */
const decider = (target: number): Decider<Added | 'no', Added, Sum, string, null> => ({
  decide: (command, state) =>
    command === 'no' ? { kind: 'refused', refusals: [`has ${state.total}`] } : { kind: 'accepted', events: [command] },
  due: ({ total }) => (total < target ? [{ type: 'Added', n: 10 }] : []),
  evolve: (state, { n, id, revision }) => {
    state.total += n;
    state.seen.push({ at: id, revision });
    return state;
  },
  initialState: () => ({ total: 0, seen: [] }),
  isClosing: () => false,
});
const record = (events: readonly Added[], offset: number): Recorded<Added>[] =>
  events.map((event, i) => ({ ...event, id: `e${offset + i}`, stream: 's', revision: 5 + offset + i }));
const one: Added = { type: 'Added', n: 1 };
const ten: Added = { type: 'Added', n: 10 };

describe('what is due by time', () => {
  it('is asked for again after each step, numbered one after the other, and leaves the given state alone', () => {
    const state = decider(25).initialState();
    const settled = settleDue(decider(25), { state, facts: null, record });
    expect(settled.events).toStrictEqual([ten, ten, ten]);
    const seen = [
      { at: 'e0', revision: 5 },
      { at: 'e1', revision: 6 },
      { at: 'e2', revision: 7 },
    ];
    expect(settled.state).toStrictEqual({ total: 30, seen });
    expect(state).toStrictEqual({ total: 0, seen: [] });
  });
  it('is nothing at most times: then the state is handed back as it is', () => {
    const state = decider(0).initialState();
    const settled = settleDue(decider(0), { state, facts: null, record });
    expect(settled.events).toStrictEqual([]);
    expect(settled.state).toBe(state);
  });
  it('is a bug when it never ends: a thousand steps are too many', () => {
    const owed = (steps: number) => () => settleDue(decider(steps * 10), { state: decider(0).initialState(), facts: null, record });
    expect(owed(999)().events).toHaveLength(999);
    expect(owed(1_000)).toThrow(new Error('more than 1000 steps due at once'));
  });
  it('stands before what a command asks for; a refusal leaves it due', () => {
    const inputs = { state: decider(0).initialState(), facts: null, record };
    expect(decideWithDue(decider(10), { ...inputs, command: one })).toStrictEqual({ kind: 'accepted', events: [ten, one] });
    expect(decideWithDue(decider(10), { ...inputs, command: 'no' })).toStrictEqual({ kind: 'refused', refusals: ['has 10'] });
  });
});

describe('promises that the types cannot hold', () => {
  it('a list that must not be empty is not', () => {
    expect(nonEmpty([1, 2])).toStrictEqual([1, 2]);
    expect(() => nonEmpty([])).toThrow(new Error('expected at least one'));
  });
  it('a variant that nobody handles is named', () => {
    expect(() => assertNever({ type: 'New' } as never)).toThrow(new Error('unhandled variant: {"type":"New"}'));
  });
});
