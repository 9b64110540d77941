import type { SignedBy } from './events';
import { type Relation, UNITS } from './words';

/** What is asked for; `financial` is what a proxy never does. */
export type Errand = 'nonFinancial' | 'financial' | 'batch';
export type Representing = Readonly<{
  signedBy: SignedBy;
  holderAge: 'minor' | 'adult';
  errand: Errand;
  /** Who may act for a holder here; null: any relation. */
  relations: readonly Relation[] | null;
}>;
/** Their words stand in the catalogue of the account, where the same holds for enabling a card. */
export type RepresentationRefusal =
  | Readonly<{ code: 'proxy-not-accepted'; relation: Relation | null; accepted: readonly Relation[] }>
  | Readonly<{ code: 'guardian-of-an-adult' }>
  | Readonly<{ code: 'proxy-for-financial-business' }>;

const GUARDIANS: readonly Relation[] = ['guardian', 'parent'];

/**
 * What stands against who acts for the holder: all non-financial business may be done by the relatives that the city accepts, and for a minor
 * by a guardian, until the holder is eighteen; financial business by nobody else. A unit applies and fetches for its people only. Source: Q8, Q9.
 */
export const againstRepresentative = ({ signedBy, holderAge, errand, relations }: Representing): readonly RepresentationRefusal[] => {
  const { signer, relation } = signedBy;
  if (signer === 'holder') return [];
  const accepted = signer === 'guardian' ? GUARDIANS : [...(relations ?? []), ...(errand === 'batch' ? UNITS : [])];
  const isAccepted = (signer === 'proxy' && relations === null) || (relation !== null && accepted.includes(relation));
  return [
    ...(isAccepted ? [] : [{ code: 'proxy-not-accepted', relation, accepted } as const]),
    ...(signer === 'guardian' && holderAge !== 'minor' ? [{ code: 'guardian-of-an-adult' } as const] : []),
    ...(errand === 'financial' ? [{ code: 'proxy-for-financial-business' } as const] : []),
  ];
};
