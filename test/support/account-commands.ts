import { type FreezeScope, medicalFen as f, type MedicalAccountCommand, settlementKey } from '#libs/medical-account';
import { swipe } from './account-fixture';
import {
  accountId,
  cardId,
  type Freeze,
  HOUR_MS,
  INSURANCE,
  institutionCode,
  KINDS,
  LAST_SWIPED,
  type Step,
  type Swipe,
} from './account-steps';

/** Where a step stands in its history: its number is what its keys and ids are made of. */
export type Place = Readonly<{ nth: number; now: number; freezeIds: readonly string[][] }>;
type On<K extends Step['kind']> = Extract<Step, { kind: K }>;
/** The steps of one account's own acts; `cancel` and `reverse` name a serial instead. */
type OwnStep = Exclude<Step, { kind: 'cancel' | 'reverse' | 'repeat' | 'due' | 'wait' | 'suspend' | 'resume' }>;

const instant = (ms: number): string => new Date(ms).toISOString();
const serialOf = (serial: number): string => `N${serial}`;
export const keyOf = (institution: number, serial: number): string => settlementKey(institutionCode(institution), serialOf(serial));
const hashed = (key: string, step: Step, nth: number) => ({ key, commandHash: JSON.stringify([step, nth]) });
const REASON = { reason: 'asked for' };

const scopeOf = ({ scope, account, card, fen }: Freeze): FreezeScope => {
  if (scope === 'person') return { kind: scope };
  return scope === 'amount' ? { kind: scope, amountFen: f(fen) } : { kind: scope, cardId: cardId(account, card) };
};

const swipeOf = (step: Swipe, { nth, now }: Place): MedicalAccountCommand => {
  const { account, card, credential, institution, serial, fund, eligible, rest, mode, late, replaces } = step;
  return swipe({
    ...hashed(keyOf(institution, serial), step, nth),
    institutionCode: institutionCode(institution),
    serial: serialOf(serial),
    entry: late === null ? 'online' : 'late',
    lateReason: late === null ? null : 'the line was down',
    approval: late?.approved ? 'agency-1' : null,
    occurredAt: instant(late === null ? now : now - late.hours * HOUR_MS),
    credentialKind: card === null ? credential : 'socialSecurityCard',
    cardId: card === null ? null : cardId(account, card),
    insuranceType: INSURANCE[account] ?? 'employee',
    totalFeeFen: f(fund + eligible + rest),
    fundPaidFen: f(fund),
    accountEligibleFen: f(eligible),
    payment: mode,
    replacesKey: replaces === null ? null : keyOf(institution, replaces),
  });
};

const freezeOf = (step: Freeze, keyed: { key: string; commandHash: string }, { nth, now }: Place): MedicalAccountCommand => {
  const at = (hours: number | null) => (hours === null ? null : instant(now + hours * HOUR_MS));
  const order = { freezeId: `F${nth}`, cause: step.cause, legalDocument: 'D', placedBy: 'court' };
  return { type: 'PlaceFreeze', data: { ...keyed, ...order, scope: scopeOf(step), from: at(step.fromHours), until: at(step.untilHours) } };
};

const opened = ({ account }: On<'open'>, keyed: { key: string; commandHash: string }): MedicalAccountCommand => {
  const holder = { accountId: accountId(account), personId: `person-${account}`, poolingArea: '370200', district: null, commitments: {} };
  return { type: 'OpenAccount', data: { ...keyed, ...holder, insuranceType: INSURANCE[account] ?? 'employee' } };
};

const registered = (
  { account, card, as, opening }: On<'register'>,
  keyed: { key: string; commandHash: string },
): MedicalAccountCommand => ({
  type: 'RegisterCard',
  data: {
    ...keyed,
    cardId: cardId(account, card),
    kind: KINDS[card] ?? 'temporary',
    state: as,
    lastSwipedOn: LAST_SWIPED[card] ?? null,
    media: null,
    commitments: {},
    opening: opening && {
      currentYearFen: f(opening.currentYear),
      priorYearFen: f(opening.priorYear),
      reference: keyed.key,
    },
    issue: null,
    validDays: null,
  },
});

/** The engine's command for a step of one account. */
// eslint-disable-next-line complexity -- one flat case a kind of step
export const commandOf = (step: OwnStep, place: Place): MedicalAccountCommand => {
  const { nth, freezeIds } = place;
  const keyed = hashed(`business-step-${nth}`, step, nth);
  const onCard = 'card' in step && step.card !== null ? { ...keyed, cardId: cardId(step.account, step.card) } : { ...keyed, cardId: '' };
  switch (step.kind) {
    case 'open':
      return opened(step, keyed);
    case 'register':
      return registered(step, keyed);
    case 'credit': {
      const origin = { source: 'retiree', reference: `${nth}`, period: null, legalBasis: null } as const;
      return { type: 'CreditAccount', data: { ...keyed, ...origin, amountFen: f(step.fen), bucket: step.bucket } };
    }
    case 'correct':
      return { type: 'CorrectAccount', data: { ...keyed, ...REASON, amountFen: f(step.fen), legalBasis: 'L' } };
    case 'transfer': {
      const fromCardId = step.from === null ? 'cardless' : cardId(step.account, step.from);
      return { type: 'TransferBalance', data: { ...keyed, fromCardId, toCardId: cardId(step.account, step.to), place: null } };
    }
    case 'enable':
      return { type: 'EnableCard', data: { ...onCard, channel: 'bankOutlet', financialAreaActivated: false, proxy: null } };
    case 'stop':
      return { type: 'StopCard', data: { ...onCard, ...REASON } };
    case 'cancelCard':
      return { type: 'CancelCard', data: { ...onCard, ...REASON, cause: 'holder' } };
    case 'lose':
      return { type: 'ReportTemporaryLoss', data: onCard };
    case 'lift':
      return { type: 'LiftTemporaryLoss', data: onCard };
    case 'loseForGood':
      return { type: 'ReportFormalLoss', data: { ...onCard, identityCheck: 'IDC-1' } };
    case 'find':
      return { type: 'LiftFormalLoss', data: { ...onCard, identityCheck: 'IDC-1' } };
    case 'retain':
      return { type: 'RetainCard', data: { ...onCard, place: 'ATM-1' } };
    case 'handBack':
      return { type: 'ReturnCard', data: { ...onCard, identityCheck: 'IDC-1' } };
    case 'collect':
      return { type: 'CollectCard', data: { ...onCard, place: 'outlet-1' } };
    case 'destroy':
      return { type: 'DestroyCard', data: { ...onCard, batch: 'D-1' } };
    case 'pinRight':
    case 'pinWrong':
      return {
        type: 'ReportPinVerdict',
        data: { ...onCard, verdict: step.kind === 'pinRight' ? 'right' : 'wrong', reference: `HSM-${onCard.key}` },
      };
    case 'unlockPin':
    case 'resetPin':
      return { type: 'UnlockPin', data: { ...onCard, cause: step.kind === 'resetPin' ? 'reset' : 'unlock', identityCheck: 'IDC-1' } };
    case 'seal':
      return { type: 'SealSubAccount', data: { ...onCard, ...REASON } };
    case 'unseal':
      return { type: 'UnsealSubAccount', data: { ...onCard, ...REASON } };
    case 'freeze':
      return freezeOf(step, keyed, place);
    case 'thaw':
      return {
        type: 'LiftFreeze',
        data: { ...keyed, ...REASON, freezeId: freezeIds[step.account]?.[step.nth] ?? 'none', liftedBy: 'court' },
      };
    case 'swipe':
      return swipeOf(step, place);
  }
};

/** A cancellation or a reversal: it names a serial, and the claim tells which account that stands on. */
export const undoOf = (step: On<'cancel'> | On<'reverse'>, nth: number) => {
  const { institution, target, serial } = step;
  const own = {
    ...hashed(keyOf(institution, serial), step, nth),
    institutionCode: institutionCode(institution),
    serial: serialOf(serial),
    note: null,
    byAgency: false,
  };
  const targetKey = keyOf(institution, target);
  if (step.kind === 'reverse') return { type: 'ReverseSettlement', data: { ...own, targetKey } } as const;
  const amounts = { amountFen: step.fen === null ? null : f(step.fen), fundReturnedFen: step.fund === null ? null : f(step.fund) };
  return { type: 'CancelSettlement', data: { ...own, ...amounts, settlementKey: targetKey, reason: 'returnGoods' } } as const;
};
