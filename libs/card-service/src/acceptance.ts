import type { AcceptanceFacts, ApplicationCommandData, CardOnAccount } from './commands';
import type { ApplicationEventData } from './events';
import type { CardServiceRefusal } from './refusals';
import { eachOnce, isUnit, type Obstacle, REASONS } from './words';

type Data = Readonly<ApplicationCommandData['AcceptApplication']>;
const when = (holds: boolean, refusal: CardServiceRefusal): readonly CardServiceRefusal[] => (holds ? [refusal] : []);
const found = (holds: boolean, code: Obstacle) => when(holds, { code, detail: null });

/** Everything that stands against an application, the clerk's findings among it. Source: X1, J5, J8, Q13. */
export const againstAcceptance = (data: Data, facts: AcceptanceFacts): readonly CardServiceRefusal[] => {
  const { kind, reason, accountId, applicant, unitCode } = data;
  const obstacles = eachOnce(data.obstacles);
  const allowed: readonly string[] = REASONS[kind];
  const fits = reason === null ? allowed.length === 0 : allowed.includes(reason);
  const named = new Set(obstacles.map(({ code }) => code));
  const own = [
    ...found(facts.identityIsWrong, 'identity-document-wrong-or-missing'),
    ...found(facts.dataDiffer, 'data-differ-from-insurance-system'),
    ...found(wantsPhoto(data, facts), 'photo-missing'),
    ...found(kind === 'firstIssue' && hasNew(facts.cards, 'inUse'), 'working-card-exists'),
    ...found(kind === 'firstIssue' && hasNew(facts.cards, 'registered'), 'issued-card-not-enabled'),
  ].filter((refusal) => !named.has(refusal.code as Obstacle));
  const insured = accountId !== '';
  return [
    ...when(!fits, { code: 'application-reason-does-not-fit', kind, reasons: allowed }),
    ...(unitCode === undefined || isUnit(applicant) ? [] : [{ code: 'unit-without-its-application', applicant, unitCode } as const]),
    ...when(!insured && !facts.identityIsWrong, { code: 'holder-not-insured-here' }),
    ...obstacles,
    ...own,
    ...(insured ? [...againstFirst(data, facts.cards), ...againstReplacing(data, facts.cards)] : []),
    ...(facts.underWay === null ? [] : [{ code: 'application-under-way' as const, ...facts.underWay }]),
  ];
};

/** A first card and one exchanged for its photo want a new photo; small children get a card without one. Source: X1, Q13. */
const wantsPhoto = ({ kind, reason, photoReference }: Data, { mayBeWithoutPhoto }: AcceptanceFacts): boolean => {
  if (photoReference !== null) return false;
  return (kind === 'firstIssue' && !mayBeWithoutPhoto) || reason === 'photo';
};

const hasNew = (cards: readonly CardOnAccount[], wanted: string): boolean => cards.some(({ isNew, state }) => isNew && state === wanted);

/** By what a new card is made anew that is out of the holder's hands; its term is another than that of a first one. Source: J5, S3. */
const ANEW_BY: Readonly<Record<string, 'replacement' | 'exchange'>> = {
  temporarilyLost: 'replacement',
  lost: 'replacement',
  retained: 'exchange',
};
const ofAnotherKind = ({ cardId, state }: CardOnAccount): readonly CardServiceRefusal[] => {
  const wanted = ANEW_BY[state];
  return wanted === undefined ? [] : [{ code: 'application-of-another-kind', wanted, cardId, state }];
};

const againstFirst = ({ kind }: Data, cards: readonly CardOnAccount[]): readonly CardServiceRefusal[] => {
  if (kind !== 'firstIssue' || hasNew(cards, 'inUse') || hasNew(cards, 'registered')) return [];
  return cards.flatMap((card) => (card.isNew ? ofAnotherKind(card) : []));
};

const NOT_LOST: readonly string[] = ['registered', 'inUse', 'temporarilyLost', 'retained'];
/** Source: J5 (a lost old card is not issued again). */
const againstReplacing = ({ kind, replacesCardId }: Data, cards: readonly CardOnAccount[]): readonly CardServiceRefusal[] => {
  if (kind !== 'replacement' && kind !== 'exchange') return [];
  if (replacesCardId === null) return [{ code: 'application-without-card-to-replace' }];
  const card = cards.find(({ cardId }) => cardId === replacesCardId);
  if (!card) return [{ code: 'card-to-replace-unknown', cardId: replacesCardId }];
  if (!card.isNew) return [{ code: 'old-card-not-reissued', cardId: replacesCardId }];
  if (kind === 'exchange') return ANEW_BY[card.state] === 'replacement' ? ofAnotherKind(card) : [];
  return when(NOT_LOST.includes(card.state), { code: 'loss-not-reported', cardId: replacesCardId });
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
