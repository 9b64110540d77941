import { randomUUID } from 'node:crypto';
import { accountStream, creditKey, type MedicalAccountCommand } from '#libs/medical-account';
import { refused } from '../answers';
import type { Accounts, RegisterCardOrder } from '../engine';
import type { EventReader } from '../event-store.port';
import type { WantedClaim } from '../streams/request';
import type { Vault } from '../vault.port';
import type { AccountActs, Field, Keyed } from './account-acts';
import { type AccountRunner, personIdOf } from './account-streams';
import type { Credentials } from './credentials';

export type CardParts = Readonly<{
  acts: AccountActs;
  accounts: AccountRunner;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
}>;

/** Registers cards: a card number once over all accounts. Idempotency: by the organisation's reference. */
export const cardRegistration =
  ({ acts, accounts, reader, vault, credentials }: CardParts): Accounts['registerCard'] =>
  async (accountId, order, tracing) => {
    const cardClaim = credentials.cardClaim(order.cardNumber);
    const own = acts.keyed(tracing, order.reference, 'RegisterCard', accountId, cardClaim, ...saysOf(order));
    const [mine, taken] = await Promise.all([reader.findClaim(own.key), reader.findClaim(cardClaim)]);
    if (!mine && taken) return refused([{ code: 'card-number-already-registered' }]);
    const personId = personIdOf((await accounts.load(accountStream(accountId))).state);
    const cardId = randomUUID();
    const commitments = mine || personId === null ? {} : await vault.putCard(cardId, personId, order.cardNumber);
    const { kind, state, lastSwipedOn, media } = order;
    const { opening, claims } = openingOf(order, own);
    const data = { ...own, cardId, kind, state, lastSwipedOn, media, commitments, opening };
    const allClaims = [{ key: cardClaim, commandHash: own.commandHash }, ...claims];
    return acts.run({ accountId, command: { type: 'RegisterCard', data }, tracing, id: cardId, claims: allClaims });
  };

const saysOf = ({ kind, state, lastSwipedOn, opening }: RegisterCardOrder): Field[] => [
  kind,
  state,
  lastSwipedOn,
  opening?.currentYearFen ?? 0,
  opening?.priorYearFen ?? 0,
];

/** Money taken over with a card is a credit of its own, under the card's reference. */
const openingOf = ({ opening }: RegisterCardOrder, { key, commandHash }: Keyed) => {
  if (!opening) return { opening, claims: [] };
  const reference = key.slice('business-'.length);
  const hasMoney = opening.currentYearFen + opening.priorYearFen > 0;
  const claims: WantedClaim[] = hasMoney ? [{ key: creditKey('opening', reference), commandHash }] : [];
  return { opening: { ...opening, reference }, claims };
};

/** Acts on a card that is registered. Idempotency: by the organisation's reference. */
export const cardActs = (acts: AccountActs): Pick<Accounts, 'enableCard' | 'actOnCard'> => ({
  enableCard: (accountId, cardId, { reference, channel, financialAreaActivated }, tracing) => {
    const own = acts.keyed(tracing, reference, 'EnableCard', accountId, cardId, channel);
    const data = { ...own, cardId, channel, financialAreaActivated };
    return acts.run({ accountId, command: { type: 'EnableCard', data }, tracing, id: cardId });
  },
  actOnCard: (accountId, cardId, { reference, act, reason }, tracing) => {
    const own = acts.keyed(tracing, reference, act, accountId, cardId, reason);
    const commands = {
      stop: { type: 'StopCard', data: { ...own, cardId, reason } },
      cancel: { type: 'CancelCard', data: { ...own, cardId, cause: 'agency', reason } },
      reportLoss: { type: 'ReportTemporaryLoss', data: { ...own, cardId } },
      liftLoss: { type: 'LiftTemporaryLoss', data: { ...own, cardId } },
      seal: { type: 'SealSubAccount', data: { ...own, cardId, reason } },
      unseal: { type: 'UnsealSubAccount', data: { ...own, cardId, reason } },
    } as const satisfies Record<typeof act, MedicalAccountCommand>;
    return acts.run({ accountId, command: commands[act], tracing, id: cardId });
  },
});
