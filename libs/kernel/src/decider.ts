/** Plain data only, so that JSON loses nothing. */
export type Command<Type extends string, Data> = Readonly<{ type: Type; data: Readonly<Data> }>;
export type Event<Type extends string, Data> = Readonly<{ type: Type; decidedAt: string; data: Readonly<Data> }>;
export type Recorded<E> = E & Readonly<{ id: string; stream: string; revision: number }>;
export type NonEmpty<T> = readonly [T, ...T[]];

/** Events to append; or the event that answered this very command before; or every reason why not, most important first. */
export type Decision<E, R> =
  | Readonly<{ kind: 'accepted'; events: NonEmpty<E> }>
  | Readonly<{ kind: 'replayed'; original: Recorded<E> }>
  | Readonly<{ kind: 'refused'; refusals: NonEmpty<R> }>;

/**
 * One aggregate's rules. `due` returns the earliest step that time alone has brought about, or nothing: it is asked again after its
 * events are folded, so that two years of rollovers are two steps, each decided on the state that the one before it left.
 */
export type Decider<C, E, S, R, F> = Readonly<{
  decide: (command: C, state: S, facts: F) => Decision<E, R>;
  due: (state: S, facts: F) => readonly E[];
  evolve: (state: S, event: Recorded<E>) => S;
  initialState: () => S; // A function: the fold owns its collections and updates them in place.
  isClosing: (event: E) => boolean;
}>;

/** A copy with at least one element. @throws Error when there is none: the caller has promised one. */
export const nonEmpty = <T>([first, ...rest]: readonly T[]): NonEmpty<T> => {
  if (first === undefined) throw new Error('expected at least one');
  return [first, ...rest];
};

export const assertNever = (value: never): never => {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`);
};

type Inputs<C, E, S, F> = Readonly<{
  command: C;
  state: S;
  facts: F;
  /** Gives events that are not stored yet the id and revision they would have: the first of them stands `offset` places after the head. */
  record: (events: readonly E[], offset: number) => readonly Recorded<E>[];
}>;

const DUE_STEPS_MAX = 1_000; // A stream that owes more steps than this is a rule that never ends.

/**
 * Decides on the state after what is due by time, and puts what is due before the command's own events in one append.
 * A refusal or repeat writes nothing: what is due stays due, so that a job's coming early, late or never changes no balance.
 * @throws Error when what is due never ends: a bug in a rule.
 */
export const decideWithDue = <C, E, S, R, F>(
  decider: Decider<C, E, S, R, F>,
  { command, state, facts, record }: Inputs<C, E, S, F>,
): Decision<E, R> => {
  const { events: due, state: current } = settleDue(decider, { state, facts, record });
  const decision = decider.decide(command, current, facts);
  return decision.kind === 'accepted' ? { kind: 'accepted', events: nonEmpty([...due, ...decision.events]) } : decision;
};

/**
 * Everything that is due, in order, and the state that it leaves; the given state is not touched.
 * @throws Error when what is due never ends: a bug in a rule.
 */
export const settleDue = <C, E, S, R, F>(
  decider: Decider<C, E, S, R, F>,
  { state, facts, record }: Omit<Inputs<C, E, S, F>, 'command'>,
): Readonly<{ events: readonly E[]; state: S }> => {
  let current = state;
  const events: E[] = [];
  for (let step = 0; step < DUE_STEPS_MAX; step++) {
    const next = decider.due(current, facts);
    if (next.length === 0) return { events, state: current };
    if (current === state) current = structuredClone(state); // Nothing is acknowledged yet; only when something is due, which is rare.
    current = record(next, events.length).reduce(decider.evolve, current);
    events.push(...next);
  }
  throw new Error(`more than ${DUE_STEPS_MAX} steps due at once`);
};
