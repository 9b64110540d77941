import { randomUUID } from 'node:crypto';
import { creditKey, type HolderProxy, type MedicalAccountCommand } from '#libs/medical-account';
import { refused } from '../answers';
import type { Accounts, RegisterCardOrder } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import type { WantedClaim } from '../streams/request';
import type { Vault } from '../vault.port';
import type { AccountActs, Field, Keyed } from './account-acts';
import { personIdOf } from './account-streams';
import type { Credentials } from './credentials';

export type CardParts = Readonly<{
  acts: AccountActs;
  current: CurrentAccount;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
}>;

/** Registers cards: a card number once over all accounts. Idempotency: by the organisation's reference. */
export const cardRegistration =
  ({ acts, current, reader, vault, credentials }: CardParts): Accounts['registerCard'] =>
  async (accountId, order, tracing) => {
    const cardClaim = credentials.cardClaim(order.cardNumber);
    const own = acts.keyed(tracing, order.reference, 'RegisterCard', accountId, cardClaim, ...saysOf(order));
    const [mine, taken] = await Promise.all([reader.findClaim(own.key), reader.findClaim(cardClaim)]);
    if (!mine && taken) return refused([{ code: 'card-number-already-registered' }]);
    const personId = personIdOf((await current(accountId)).state);
    const cardId = randomUUID();
    const commitments = mine || personId === null ? {} : await vault.putCard(cardId, personId, order.cardNumber);
    const { kind, state, lastSwipedOn, media, issue = null, validDays = null } = order;
    const { opening, claims } = openingOf(order, own);
    const data = { ...own, cardId, kind, state, lastSwipedOn, media, commitments, opening, issue, validDays };
    const allClaims = [{ key: cardClaim, commandHash: own.commandHash }, ...claims];
    return acts.run({ accountId, command: { type: 'RegisterCard', data }, tracing, id: cardId, claims: allClaims });
  };

/** The same decision as a registration, of a card that has no number yet; recorded nowhere. */
export const cardQuestion =
  (acts: AccountActs): Accounts['askForCard'] =>
  (accountId, { kind, issue = null }, tracing) => {
    const cardId = randomUUID();
    const made = { state: 'registered', lastSwipedOn: null, media: null, commitments: {}, opening: null, validDays: null } as const;
    const own = acts.keyed(tracing, `ask-${cardId}`, 'RegisterCard', accountId);
    return acts.quote({ accountId, command: { type: 'RegisterCard', data: { ...own, ...made, cardId, kind, issue } }, tracing });
  };

/** What is not told adds nothing, so that orders of earlier versions keep their hash. */
const saysOf = ({ kind, state, lastSwipedOn, opening, issue, validDays }: RegisterCardOrder): Field[] => [
  kind,
  state,
  lastSwipedOn,
  opening?.currentYearFen ?? 0,
  opening?.priorYearFen ?? 0,
  ...(issue ? [issue.replacesCardId, issue.exchange, issue.temporaryReason] : []),
  ...(validDays == null ? [] : [validDays]),
];

/** Money taken over with a card is a credit of its own, under the card's reference. */
const openingOf = ({ opening }: RegisterCardOrder, { key, commandHash }: Keyed) => {
  if (!opening) return { opening, claims: [] };
  const reference = key.slice('business-'.length);
  const hasMoney = opening.currentYearFen + opening.priorYearFen > 0;
  const claims: WantedClaim[] = hasMoney ? [{ key: creditKey('opening', reference), commandHash }] : [];
  return { opening: { ...opening, reference }, claims };
};

type CardActs = Pick<
  Accounts,
  | 'enableCard'
  | 'actOnCard'
  | 'checkedActOnCard'
  | 'handleCard'
  | 'reportFinancialArea'
  | 'reportPinVerdict'
  | 'reportPinVerdictByCredential'
>;
export type CardActParts = Readonly<{ acts: AccountActs; credentials: Credentials; ageOf: AgeOf }>;
/** The holder's age band on the business date of the act, by the vault. Throws: on outage. */
export type AgeOf = (accountId: string, tracing: Tracing) => Promise<HolderProxy['holderAge']>;

/** Acts on a card that is registered. Idempotency: by the organisation's reference. */
export const cardActs = ({ acts, credentials, ageOf }: CardActParts): CardActs => {
  const reportPinVerdict: Accounts['reportPinVerdict'] = (accountId, cardId, { reference, verdict, verdictReference }, tracing) => {
    const own = acts.keyed(tracing, reference, 'ReportPinVerdict', accountId, cardId, verdict, verdictReference);
    const data = { ...own, cardId, verdict, reference: verdictReference };
    return acts.run({ accountId, command: { type: 'ReportPinVerdict', data }, tracing, id: cardId });
  };
  return {
    enableCard: async (accountId, cardId, { reference, channel, financialAreaActivated, proxy: told = null }, tracing) => {
      const proxySays: Field[] = told ? [told.relation, told.proxyCheck, told.holderCheck] : [];
      const areaSays: Field[] = financialAreaActivated ? ['financialArea'] : [];
      const own = acts.keyed(tracing, reference, 'EnableCard', accountId, cardId, channel, ...proxySays, ...areaSays);
      const proxy = told ? { ...told, holderAge: await ageOf(accountId, tracing) } : null;
      const data = { ...own, cardId, channel, financialAreaActivated, proxy };
      return acts.run({ accountId, command: { type: 'EnableCard', data }, tracing, id: cardId });
    },
    actOnCard: (accountId, cardId, { reference, act, reason, area = 'socialSecurity' }, tracing) => {
      const says: Field[] = area === 'socialSecurity' ? [] : [area];
      const own = acts.keyed(tracing, reference, act, accountId, cardId, reason, ...says);
      const isFinancial = area === 'financial';
      const commands = {
        stop: { type: 'StopCard', data: { ...own, cardId, reason } },
        cancel: { type: 'CancelCard', data: { ...own, cardId, cause: 'agency', reason } },
        reportLoss: { type: isFinancial ? 'ReportFinancialAreaLoss' : 'ReportTemporaryLoss', data: { ...own, cardId } },
        liftLoss: { type: isFinancial ? 'LiftFinancialAreaLoss' : 'LiftTemporaryLoss', data: { ...own, cardId } },
        seal: { type: 'SealSubAccount', data: { ...own, cardId, reason } },
        unseal: { type: 'UnsealSubAccount', data: { ...own, cardId, reason } },
      } as const satisfies Record<typeof act, MedicalAccountCommand>;
      return acts.run({ accountId, command: commands[act], tracing, id: cardId });
    },
    checkedActOnCard: (accountId, cardId, { reference, act, identityCheck }, tracing) => {
      const checked = { ...acts.keyed(tracing, reference, act, accountId, cardId, identityCheck), cardId, identityCheck };
      const commands = {
        formalLoss: { type: 'ReportFormalLoss', data: checked },
        liftFormalLoss: { type: 'LiftFormalLoss', data: checked },
        returnCard: { type: 'ReturnCard', data: checked },
        unlockPin: { type: 'UnlockPin', data: { ...checked, cause: 'unlock' } },
        resetPin: { type: 'UnlockPin', data: { ...checked, cause: 'reset' } },
      } as const satisfies Record<typeof act, MedicalAccountCommand>;
      return acts.run({ accountId, command: commands[act], tracing, id: cardId });
    },
    handleCard: (accountId, cardId, { reference, act, place }, tracing) => {
      const own = { ...acts.keyed(tracing, reference, act, accountId, cardId, place), cardId };
      const commands = {
        retain: { type: 'RetainCard', data: { ...own, place } },
        collect: { type: 'CollectCard', data: { ...own, place } },
        destroy: { type: 'DestroyCard', data: { ...own, batch: place } },
      } as const satisfies Record<typeof act, MedicalAccountCommand>;
      return acts.run({ accountId, command: commands[act], tracing, id: cardId });
    },
    reportFinancialArea: (accountId, cardId, { reference, active }, tracing) => {
      const own = acts.keyed(tracing, reference, 'ReportFinancialArea', accountId, cardId, String(active));
      return acts.run({ accountId, command: { type: 'ReportFinancialArea', data: { ...own, cardId, active } }, tracing, id: cardId });
    },
    reportPinVerdict,
    reportPinVerdictByCredential: async (credential, order, tracing) => {
      const resolved = await credentials.resolve(credential, () => Promise.resolve([]));
      if (!resolved?.cardId) return refused([{ code: 'card-unknown' }]);
      return reportPinVerdict(resolved.accountId, resolved.cardId, order, tracing);
    },
  };
};
