import { randomBytes } from 'node:crypto';

const BASE = 36;
const COUNT_CHARACTERS = 6;
const ROUND = BASE ** COUNT_CHARACTERS;

let round = '';
let count = ROUND;

/** Twelve characters that no other request has: what this process drew by chance, and a count. Random bytes for each cost more than routing. */
export const nextRequestId = (): string => {
  if (count >= ROUND) {
    round = randomBytes(6).toString('base64url').slice(0, 6);
    count = 0;
  }
  return round + (count++).toString(BASE).padStart(COUNT_CHARACTERS, '0');
};
