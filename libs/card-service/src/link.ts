import type { CardOnAccount } from './commands';
import type { ApplicationEventData } from './events';
import type { CardServiceRefusal } from './refusals';

type Accepted = Readonly<Pick<ApplicationEventData['CardApplicationAccepted.v1'], 'cardKind' | 'replacesCardId'>>;
/** `said`: of which kind the clerk says that it is. */
export type LinkedCard = Pick<CardOnAccount, 'cardId' | 'kind' | 'state'> & Readonly<{ said: string }>;

/** What stands against a card instead of the one applied for: it is of that kind, in use, and not the one to be replaced. Source: J8. */
export const againstLink = (
  { cardKind, replacesCardId }: Accepted,
  { cardId, kind, state, said }: LinkedCard,
): readonly CardServiceRefusal[] => {
  const other = [kind, said].find((one) => one !== cardKind);
  return [
    ...(other === undefined ? [] : [{ code: 'linked-card-of-another-kind', kind: other, wanted: cardKind } as const]),
    ...(state === 'inUse' ? [] : [{ code: 'linked-card-not-in-use', cardId, state } as const]),
    ...(cardId === replacesCardId ? [{ code: 'linked-card-to-be-replaced', cardId } as const] : []),
  ];
};
