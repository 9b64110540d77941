import type { Answer } from './doors/answer';

export type UnavailableCause = Extract<Answer<never>, { kind: 'unavailable' }>['cause'];

/** Thrown by what a command writes before its events (vault, bill lines) when it could not: then nothing of the command is stored. */
export class Unavailable extends Error {
  constructor(
    readonly why: UnavailableCause,
    what: string,
  ) {
    super(`${what}: ${why}`);
    this.name = 'Unavailable';
  }
}

/** Runs a command; what could not be written before its events ends as an answer. Throws: whatever else the work throws. */
export const orUnavailable = async <T>(work: Promise<Answer<T>>): Promise<Answer<T>> => {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof Unavailable) return { kind: 'unavailable', cause: thrown.why };
    throw thrown;
  }
};
