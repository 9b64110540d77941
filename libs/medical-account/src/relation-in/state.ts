import type { Instant, Recorded } from '#libs/kernel';
import { type MedicalFen, medicalFen } from '../vocabulary';
import type { RelationFileRegistered, RelationInEvent, RelationMatched, RelationMoneyReceived } from './events';

export type RelationInStage = 'empty' | 'fileOnly' | 'moneyOnly' | 'matched' | 'crediting' | 'credited';
export type RelationInState = {
  file: Recorded<RelationFileRegistered> | null;
  money: Recorded<RelationMoneyReceived> | null;
  matched: Recorded<RelationMatched> | null;
  /** The account that is being credited, since when. */
  ordered: Readonly<{ accountId: string; at: Instant }> | null;
  held: readonly string[];
  credited: Readonly<{ accountId: string; revision: number; at: Instant }> | null;
  readonly answers: Map<string, Recorded<RelationInEvent>>; // By key: a transfer is a handful of events.
};

export const initialRelationIn = (): RelationInState => ({
  file: null,
  money: null,
  matched: null,
  ordered: null,
  held: [],
  credited: null,
  answers: new Map(),
});

export const fileFen = ({ data }: RelationFileRegistered): MedicalFen => medicalFen(data.currentYearFen + data.priorYearFen);

export const relationInStage = ({ file, money, matched, ordered, credited }: RelationInState): RelationInStage => {
  if (credited) return 'credited';
  if (ordered) return 'crediting';
  if (matched) return 'matched';
  if (file) return 'fileOnly';
  return money ? 'moneyOnly' : 'empty';
};

type Apply = {
  [T in RelationInEvent['type']]: (state: RelationInState, event: Recorded<Extract<RelationInEvent, { type: T }>>) => void;
};

/** What one message said is there no more, and nothing that followed from it. */
const takeBack = (state: RelationInState, what: 'file' | 'money'): void => {
  if (state.ordered) throw new Error('taken back while it was being credited');
  Object.assign(state, { [what]: null, matched: null, held: [] });
};

const APPLY: Apply = {
  'RelationFileRegistered.v1': (state, event) => {
    if (state.file) throw new Error('a file was registered beside another');
    state.file = event;
  },
  'RelationMoneyReceived.v1': (state, event) => {
    if (state.money) throw new Error('money was registered beside other money');
    state.money = event;
  },
  'RelationMatched.v1': (state, event) => {
    const { amountFen } = event.data;
    if (!state.file || fileFen(state.file) !== amountFen || state.money?.data.amountFen !== amountFen)
      throw new Error('a match of what is not there');
    state.matched = event;
  },
  'RelationFileWithdrawn.v1': (state) => takeBack(state, 'file'),
  'RelationMoneySentBack.v1': (state) => takeBack(state, 'money'),
  'RelationCreditOrdered.v1': (state, { decidedAt, data }) => {
    if (!state.matched || state.ordered) throw new Error('a credit ordered of what was not matched');
    state.ordered = { accountId: data.accountId, at: decidedAt };
  },
  'RelationCreditHeld.v1': (state, { data }) => {
    if (!state.ordered) throw new Error('a credit held that was not ordered');
    Object.assign(state, { ordered: null, held: data.reasons });
  },
  'RelationCredited.v1': (state, { decidedAt, data: { accountId, revision } }) => {
    if (state.ordered?.accountId !== accountId) throw new Error('a credit that was not ordered');
    state.credited = { accountId, revision, at: decidedAt };
  },
};

/** Applies one recorded event, in place. @throws Error when the stream is impossible: damage, not a refusal. */
export const evolveRelationIn = (state: RelationInState, event: Recorded<RelationInEvent>): RelationInState => {
  if (state.credited) throw new Error(`${event.type} after the transfer was credited`);
  if ('key' in event.data) state.answers.set(event.data.key, event);
  (APPLY[event.type] as (state: RelationInState, event: Recorded<RelationInEvent>) => void)(state, event);
  return state;
};
