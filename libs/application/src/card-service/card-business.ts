import { accountIdOf } from '../accounts/account-streams';
import type { EventMeta } from '../envelope';
import type { StoredEvent } from '../event-store.port';
import { envelopeOf } from '../streams/stored-form';

/** What somebody signs for at a counter; money that comes or goes has its own papers. */
const ACTS = {
  cardApplication: ['CardApplicationAccepted', 'CardIssued', 'CardHandedOut', 'CardLinked'],
  medicalAccount: [
    ...['CardRegistered', 'CardEnabled', 'CardStopped', 'CardCancelled', 'CardRetained', 'CardReturned', 'CardCollected', 'CardDestroyed'],
    ...['TemporaryLossReported', 'TemporaryLossLifted', 'FormalLossReported', 'FormalLossLifted'],
    ...['FinancialAreaReported', 'FinancialAreaLossReported', 'FinancialAreaLossLifted', 'PinUnlocked'],
    ...['SubAccountSealed', 'SubAccountUnsealed', 'TransferDeferred', 'BalanceTransferred'],
  ],
} as const satisfies Record<string, readonly string[]>;
const FORMS: ReadonlySet<string> = new Set(Object.entries(ACTS).flatMap(([category, types]) => types.map((type) => `${category}-${type}`)));

export type CardBusiness = Readonly<{
  actKey: string;
  /** Whose key did it. */
  principal: string;
  accountId: string | null;
  /** What nobody does for the holder. */
  isFinancial: boolean;
  voucher: EventMeta['voucher'];
}>;

/** The act on a card that an event tells; undefined for other events, and for what only followed from an act. */
export const cardBusinessOf = (stored: StoredEvent): CardBusiness | undefined => {
  const { stream, type } = stored;
  const category = stream.slice(0, stream.indexOf('-'));
  if (!FORMS.has(`${category}-${type.replace(/\.v\d+$/, '')}`)) return undefined;
  const { data, meta } = envelopeOf(stored);
  const { key, active, accountId = null } = data as Readonly<{ key?: string | null; active?: boolean; accountId?: string | null }>;
  if (key == null) return undefined;
  const isFinancial = type.startsWith('FinancialAreaReported') && active === true;
  const whose = category === 'medicalAccount' ? accountIdOf(stream) : accountId;
  return { actKey: key, principal: meta.actor.principal, accountId: whose, isFinancial, voucher: meta.voucher };
};
