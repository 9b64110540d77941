import { isStoppedBy } from '#libs/medical-account';
import type { Campaign, CampaignPhase } from '../engine';
import type { CardRow, CardWithMoney, ReadModels } from '../read-models.port';

/** Why a card stops: its kind ends; it was not swiped for so long; or nobody knows when it was swiped. */
export type StopReason = 'kindEnds' | 'inactive' | 'noKnownSwipe';
export type Verdict = Readonly<{ phase: CampaignPhase; reason: StopReason; seals: boolean }>;

const ENDED: ReadonlySet<string> = new Set(['stopped', 'expired', 'cancelled', 'collected', 'destroyed']);

const reasonOf = ({ inactiveYears }: CampaignPhase, { lastSwipedOn }: CardRow): StopReason => {
  if (inactiveYears === null) return 'kindEnds';
  return lastSwipedOn === null ? 'noKnownSwipe' : 'inactive';
};

/**
 * By which phase a card that works would be stopped, of those that have begun by a day; undefined: by none. It is the accounts' own rule, on
 * what the read model has: the account decides again when it is its turn.
 */
export const verdictOn = ({ allPhases }: Campaign, card: CardWithMoney, byDay: string): Verdict | undefined => {
  if (ENDED.has(card.state)) return undefined;
  const phase = allPhases.find((one) => one.on <= byDay && isStoppedBy(one, card));
  if (phase === undefined) return undefined;
  // What stands with another card (two cards on one balance) is not this one's to seal.
  const hasOwn = card.carriesPersonalAccount && card.hasPersonalAccount && card.successorCardId === null;
  return { phase, reason: reasonOf(phase, card), seals: hasOwn && !card.sealed };
};

const ACCOUNTS_A_PAGE = 200; // Two milliseconds: swipes wait no longer than that for a page.

/** The cards of the campaign's kinds, some accounts at a time. */
export async function* cardPages(
  readModels: Pick<ReadModels, 'cards'>,
  { poolingArea, allPhases }: Campaign,
  signal: AbortSignal,
): AsyncGenerator<Readonly<{ rows: readonly CardWithMoney[]; asOfLogIndex: number }>> {
  const kinds = [...new Set(allPhases.flatMap(({ cardKinds }) => cardKinds))];
  for (let cursor: string | null | undefined; cursor !== null && !signal.aborted; ) {
    const page = await readModels.cards({ poolingArea, kinds }, { limit: ACCOUNTS_A_PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield page;
    cursor = page.next;
    await nextTurn();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
