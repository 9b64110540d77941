import type { SignedBy } from './events';
import type { CardServiceRefusal } from './refusals';
import { type Applicant, isUnit, RELATIONS, type Relation, UNITS } from './words';

/** What is asked for; `financial` is what a proxy never does. */
export type Errand = 'nonFinancial' | 'financial' | 'batch';
export type Representing = Readonly<{
  signedBy: SignedBy;
  holderAge: 'minor' | 'adult';
  errand: Errand;
  /** Who may act for a holder here; null: any relation. */
  relations: readonly Relation[] | null;
  /** The holder signs himself and may not yet. */
  isTooYoung?: boolean;
  /** Of who signs for the holder, where his document was shown. */
  person?: Readonly<{ isHolder: boolean; isMinor: boolean }> | undefined;
}>;
/** Who takes a card, and for what the application says he may; `applicant` null: out of the hands of a unit. */
export type Receiving = Readonly<{ receivedBy: Applicant; applicant: Applicant | null }>;
/** Their words stand in the catalogue of the account, where the same holds for enabling a card. */
export type RepresentationRefusal =
  | Readonly<{ code: 'proxy-not-accepted'; relation: Relation | null; accepted: readonly Relation[] }>
  | Readonly<{ code: 'guardian-of-an-adult' }>
  | Readonly<{ code: 'proxy-for-financial-business' }>;

/** Where the pack does not say: of full capacity. Source: 民法典第十七条、第十八条. */
export const SIGNS_ALONE_FROM_AGE = 18;
/** Taking what is one's own suits one's age, and only benefits, from here on. Source: 民法典第十九条、第二十条. */
export const RECEIVES_ALONE_FROM_AGE = 8;

type PersonCode = 'holder-too-young-to-sign' | 'representative-is-holder' | 'representative-not-of-age';
const GUARDIANS: readonly Relation[] = ['guardian', 'parent'];

/** Where the city names nobody, any relation will do; a unit's never, but for a batch. */
const acceptedFor = ({ signedBy, errand, relations }: Representing): readonly Relation[] => {
  if (signedBy.signer === 'guardian') return GUARDIANS;
  return [...(relations ?? RELATIONS.filter((relation) => !isUnit(relation as Applicant))), ...(errand === 'batch' ? UNITS : [])];
};

/**
 * What stands against who acts for the holder: all non-financial business may be done by the relatives that the city accepts, and for a minor
 * by a guardian, until the holder is eighteen; financial business by nobody else. A unit applies and fetches for its people only. Source: Q8, Q9.
 */
export const againstRepresentative = (
  representing: Representing,
): readonly (RepresentationRefusal | Extract<CardServiceRefusal, { code: PersonCode }>)[] => {
  const { signedBy, holderAge, errand, isTooYoung = false, person } = representing;
  const { signer, relation } = signedBy;
  if (signer === 'holder') return isTooYoung && errand !== 'batch' ? [{ code: 'holder-too-young-to-sign' }] : [];
  const accepted = acceptedFor(representing);
  return [
    ...(relation !== null && accepted.includes(relation) ? [] : [{ code: 'proxy-not-accepted', relation, accepted } as const]),
    ...(signer === 'guardian' && holderAge !== 'minor' ? [{ code: 'guardian-of-an-adult' } as const] : []),
    ...(errand === 'financial' ? [{ code: 'proxy-for-financial-business' } as const] : []),
    ...againstPerson(person),
  ];
};

/** Whoever acts for the holder is somebody else, and of age, in whatever relation. */
export const againstPerson = (person: Representing['person']): readonly Extract<CardServiceRefusal, { code: PersonCode }>[] => [
  ...(person?.isHolder === true ? [{ code: 'representative-is-holder' } as const] : []),
  ...(person?.isMinor === true ? [{ code: 'representative-not-of-age' } as const] : []),
];

/**
 * Who takes the card signs for it: the holder, his proxy or guardian as such, a unit by its own clerk, and only the unit that had applied.
 * Source: Q9, J9.
 */
export const againstReceiver = (
  { signer, relation }: Pick<SignedBy, 'signer' | 'relation'>,
  { receivedBy, applicant }: Receiving,
): readonly CardServiceRefusal[] => {
  const signs = isUnit(receivedBy) ? signer === 'proxy' && relation === receivedBy : signer === receivedBy;
  const mayTake = applicant === null || !isUnit(receivedBy) || applicant === receivedBy;
  return [
    ...(mayTake ? [] : [{ code: 'receiver-not-the-applicant', receivedBy, applicant } as const]),
    ...(signs ? [] : [{ code: 'receiver-not-the-signer', receivedBy, signer, relation } as const]),
  ];
};
