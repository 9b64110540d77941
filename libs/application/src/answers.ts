import { type NonEmpty, nonEmpty, type Recorded } from '#libs/kernel';
import type { Answer, Reason } from './engine';
import type { Outcome } from './streams/request';

export const refused = (reasons: readonly Reason[]): Answer<never> => ({ kind: 'refused', reasons: nonEmpty(reasons) });

/** Turns what became of a command into what its door is told. @throws Error when a command with a key had nothing to do: a bug. */
export const answerOf = async <E, T>(
  outcome: Outcome<E, Reason>,
  ofRecorded: (events: NonEmpty<Recorded<E>>) => Promise<T>,
  ofOriginal: (original: Recorded<E>) => Promise<T>,
): Promise<Answer<T>> => {
  switch (outcome.kind) {
    case 'recorded':
      return { kind: 'done', replayed: false, value: await ofRecorded(outcome.events) };
    case 'replayed':
      return { kind: 'done', replayed: true, value: await ofOriginal(outcome.original) };
    case 'refused':
      return refused(outcome.refusals);
    case 'nothingDue':
      throw new Error('a command with a key had nothing to do');
    case 'claimTaken':
      return refused([{ code: 'serial-already-used' }]);
    default:
      return outcome;
  }
};
