import { type ApplicationEventData, againstLink } from '#libs/card-service';
import type { CardIssue } from '#libs/medical-account';
import type { Credentials } from '../accounts/credentials';
import { refused } from '../answers';
import type { Accounts, ActAnswer, Answer, ApplicationAct, RegisterCardOrder } from '../engine';
import type { Tracing } from '../envelope';
import { cardsOf } from './acceptance-facts';

type Accepted = Readonly<ApplicationEventData['CardApplicationAccepted.v1']>;
type Parts = Readonly<{ registerCard: Accounts['registerCard']; credentials: Credentials; views: Pick<Accounts, 'view'> }>;
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
  const order = { reference: `card-application-${applicationId}`, cardNumber, kind: cardKind, ...asNew, issue: issueOf(accepted) };
  return idOf(await registerCard(accountId, order, inTheNameOf(accepted, tracing)));
};

/**
 * A card that works: the account's own, or one that it gets as it is. Refusals: one of another kind, out of use, or the very card to be replaced.
 * Source: J8 (关联使用).
 */
export const cardLinkedBy = async (parts: Parts, accepted: Accepted, act: WithCard, tracing: Tracing): Promise<Answer<string>> => {
  const { accountId, applicationId, cardKind } = accepted;
  const { cardNumber } = act;
  const known = await parts.credentials.resolve({ kind: 'socialSecurityCard', number: cardNumber }, () => Promise.resolve([]));
  const kind = act.act === 'link' ? act.cardKind : cardKind;
  const isOwn = known?.cardId != null && known.accountId === accountId;
  const own = isOwn ? (await cardsOf(parts, accountId)).find(({ cardId }) => cardId === known.cardId) : undefined;
  const refusals = againstLink(accepted, { ...(own ?? { cardId: '', kind, state: 'inUse' }), said: kind });
  if (refusals.length > 0) return refused(refusals);
  if (own) return { kind: 'done', replayed: false, value: own.cardId };
  const order = { ...asNew, reference: `card-link-${applicationId}`, cardNumber, kind, state: 'inUse' as const };
  return idOf(await parts.registerCard(accountId, order, inTheNameOf(accepted, tracing)));
};

const asNew = { state: 'registered', lastSwipedOn: null, media: null, opening: null } as const satisfies Partial<RegisterCardOrder>;

/** What the card's own record keeps of why it was made. */
export const issueOf = ({ kind, reason, replacesCardId }: Pick<Accepted, 'kind' | 'reason' | 'replacesCardId'>): CardIssue => {
  const isTemporary = kind === 'temporary';
  return { replacesCardId, exchange: isTemporary ? null : reason, temporaryReason: isTemporary ? reason : null } as CardIssue;
};

const inTheNameOf = ({ organisation }: Accepted, tracing: Tracing): Tracing => ({ ...tracing, actor: { ...tracing.actor, organisation } });

const idOf = (answer: Answer<ActAnswer>): Answer<string> => {
  if (answer.kind !== 'done') return answer;
  if (answer.value.id === null) throw new Error('a card was registered without an id');
  return { ...answer, value: answer.value.id };
};
