import type { Engine } from '#libs/application';
import { doorProblem } from '../problem/problem';
import type { Caller } from '../request';
import { ownsInstitution } from './caller';

const SUCCESSIONS_MAX = 8;

/**
 * Lets the institution itself pass, and who has succeeded it: a successor may read and undo what its forerunner settled.
 * Throws: Problem 403 `institution-not-own`.
 */
export const demandOwnOrSuccessor = async (
  caller: Caller,
  institutionCode: string,
  engine: Pick<Engine, 'institutions'>,
): Promise<void> => {
  let code: string | null = institutionCode;
  for (let step = 0; code !== null && step <= SUCCESSIONS_MAX; step += 1) {
    if (ownsInstitution(caller, code)) return;
    code = await successorOf(code, engine);
  }
  throw doorProblem('institution-not-own');
};

const successorOf = async (institutionCode: string, { institutions }: Pick<Engine, 'institutions'>): Promise<string | null> => {
  const successor = (await institutions.view(institutionCode))?.succeededBy;
  return typeof successor === 'string' ? successor : null;
};
