import type { Command, Decider, Event, Recorded } from '#libs/kernel';
import { type Answer, scriptedStore } from '../../../../test/support/scripted-store';
import type { Tracing } from '../envelope';
import { CommandRunner } from './command-runner';
import type { Request } from './request';
import { envelopeOf, storedForm } from './stored-form';
import { Turns } from './turns';

type Add = Command<'Add', { key: string; commandHash: string; amount: number }>;
type Added =
  | Event<'Added.v1', { key: string; commandHash: string; amount: number; before: number }>
  | Event<'Closed.v1', { total: number }>;
type State = { total: number; keys: Map<string, Recorded<Added>> };
type Facts = { decidedAt: string; closing: boolean };
const T0 = '2026-03-01T01:00:00.000Z';
const tracing: Tracing = { actor: { principal: 'p', organisation: 'o', door: 'http' }, correlationId: 'c', causationId: 'x' };

const counter: Decider<Add, Added, State, { code: 'beyond' }, Facts> = {
  decide: ({ data }, state, { decidedAt }) => {
    const original = state.keys.get(data.key);
    if (original) return { kind: 'replayed', original };
    if (data.amount > 100) return { kind: 'refused', refusals: [{ code: 'beyond' }] };
    return { kind: 'accepted', events: [{ type: 'Added.v1', decidedAt, data: { ...data, before: state.total } }] };
  },
  due: (state, { closing, decidedAt }) =>
    closing && state.keys.size > 0 ? [{ type: 'Closed.v1', decidedAt, data: { total: state.total } }] : [],
  evolve: (state, event) => {
    if (event.type === 'Closed.v1') return { total: event.data.total, keys: new Map() };
    state.total += event.data.amount;
    state.keys.set(event.data.key, event);
    return state;
  },
  initialState: () => ({ total: 0, keys: new Map() }),
  isClosing: ({ type }) => type === 'Closed.v1',
};

const eventBy = (revision: number, amount: number, key = `other-${revision}`) => {
  const event: Recorded<Added> = {
    type: 'Added.v1',
    decidedAt: T0,
    data: { key, commandHash: 'h', amount, before: 0 },
    id: `other-${revision}`,
    stream: 'counter-1',
    revision,
  };
  return storedForm({ events: [event], command: null, facts: { decidedAt: T0 }, tracing, claims: [] })[0];
};

const engine = (...script: Answer[]) => {
  const scripted = scriptedStore(script);
  let nowMs = Date.parse(T0);
  const pause = async () => {
    nowMs += 100;
  };
  const setBack = () => {
    nowMs -= 60_000;
  };
  const run = new CommandRunner<Add, Added, State, { code: 'beyond' }, Facts>({
    store: scripted.store,
    time: { nowMs: () => nowMs, pause },
    turns: new Turns(),
    deadlineMs: 300,
    cacheBytes: 10_000,
    sawDecidedAt: () => undefined,
    aggregate: { decider: counter, decode: (type, data) => ({ type, data }) as Added, sizeOf: () => 10 },
  });
  const request = (
    key: string,
    amount: number,
    over: Partial<Request<Add, State, Facts>> = {},
    closing = false,
  ): Request<Add, State, Facts> => ({
    stream: 'counter-1',
    key,
    command: { type: 'Add', data: { key, commandHash: 'h', amount } },
    gather: async (_state, decidedAt) => ({
      facts: { decidedAt, closing },
      recordedFacts: { decidedAt },
      claims: [{ key, commandHash: 'h' }],
    }),
    tracing,
    lane: 'interactive',
    ...over,
  });
  const add = async (key: string, amount: number, closing = false) => {
    const outcome = await run.run(request(key, amount, {}, closing));
    const event = outcome.kind === 'recorded' ? outcome.events.at(-1) : outcome.kind === 'replayed' ? outcome.original : undefined;
    return event?.type === 'Added.v1' ? [outcome.kind, event.revision, event.data.before] : [outcome.kind];
  };
  return { ...scripted, run, request, add, setBack };
};

describe('the way of a command', () => {
  it('serves one stream in turn: commands given at once each see what the last one left, and a repeat gets the first answer', async () => {
    const { add } = engine();
    expect(await Promise.all([add('a', 10), add('b', 5), add('a', 10)])).toEqual([
      ['recorded', 0, 0],
      ['recorded', 1, 10],
      ['replayed', 0, 0],
    ]);
  });

  it('a job that comes by once decides on the newest state: it is read for it and not kept, unless it was kept before', async () => {
    const { run, request, add, store } = engine();
    const reads = jest.spyOn(store, 'readBackward');
    const visit = async (key: string, how: 'run' | 'quote' = 'run') => {
      const outcome = await run.visit<string>('counter-1', how, ({ head }) => (head < 0 ? { instead: 'new' } : request(key, 1)));
      if ('instead' in outcome) return outcome.instead;
      return outcome.kind === 'recorded' && outcome.events[0].type === 'Added.v1' ? outcome.events[0].data.before : outcome.kind;
    };
    const inTurn = async (...steps: readonly (() => Promise<unknown>)[]) => {
      reads.mockClear();
      const answers: unknown[] = [];
      for (const step of steps) answers.push(await step());
      return { answers, reads: reads.mock.calls.length };
    };
    const comesBy = () => visit('b');
    const asks = () => visit('c', 'quote');
    expect(await inTurn(comesBy, comesBy)).toEqual({ answers: ['new', 'new'], reads: 2 });
    await run.run(request('a', 10, { passing: true }));
    expect(await inTurn(comesBy, comesBy, asks)).toEqual({ answers: [10, 'replayed', 11], reads: 3 });
    await add('d', 5);
    const swipes = () => add('f', 2);
    expect(await inTurn(() => visit('e'), asks, swipes, asks)).toEqual({ answers: [16, 17, ['recorded', 4, 17], 19], reads: 0 });
  });

  it.each([
    ['kept', false],
    ['not kept', true],
  ])(
    'a visit whose append was beaten reads what was written meanwhile, and decides again; before, the state was %s',
    async (_, passing) => {
      const { run, request, add } = engine('right', { beatenBy: eventBy(1, 7) });
      await run.run(request('a', 1, { passing }));
      const outcome = await run.visit<never>('counter-1', 'run', () => request('b', 1));
      expect(outcome).toMatchObject({ kind: 'recorded', events: [{ revision: 2, data: { before: 8 } }] });
      expect(await add('c', 1)).toEqual(['recorded', 3, 9]);
    },
  );

  it('never dates a decision before the one before it, even when the clock was set back', async () => {
    const { add, setBack, log } = engine();
    await add('a', 1);
    setBack();
    await add('b', 1);
    expect(log.map((stored) => envelopeOf(stored).decidedAt)).toEqual([T0, T0]);
  });

  it('reads and decides again when another process was first, until the deadline', async () => {
    expect(await engine({ beatenBy: eventBy(0, 7) }).add('a', 1)).toEqual(['recorded', 1, 7]);
    const always = Array.from({ length: 9 }, (_, i) => ({ beatenBy: eventBy(i, 1) }));
    expect(await engine(...always).add('a', 1)).toEqual(['contended']);
  });

  it('appends the very same events again while the outcome is unknown: once stored, they are stored once', async () => {
    const { add, log, asked } = engine('storedUnknown');
    expect(await add('a', 1)).toEqual(['recorded', 0, 0]);
    expect(log.length).toBe(1);
    expect(asked.length).toBe(2);
    expect(asked[1]).toEqual(asked[0]);
    expect(await engine('lostUnknown').add('a', 1)).toEqual(['recorded', 0, 0]);
  });

  it.each([
    ['lostUnknown', 'recorded'],
    ['storedUnknown', 'replayed'],
  ] as const)(
    'past the deadline answers that the outcome is unknown; after %s the next try finds what is true (%s)',
    async (first, later) => {
      const { add } = engine('right', first, 'lostUnknown', 'lostUnknown', 'lostUnknown');
      await add('z', 5);
      expect(await add('a', 1)).toEqual(['outcomeUnknown']);
      expect(await add('a', 1)).toEqual([later, 1, 5]);
      expect(await add('b', 1)).toEqual(['recorded', 2, 6]);
    },
  );

  it('a rejected append leaves the next decision as if it had never been tried', async () => {
    const { add, store, log } = engine();
    await add('z', 5);
    jest.spyOn(store, 'append').mockRejectedValueOnce(new Error('a bug'));
    await expect(add('a', 1)).rejects.toThrow('a bug');
    expect(await add('b', 1)).toEqual(['recorded', 1, 5]);
    expect(log.length).toBe(2);
  });

  it('a full store is told as such, stores nothing and is asked again by the next command', async () => {
    const { add, log } = engine({ instead: { kind: 'unavailable', cause: 'full' } });
    expect(await add('a', 1)).toEqual(['unavailable']);
    expect(log.length).toBe(0);
    expect(await add('a', 1)).toEqual(['recorded', 0, 0]);
  });

  it('a claim that the facts do not show is told by its key, after one more look', async () => {
    const { run, request, claims, asked } = engine();
    claims.set('a', { key: 'a', commandHash: 'other', stream: 'elsewhere', revision: 0, eventId: 'e' });
    expect(await run.run(request('a', 1))).toEqual({ kind: 'claimTaken', key: 'a' });
    expect(asked.length).toBe(2);
  });

  it('puts what is due before the command in one append; alone when only that is asked for; loads from the closing on', async () => {
    const { run, request, add, log } = engine();
    await add('a', 3);
    expect(await add('b', 1, true)).toEqual(['recorded', 2, 3]);
    expect(log.map(({ type }) => type)).toEqual(['Added.v1', 'Closed.v1', 'Added.v1']);
    const nothing = await run.run(request('c', 1, { onlyDue: true }));
    expect(nothing).toEqual({ kind: 'nothingDue' });
    const due = await run.run(request('c', 1, { onlyDue: true }, true));
    expect(due).toMatchObject({ kind: 'recorded', events: [{ type: 'Closed.v1', data: { total: 4 }, revision: 3 }] });
  });

  it('a refusal and a quote write nothing', async () => {
    const { run, request, log } = engine();
    expect(await run.run(request('a', 101))).toMatchObject({ kind: 'refused', refusals: [{ code: 'beyond' }], headRevision: -1 });
    expect(await run.quote(request('a', 7))).toMatchObject({ kind: 'recorded', events: [{ data: { before: 0 } }] });
    expect(log.length).toBe(0);
  });
});
