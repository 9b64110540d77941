import type { Json } from '#libs/kernel';
import type { Gathered, WantedClaim } from './request';

export type DecidedAt = Readonly<{ decidedAt: string }>;

/** The facts of an aggregate that needs none but the clock. */
export const clockOnly =
  (claims: readonly WantedClaim[] = []) =>
  async (_state: unknown, decidedAt: string): Promise<Gathered<DecidedAt>> => {
    const facts = { decidedAt };
    return { facts, recordedFacts: facts satisfies Json, claims };
  };
