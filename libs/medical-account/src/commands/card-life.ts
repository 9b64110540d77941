import type { BusinessDate, Command } from '#libs/kernel';
import type { CardIssue, CardKind, CardMedium, EnablementChannel, HolderProxy, Keyed, MedicalFen } from '../vocabulary';

/** `opening`: balances that stood on the card in a legacy system, credited to its own sub-account in the same append. */
export type RegisterCard = Command<
  'RegisterCard',
  Keyed & {
    cardId: string;
    kind: CardKind;
    state: 'registered' | 'inUse';
    lastSwipedOn: BusinessDate | null;
    media: readonly CardMedium[] | null;
    commitments: Readonly<Record<string, string>>;
    opening: Readonly<{ currentYearFen: MedicalFen; priorYearFen: MedicalFen; reference: string }> | null;
    issue: CardIssue | null;
    /** Of a temporary card: how many days it is to be valid; null: as many as the pack says. */
    validDays: number | null;
  }
>;
type ByOrder = Exclude<EnablementChannel, 'firstSwipe'>;
export type EnableCard = Command<
  'EnableCard',
  Keyed & { cardId: string; channel: ByOrder; financialAreaActivated: boolean; proxy: HolderProxy | null }
>;
export type StopCard = Command<'StopCard', Keyed & { cardId: string; reason: string }>;
export type CancelCard = Command<'CancelCard', Keyed & { cardId: string; cause: 'agency' | 'holder'; reason: string }>;
export type ReportTemporaryLoss = Command<'ReportTemporaryLoss', Keyed & { cardId: string }>;
export type LiftTemporaryLoss = Command<'LiftTemporaryLoss', Keyed & { cardId: string }>;
type Checked = Keyed & { cardId: string; identityCheck: string }; // The number of the check of the holder in person.
export type ReportFormalLoss = Command<'ReportFormalLoss', Checked>;
export type LiftFormalLoss = Command<'LiftFormalLoss', Checked>;
export type RetainCard = Command<'RetainCard', Keyed & { cardId: string; place: string }>;
export type ReturnCard = Command<'ReturnCard', Checked>;
export type CollectCard = Command<'CollectCard', Keyed & { cardId: string; place: string }>;
export type DestroyCard = Command<'DestroyCard', Keyed & { cardId: string; batch: string }>;
export type ReportFinancialArea = Command<'ReportFinancialArea', Keyed & { cardId: string; active: boolean }>;
export type ReportFinancialAreaLoss = Command<'ReportFinancialAreaLoss', Keyed & { cardId: string }>;
export type LiftFinancialAreaLoss = Command<'LiftFinancialAreaLoss', Keyed & { cardId: string }>;
export type ReportPinVerdict = Command<'ReportPinVerdict', Keyed & { cardId: string; verdict: 'right' | 'wrong'; reference: string }>;
export type UnlockPin = Command<'UnlockPin', Checked & { cause: 'unlock' | 'reset' }>;
