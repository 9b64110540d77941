import type { ApplicationEventData } from '#libs/card-service';
import type { Credentials } from '../accounts/credentials';
import type { Accounts, ActAnswer, Answer, ApplicationAct, RegisterCardOrder } from '../engine';
import type { Tracing } from '../envelope';

type Accepted = Readonly<ApplicationEventData['CardApplicationAccepted.v1']>;
type Parts = Readonly<{ registerCard: Accounts['registerCard']; credentials: Credentials }>;
type WithCard = Extract<ApplicationAct, { act: 'issue' | 'link' }>;

/**
 * The account gets the card that an application brought, through the same command as every card: not yet enabled.
 * Idempotency: by the application, whoever hands it over: the business number is that of the organisation which accepted it.
 */
export const cardFor = async (
  { registerCard }: Parts,
  accepted: Accepted,
  { cardNumber }: WithCard,
  tracing: Tracing,
): Promise<Answer<string>> => {
  const { accountId, applicationId, cardKind } = accepted;
  const order = { reference: `card-application-${applicationId}`, cardNumber, kind: cardKind, ...asNew, ...issueOf(accepted) };
  return idOf(await registerCard(accountId, order, inTheNameOf(accepted, tracing)));
};

/** A card that works: the account's own, or one that it gets as it is. Source: J8 (关联使用). */
export const cardLinkedBy = async (parts: Parts, accepted: Accepted, act: WithCard, tracing: Tracing): Promise<Answer<string>> => {
  const { accountId, applicationId, cardKind } = accepted;
  const { cardNumber } = act;
  const known = await parts.credentials.resolve({ kind: 'socialSecurityCard', number: cardNumber }, () => Promise.resolve([]));
  if (known?.cardId && known.accountId === accountId) return { kind: 'done', replayed: false, value: known.cardId };
  const kind = act.act === 'link' ? act.cardKind : cardKind;
  const order = { ...asNew, reference: `card-link-${applicationId}`, cardNumber, kind, state: 'inUse' as const };
  return idOf(await parts.registerCard(accountId, order, inTheNameOf(accepted, tracing)));
};

const asNew = { state: 'registered', lastSwipedOn: null, media: null, opening: null } as const satisfies Partial<RegisterCardOrder>;

/** What the card's own record keeps of why it was made. */
const issueOf = ({ kind, reason, replacesCardId }: Accepted) => {
  const isTemporary = kind === 'temporary';
  return { issue: { replacesCardId, exchange: isTemporary ? null : reason, temporaryReason: isTemporary ? reason : null } } as object;
};

const inTheNameOf = ({ organisation }: Accepted, tracing: Tracing): Tracing => ({ ...tracing, actor: { ...tracing.actor, organisation } });

const idOf = (answer: Answer<ActAnswer>): Answer<string> => {
  if (answer.kind !== 'done') return answer;
  if (answer.value.id === null) throw new Error('a card was registered without an id');
  return { ...answer, value: answer.value.id };
};
