import { businessDateOf, daysBetween, type Instant, MINUTE_MS, msOf } from '#libs/kernel';
import { isLockedAt, unusable } from './card-refusals';
import type { AccountFacts, AccountPolicy, InstitutionFacts, PostSwipe } from './commands';
import { newerInUse } from './enablement';
import { type CardKind, type CardMedium, type CardRecord, type CardState, type CredentialKind, medicalFen } from './events';
import type { AccountRefusal } from './refusals';
import { barredByTransferAt } from './relation-state';
import { type AccountState, cardStateAt, cardStateNow, inForceAt, isSealed, locationOf } from './state';

type Swipe = PostSwipe['data'];
const MINUTE_DIGITS = '2026-03-01T01:00'.length;

/** A late entry is judged on what held when it occurred; an online one on what holds now. */
export const judgedAt = ({ entry, occurredAt }: Swipe, { decidedAt }: AccountFacts): Instant => (entry === 'late' ? occurredAt : decidedAt);

/** What bars the institution, its terminal, its operator or the category there. Source: 医保局令第2号、第3号; per category: the pack. */
export const institutionRefusals = (swipe: Swipe, { institution }: AccountFacts, policy: AccountPolicy): AccountRefusal[] => {
  if (institution === null) return [{ code: 'institution-not-registered' }];
  const refusals = agreementRefusals(institution);
  if (institution.terminal === null) refusals.push({ code: 'terminal-unknown', terminalCode: swipe.terminalCode });
  if (institution.operatorBarred) refusals.push({ code: 'operator-barred', operatorCode: swipe.operatorCode });
  return [...refusals, ...categoryRefusals(swipe, institution, policy), ...holderCheckRefusals(swipe, institution, policy)];
};

const agreementRefusals = ({ agreement, succeededBy }: InstitutionFacts): AccountRefusal[] => {
  const { status, revision: agreementRevision } = agreement;
  const refusals: AccountRefusal[] = [];
  if (succeededBy !== null) refusals.push({ code: 'institution-succeeded', byInstitutionCode: succeededBy });
  if (status === 'closed') refusals.push({ code: 'institution-closed', agreementRevision });
  if (status === 'none') refusals.push({ code: 'agreement-missing', agreementRevision });
  if (status === 'suspended') refusals.push({ code: 'agreement-suspended', agreementRevision });
  if (status === 'terminated') refusals.push({ code: 'agreement-terminated', agreementRevision });
  return refusals;
};

const categoryRefusals = (swipe: Swipe, { kind, agreement }: InstitutionFacts, policy: AccountPolicy): AccountRefusal[] => {
  const { medicalCategory } = swipe;
  const { service, institutionKinds, accountMayPay } = policy.medicalCategories[medicalCategory];
  const refusals: AccountRefusal[] = [];
  if (!institutionKinds.includes(kind)) refusals.push({ code: 'category-not-at-this-institution', medicalCategory, kind });
  if (!agreement.services.includes(service))
    refusals.push({ code: 'service-not-in-agreement', service, agreementRevision: agreement.revision });
  if (!accountMayPay && swipe.payment !== 'none') refusals.push({ code: 'category-not-payable-by-account', medicalCategory });
  return refusals;
};

/** Source: Q12, passwords outside hospitals, identity check and signature inside them; an attribute of the institution, not of the visit. */
const holderCheckRefusals = ({ holderCheck }: Swipe, institution: InstitutionFacts, { holderChecks }: AccountPolicy): AccountRefusal[] => {
  const accepted = institution.identityCheckEquipped ? holderChecks.equipped : holderChecks.otherwise;
  if (accepted.includes(holderCheck.method)) return [];
  return [{ code: 'holder-check-not-accepted', method: holderCheck.method, accepted }];
};

/** What is wrong with the message itself, whoever the card belongs to: amounts, credential kind, time of the swipe. */
export const formRefusals = (swipe: Swipe, facts: AccountFacts, policy: AccountPolicy): AccountRefusal[] => {
  const refusals: AccountRefusal[] = [];
  if (!policy.credentials.includes(swipe.credentialKind))
    refusals.push({ code: 'credential-not-accepted', credentialKind: swipe.credentialKind });
  if (swipe.totalFeeFen <= 0) refusals.push({ code: 'amount-not-positive', field: 'totalFee' });
  if (swipe.fundPaidFen < 0) refusals.push({ code: 'amount-not-positive', field: 'fundPaid' });
  if (swipe.accountEligibleFen < 0) refusals.push({ code: 'amount-not-positive', field: 'accountEligible' });
  const ownPartFen = medicalFen(swipe.totalFeeFen - swipe.fundPaidFen);
  if (ownPartFen < 0) refusals.push({ code: 'fund-paid-beyond-total' });
  else if (swipe.accountEligibleFen > ownPartFen) refusals.push({ code: 'eligible-beyond-own-part', ownPartFen });
  return [...refusals, ...(swipe.entry === 'late' ? lateRefusals(swipe, facts, policy) : onlineRefusals(swipe, facts, policy))];
};

const onlineRefusals = ({ occurredAt }: Swipe, { decidedAt }: AccountFacts, policy: AccountPolicy): AccountRefusal[] => {
  const minutes = policy.onlineWindowMinutes;
  if (minutes > 0 && occurredAt.slice(0, MINUTE_DIGITS) === decidedAt.slice(0, MINUTE_DIGITS)) return []; // Nearly always.
  const within = Math.abs(msOf(occurredAt) - msOf(decidedAt)) <= minutes * MINUTE_MS;
  return within ? [] : [{ code: 'occurred-outside-online-window', occurredAt, minutes }];
};

const lateRefusals = (
  { occurredAt, lateReason, approval }: Swipe,
  { decidedAt }: AccountFacts,
  policy: AccountPolicy,
): AccountRefusal[] => {
  const refusals: AccountRefusal[] = [];
  const days = policy.lateEntryDays;
  if (occurredAt > decidedAt) refusals.push({ code: 'occurred-in-the-future', occurredAt });
  if (lateReason === null || lateReason.trim() === '') refusals.push({ code: 'late-reason-missing' });
  if (approval === null && daysBetween(businessDateOf(occurredAt), businessDateOf(decidedAt)) > days)
    refusals.push({ code: 'late-entry-needs-approval', occurredAt, days });
  return refusals;
};

/** The card as presented; `enables` when this swipe is its first and the pack lets the first swipe enable it. */
export type Presented =
  | Readonly<{ kind: 'barred'; refusals: readonly AccountRefusal[] }>
  | Readonly<{ kind: 'usable'; cardId: string | null; card: CardRecord | null; enables: boolean }>;

/** Judges the card alone. Privacy: a card that is unknown, lost, stopped or cancelled must reveal nothing else about its person. */
export const judgeCard = (swipe: Swipe, state: AccountState, facts: AccountFacts, policy: AccountPolicy): Presented => {
  const { cardId } = swipe;
  if (state.holder === null) return { kind: 'barred', refusals: [{ code: 'card-unknown' }] };
  if (cardId === null) return { kind: 'usable', cardId, card: null, enables: false };
  const card = state.cards.get(cardId);
  if (card === undefined) return { kind: 'barred', refusals: [{ code: 'card-unknown' }] };
  const then = cardStateAt(card, judgedAt(swipe, facts));
  const first = then === 'registered' && enablesOnFirstSwipe(card, policy);
  const enables = first && cardStateNow(card) === 'registered';
  // A late entry from before the enablement was the first swipe in truth, if the card was enabled since.
  const wasFirst = first && card.timeline.some(({ state: entered }) => entered === 'inUse');
  const refusals = barredAt(then, { cardId, card, enables, wasFirst }, state, { facts, policy });
  if (card.pin !== null && isLockedAt(card, judgedAt(swipe, facts))) refusals.push({ code: 'pin-locked', cardId });
  return refusals.length > 0 ? { kind: 'barred', refusals } : { kind: 'usable', cardId, card, enables };
};

type Shown = Readonly<{ cardId: string; card: CardRecord; enables: boolean; wasFirst: boolean }>;

/** A first swipe is barred by nothing but a newer card in use. */
const barredAt = (
  then: CardState | undefined,
  { cardId, card, enables, wasFirst }: Shown,
  state: AccountState,
  { facts, policy }: Readonly<{ facts: AccountFacts; policy: AccountPolicy }>,
): AccountRefusal[] => {
  if (enables) return newerInUse(cardId, state, policy);
  return wasFirst ? [] : unusable(cardId, card, then, facts.policies);
};

/** Source: J1, the first swipe enables; only new cards have a social security area to be enabled. */
const enablesOnFirstSwipe = ({ kind }: CardRecord, { enablement, cardKinds }: AccountPolicy): boolean =>
  enablement.channels.includes('firstSwipe') && cardKinds[kind]?.generation === 'new';

/** What is told only to who holds a usable card of the person: pooling area, media, insurance. */
export const personRefusals = (swipe: Swipe, card: CardRecord | null, state: AccountState, facts: AccountFacts): AccountRefusal[] => {
  const refusals: AccountRefusal[] = [];
  const { institution } = facts;
  const left = barredByTransferAt(state, judgedAt(swipe, facts));
  if (left) refusals.push({ code: 'relation-transferred', transferId: left.transferId, toPoolingArea: left.record.toPoolingArea });
  const { poolingArea = '', insuranceType = swipe.insuranceType } = state.holder ?? {};
  if (institution !== null && institution.poolingArea !== poolingArea) refusals.push({ code: 'card-of-another-pooling-area', poolingArea });
  const reads = institution?.terminal?.media;
  const needs = mediaOf(swipe, card);
  if (reads !== undefined && !needs.some((medium) => reads.includes(medium)))
    refusals.push({ code: 'terminal-cannot-read-credential', reads, needs, bring: readableFrom(reads, state) });
  if (insuranceType !== swipe.insuranceType) refusals.push({ code: 'insurance-type-differs', recorded: insuranceType });
  return refusals;
};

/** What of this person's the terminal does read: cards in use, newest kind first as the account keeps them, then what stands for the person. */
const readableFrom = (reads: readonly CardMedium[], { cards }: AccountState): (CardKind | CredentialKind)[] => {
  const kinds = [...cards.values()].flatMap((card) =>
    cardStateNow(card) === 'inUse' && card.media.some((medium) => reads.includes(medium)) ? [card.kind] : [],
  );
  return [
    ...new Set<CardKind | CredentialKind>([
      ...kinds,
      ...(reads.includes('qr') ? (['eCredential'] as const) : []),
      ...(reads.includes('contactless') ? (['identityCard'] as const) : []),
    ]),
  ];
};

/** Source: S6, some readers read only old cards. */
const mediaOf = ({ credentialKind }: Swipe, card: CardRecord | null): readonly CardMedium[] => {
  if (credentialKind === 'eCredential') return ['qr'];
  if (credentialKind === 'identityCard') return ['contactless'];
  return card?.media ?? [];
};

type Drawn = Readonly<{ swipe: Swipe; drawnOn: string; state: AccountState; facts: AccountFacts; policy: AccountPolicy }>;

/** Freezes that bar a payment at the judged instant; those on a sub-account follow its money to the successor. */
export const freezeRefusals = ({ swipe, drawnOn, state, facts, policy }: Drawn): AccountRefusal[] => {
  const at = judgedAt(swipe, facts);
  const refusals: AccountRefusal[] = [];
  for (const freeze of state.freezes.values()) {
    const { scope, cause, until } = freeze;
    if (!policy.freezeCauses[cause].blocksDebit || !inForceAt(freeze, at)) continue;
    const bars =
      scope.kind === 'person' ||
      (scope.kind === 'cardArea' && scope.cardId === swipe.cardId) ||
      (scope.kind === 'subAccount' && swipe.payment !== 'none' && locationOf(state, scope.cardId) === drawnOn);
    if (bars) refusals.push({ code: 'debit-frozen', cause, scope: scope.kind, until });
  }
  return refusals;
};

/**
 * Sealed money pays nothing, except a late entry of a swipe from before the seal: the holder had paid with it when the card was in order, and
 * only the entry came later. A seal of the agency is judged by its own days; every other one came with the end of a card, which is judged
 * before. Money of a replaced card is with its successor, or sealed until it moves; both pay.
 */
export const sealRefusals = (swipe: Swipe, drawnOn: string, state: AccountState): AccountRefusal[] => {
  if (swipe.payment === 'none') return [];
  const { entry, occurredAt } = swipe;
  const isBarred = entry === 'late' ? isSealedByAgencyAt(state, drawnOn, occurredAt) : isSealed(state, drawnOn);
  return isBarred ? [{ code: 'sub-account-sealed', cardId: drawnOn }] : [];
};

const isSealedByAgencyAt = ({ cards }: AccountState, cardId: string, instant: Instant): boolean =>
  cards.get(cardId)?.agencySeals?.some(({ from, until }) => from <= instant && (until === null || instant < until)) === true;
