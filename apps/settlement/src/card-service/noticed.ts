import type { Catalogue, Noticed } from '#libs/application';
import { doneOr, Problem } from '../problem/problem';

/** What was done; a refusal of card business names the one-time notice that goes with it. Throws: Problem for every other answer. */
export const doneOrNoticed = <T>(catalogue: Catalogue, { answer, noticeId }: Noticed<T>): Readonly<{ value: T; replayed: boolean }> => {
  try {
    return doneOr(catalogue, answer);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || noticeId === null) throw thrown;
    const body = { ...thrown.body, noticeId };
    throw new Problem(body, thrown.headers);
  }
};
