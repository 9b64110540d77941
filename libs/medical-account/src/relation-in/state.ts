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

/** Applies one recorded event, in place. @throws Error when the stream is impossible: damage, not a refusal. */
export const evolveRelationIn = (state: RelationInState, event: Recorded<RelationInEvent>): RelationInState => {
  if (state.credited) throw new Error(`${event.type} after the transfer was credited`);
  if ('key' in event.data) state.answers.set(event.data.key, event);
  switch (event.type) {
    case 'RelationFileRegistered.v1':
      if (state.file) throw new Error('a file was registered beside another');
      state.file = event;
      break;
    case 'RelationMoneyReceived.v1':
      if (state.money) throw new Error('money was registered beside other money');
      state.money = event;
      break;
    case 'RelationMatched.v1':
      if (!state.file || fileFen(state.file) !== event.data.amountFen || state.money?.data.amountFen !== event.data.amountFen)
        throw new Error('a match of what is not there');
      state.matched = event;
      break;
    case 'RelationFileWithdrawn.v1':
      demandIdle(state);
      Object.assign(state, { file: null, matched: null, held: [] });
      break;
    case 'RelationMoneySentBack.v1':
      demandIdle(state);
      Object.assign(state, { money: null, matched: null, held: [] });
      break;
    case 'RelationCreditOrdered.v1':
      if (!state.matched || state.ordered) throw new Error('a credit ordered of what was not matched');
      state.ordered = { accountId: event.data.accountId, at: event.decidedAt };
      break;
    case 'RelationCreditHeld.v1':
      if (!state.ordered) throw new Error('a credit held that was not ordered');
      Object.assign(state, { ordered: null, held: event.data.reasons });
      break;
    case 'RelationCredited.v1':
      if (state.ordered?.accountId !== event.data.accountId) throw new Error('a credit that was not ordered');
      state.credited = { accountId: event.data.accountId, revision: event.data.revision, at: event.decidedAt };
  }
  return state;
};

const demandIdle = ({ ordered }: RelationInState): void => {
  if (ordered) throw new Error('taken back while it was being credited');
};
