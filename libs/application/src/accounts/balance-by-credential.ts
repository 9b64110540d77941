import { CARDLESS, type CardRecord, medicalFen } from '#libs/medical-account';
import { refused } from '../answers';
import type { Accounts } from '../engine';
import type { AccountViews } from './account-view';
import type { Credentials } from './credentials';

type Parts = Readonly<{
  views: AccountViews;
  credentials: Credentials;
  poolingAreasFor: (institutionCode: string) => Promise<readonly string[]>;
}>;

const mayPay = (card: CardRecord | undefined): boolean =>
  card?.timeline.at(-1)?.state === 'inUse' && card.pin?.locks.some(({ until }) => until === null) !== true;

/** The sub-account of a card in use, or of the one whose balance it shares. */
const locationOf = (cards: ReadonlyMap<string, CardRecord>, cardId: string): string => {
  const successor = cards.get(cardId)?.successorCardId ?? null;
  return successor === null ? cardId : locationOf(cards, successor);
};

/**
 * The balance that a presented credential draws on, for an institution of the same pooling area.
 * A card that may not pay tells nothing about its person.
 */
export const balanceByCredential =
  ({ views, credentials, poolingAreasFor }: Parts): Accounts['balanceByCredential'] =>
  async (institutionCode, credential) => {
    const areas = await poolingAreasFor(institutionCode);
    const resolved = await credentials.resolve(credential, () => Promise.resolve(areas));
    const seen = resolved && (await views.now(resolved.accountId));
    if (!resolved || !seen) return refused([{ code: 'card-unknown' }]);
    if (seen.poolingArea !== areas[0]) return refused([{ code: 'card-of-another-pooling-area' }]);
    const { accountId } = resolved;
    const cardId = resolved.cardId ?? seen.cardInUse ?? CARDLESS;
    if (resolved.cardId !== null && !mayPay(seen.cards.find(([id]) => id === cardId)?.[1])) return refused([{ code: 'card-not-enabled' }]);
    const drawsOn = resolved.cardId === null ? cardId : locationOf(new Map(seen.cards), cardId);
    const balanceFen = seen.balances.reduce((sum, [account, fen]) => (account.startsWith(`subAccount:${drawsOn}:`) ? sum + fen : sum), 0);
    const cardTail = seen.cardTails[cardId] ?? '****';
    return { kind: 'done', replayed: false, value: { accountId, balanceFen: medicalFen(balanceFen), cardTail, asOf: seen.asOf } };
  };
