import type { Engine, Principal } from '#libs/application';
import { doorProblem } from '../problem/problem';
import { RateLimit, retryAfter } from './rate-limit';

const ADDRESSES_MAX = 10_000;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="yika"' };

export type TurnedAway = 'key' | 'unknownKeys' | 'streams' | 'openPages';

/**
 * Looks up who presents a key. Whoever tries keys from one address gets so many wrong ones a second; then keys that have never been right are
 * no longer looked up for it, so that a flood of guesses costs nothing and shuts out nobody who was here before.
 */
export class KeyCheck {
  private readonly wrong: RateLimit;
  private readonly everRight = new Set<string>(); // Ids of keys that exist: no more than were made.

  constructor(
    private readonly keys: Engine['keys'],
    wrongPerSecond: number,
    private readonly onTurnedAway: (limit: TurnedAway) => void,
  ) {
    this.wrong = new RateLimit(wrongPerSecond, wrongPerSecond, ADDRESSES_MAX);
  }

  /** Throws: Problem 401 `key-invalid`, 429 `unknown-keys-too-many`. */
  async principalOf(key: string | undefined, address: string, nowMs: number): Promise<Principal> {
    if (key === undefined) throw doorProblem('key-invalid', {}, CHALLENGE);
    const id = idOf(key);
    const waitMs = this.everRight.has(id) ? 0 : this.wrong.wait(address, nowMs);
    if (waitMs > 0) {
      this.onTurnedAway('unknownKeys');
      throw doorProblem('unknown-keys-too-many', {}, { 'retry-after': retryAfter(waitMs) });
    }
    const principal = await this.keys.authenticate(key);
    if (principal) {
      this.everRight.add(id);
      return principal;
    }
    this.wrong.take(address, nowMs);
    throw doorProblem('key-invalid', {}, CHALLENGE);
  }
}

/** A key without its secret. */
const idOf = (key: string): string => key.slice(0, key.indexOf('_', 3));
