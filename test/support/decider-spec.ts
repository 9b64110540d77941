import { type Decider, decideWithDue, type NonEmpty, type Recorded } from '#libs/kernel';

/** Events as if they were stored one after the other, from a revision on. */
export const recordedFrom =
  (first: number, stream = 's') =>
  <E>(events: readonly E[]): Recorded<E>[] =>
    events.map((event, i) => ({ ...event, id: `e${first + i}`, stream, revision: first + i }));

/**
 * Given/when/then for a decider, exact: same events, same order, same fields, what is due included.
 * `found` adds to the facts what the engine would find in the history.
 * Each run also proves that deciding repeats itself, leaves the state alone, survives JSON and can be folded.
 */
export const deciderSpec = <C, E, S, R, F>(
  decider: Decider<C, E, S, R, F>,
  stream = 's',
  found: (command: C, facts: F, history: readonly Recorded<E>[]) => F = (_command, facts) => facts,
) => ({
  given: (...history: E[]) => ({
    when: (command: C, given: F) => {
      const stored = recordedFrom(0, stream)(history);
      const fold = () => stored.reduce(decider.evolve, decider.initialState());
      const facts = found(command, given, stored);
      const state = fold();
      const record = (events: readonly E[], offset: number) => recordedFrom(history.length + offset, stream)(events);
      const decision = decideWithDue(decider, { command, state, facts, record });
      expect(decideWithDue(decider, { command, state, facts: JSON.parse(JSON.stringify(facts)) as F, record })).toStrictEqual(decision);
      expect(state).toStrictEqual(fold());
      expect(JSON.parse(JSON.stringify(decision))).toStrictEqual(decision);
      const after = decision.kind === 'accepted' ? record(decision.events, 0).reduce(decider.evolve, fold()) : state;
      return {
        /** What was decided and the state that it leaves, for a rule that is told in other words than events. */
        decision,
        after,
        thenRecords: (...events: NonEmpty<E>) => expect(decision).toStrictEqual({ kind: 'accepted', events }),
        thenReplays: (original: Recorded<E>) => expect(decision).toStrictEqual({ kind: 'replayed', original }),
        thenRefuses: (...refusals: NonEmpty<R>) => expect(decision).toStrictEqual({ kind: 'refused', refusals }),
      };
    },
  }),
});
