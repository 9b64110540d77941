import type { AcceptanceFacts, ApplicationCommandData, CardOnAccount } from './commands';
import type { ApplicationEventData } from './events';
import type { CardServiceRefusal } from './refusals';
import { type Obstacle, REASONS } from './words';

type Data = Readonly<ApplicationCommandData['AcceptApplication']>;
const when = (holds: boolean, refusal: CardServiceRefusal): readonly CardServiceRefusal[] => (holds ? [refusal] : []);
const found = (holds: boolean, code: Obstacle) => when(holds, { code, detail: null });

/** Everything that stands against an application, the clerk's findings among it. Source: X1, J5, J8, Q13. */
export const againstAcceptance = (data: Data, facts: AcceptanceFacts): readonly CardServiceRefusal[] => {
  const { kind, reason, accountId, obstacles } = data;
  const allowed: readonly string[] = REASONS[kind];
  const fits = reason === null ? allowed.length === 0 : allowed.includes(reason);
  const named = new Set(obstacles.map(({ code }) => code));
  const own = [
    ...found(facts.identityIsWrong, 'identity-document-wrong-or-missing'),
    ...found(facts.dataDiffer, 'data-differ-from-insurance-system'),
    ...found(wantsPhoto(data, facts), 'photo-missing'),
    ...found(kind === 'firstIssue' && facts.cards.some(({ isNew, works }) => isNew && works), 'working-card-exists'),
  ].filter((refusal) => !named.has(refusal.code as Obstacle));
  const insured = accountId !== '';
  return [
    ...when(!fits, { code: 'application-reason-does-not-fit', kind, reasons: allowed }),
    ...when(!insured && !facts.identityIsWrong, { code: 'holder-not-insured-here' }),
    ...obstacles,
    ...own,
    ...(insured ? againstReplacing(data, facts.cards) : []),
    ...(facts.underWay === null ? [] : [{ code: 'application-under-way' as const, ...facts.underWay }]),
  ];
};

/** A first card and one exchanged for its photo want a new photo; small children get a card without one. Source: X1, Q13. */
const wantsPhoto = ({ kind, reason, photoReference }: Data, { mayBeWithoutPhoto }: AcceptanceFacts): boolean => {
  if (photoReference !== null) return false;
  return (kind === 'firstIssue' && !mayBeWithoutPhoto) || reason === 'photo';
};

/** Source: J5 (a lost old card is not issued again). */
const againstReplacing = ({ kind, replacesCardId }: Data, cards: readonly CardOnAccount[]): readonly CardServiceRefusal[] => {
  if (kind !== 'replacement' && kind !== 'exchange') return [];
  if (replacesCardId === null) return [{ code: 'application-without-card-to-replace' }];
  const card = cards.find(({ cardId }) => cardId === replacesCardId);
  if (!card) return [{ code: 'card-to-replace-unknown', cardId: replacesCardId }];
  if (!card.isNew) return [{ code: 'old-card-not-reissued', cardId: replacesCardId }];
  return when(kind === 'replacement' && card.works, { code: 'loss-not-reported', cardId: replacesCardId });
};

export const acceptedFact = (data: Data, facts: AcceptanceFacts): ApplicationEventData['CardApplicationAccepted.v1'] => {
  const { obstacles: _none, pickUpPlace: place, ...same } = data;
  const { due, packId, enquiryTelephone, complaintTelephone } = facts;
  return {
    ...same,
    packId,
    dueOn: due?.on ?? null,
    dueOnIsProvisional: due?.isProvisional ?? false,
    pickUp: { place, enquiryTelephone, complaintTelephone },
  };
};
