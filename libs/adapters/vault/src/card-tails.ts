import { LRUCache } from 'lru-cache';
import { VaultOutage } from './vault-error';

const UNKNOWN_TAIL = '****';
const KEPT_MAX = 100_000;

/** Last characters of cards, kept in memory: tills ask for them at every swipe. */
export class CardTails {
  private readonly kept: LRUCache<string, string>;
  /** Grows with every erasure: a tail that was read before one is not kept after it. */
  private erasures = 0;

  /** `mayTell`: whether what is kept can be relied on now. */
  constructor(
    keptMax = KEPT_MAX,
    private readonly mayTell: () => boolean = () => true,
  ) {
    this.kept = new LRUCache({ max: keptMax });
  }

  async of(cardId: string, read: () => Promise<string | undefined>): Promise<string> {
    const kept = this.mayTell() ? this.kept.get(cardId) : undefined;
    if (kept !== undefined) return kept;
    const { erasures } = this;
    const tail = await orWithout(read);
    if (tail === undefined) return UNKNOWN_TAIL; // Not kept: the card may be stored in the next moment.
    if (erasures === this.erasures) this.kept.set(cardId, tail);
    return tail;
  }

  /** Somebody was erased: whose cards these were is not kept here, so all are asked for again. */
  forget(): void {
    this.erasures += 1;
    this.kept.clear();
  }
}

/** A till goes on without the last characters while the vault is away: the swipe does not depend on them. */
const orWithout = async (read: () => Promise<string | undefined>): Promise<string | undefined> => {
  try {
    return await read();
  } catch (fault) {
    if (fault instanceof VaultOutage) return undefined;
    throw fault;
  }
};
