import type { Decision, NonEmpty } from '#libs/kernel';
import { deciderSpec } from './decider-spec';

const A = { type: 'A', fen: 100 };
const B = { type: 'B', fen: 7 };
const specOf = (decide: (state: { n: number }) => unknown, due: readonly unknown[] = []) =>
  deciderSpec<null, unknown, { n: number; done?: boolean }, unknown, null>({
    decide: (_command, state) => decide(state) as Decision<unknown, unknown>,
    due: (state) => (state.done ? [] : due),
    evolve: (state) => ({ ...state, done: true }),
    initialState: () => ({ n: 0 }),
    isClosing: () => false,
  })
    .given()
    .when(null, null);
const run =
  (decide: (state: { n: number }) => unknown, ...expected: NonEmpty<unknown>) =>
  () =>
    specOf((state) => ({ kind: 'accepted', events: decide(state) })).thenRecords(...expected);
let calls = 0;

describe('the decider spec', () => {
  it('passes the exact events, what is due before them', () => {
    run(() => [A, B], A, B)();
    specOf(() => ({ kind: 'accepted', events: [B] }), [A]).thenRecords(A, B);
  });
  it('passes the exact refusals and replays', () => {
    specOf(() => ({ kind: 'refused', refusals: [A, B] })).thenRefuses(A, B);
    specOf(() => ({ kind: 'replayed', original: A })).thenReplays(A as never);
  });
  it.each<[string, () => void]>([
    ['another order', run(() => [A, B], B, A)],
    ['a missing event', run(() => [A], A, B)],
    ['an event too many', run(() => [A, B], A)],
    ['a missing field', run(() => [A], { type: 'A' })],
    ['a field that is undefined', run(() => [{ ...A, note: undefined }], A)],
    ['a date, which JSON changes', run(() => [{ at: new Date(0) }], { at: new Date(0) })],
    ['an unstable decision', run(() => [{ n: calls++ }], { n: 0 })],
    ['a decision that changes the state', run((state) => [{ n: Object.assign(state, { n: 1 }).n }], { n: 1 })],
    ['a refusal where events were expected', () => specOf(() => ({ kind: 'refused', refusals: [A] })).thenRecords(A)],
    ['refusals in another order', () => specOf(() => ({ kind: 'refused', refusals: [A, B] })).thenRefuses(B, A)],
  ])('fails on %s', (_name, check) => expect(check).toThrow());
});
