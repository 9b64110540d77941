import { type BusinessDate, type Fen, fen, type Instant, type Leg } from '#libs/kernel';

export type MedicalFen = Fen<'medical'>;
export const medicalFen = fen<'medical'>;

/** 当年 / 历年. */
export type Bucket = 'currentYear' | 'priorYear';
export const BUCKETS: readonly Bucket[] = ['currentYear', 'priorYear'];
/** A sub-account (分户) is named by its card; the money of a person without a card in use stands on the cardless one (无卡户). */
export const CARDLESS = 'cardless';
export type SubAccount = `subAccount:${string}:${Bucket}`;
export const subAccount = (cardId: string, bucket: Bucket): SubAccount => {
  if (named.cardId !== cardId)
    named = { cardId, currentYear: `subAccount:${cardId}:currentYear`, priorYear: `subAccount:${cardId}:priorYear` };
  return named[bucket];
};
/** Of the card asked about last: a swipe asks six times for the same names, and a name that is made anew is looked up more slowly. */
let named: Readonly<{ cardId: string | null } & Record<Bucket, SubAccount>> = {
  cardId: null,
  currentYear: 'subAccount::currentYear',
  priorYear: 'subAccount::priorYear',
};

/** Where money of the fund comes from or goes back to. `opening`: balances taken over from a legacy system. */
export type FundSource = 'contribution' | 'retiree' | 'correction' | 'transferIn' | 'opening' | 'interest';
/** Money that has left for another pooling area and is not told to have arrived, by transfer. */
export type InTransit = `inTransit:${string}`;
export const inTransit = (transferId: string): InTransit => `inTransit:${transferId}`;
/** `receivable` is what the holder owes after a correction beyond the balance: its legs sum to zero or less over the account's life. */
export type LedgerAccount =
  | SubAccount
  | `hold:${string}`
  | InTransit
  | `fund:${FundSource}`
  | 'fund:transferOut' // Money of relations that went to another area, once confirmed.
  | `payable:${string}`
  | 'receivable';
export type MedicalLeg = Leg<LedgerAccount, MedicalFen>;
export type Legs = { legs: readonly MedicalLeg[] };

/** 职工 / 城乡居民. Whether it brings a personal account is the pack's word. */
export type InsuranceType = 'employee' | 'resident';
export type CardMedium = 'stripe' | 'memory' | 'contactChip' | 'contactless' | 'qr';
/** Old: labour-security 劳动保障卡, resident medical 居民医保卡, medical insurance 医疗保险卡. New: second and third generation. */
export type CardKind = 'labourSecurity' | 'residentMedical' | 'medicalInsurance' | 'socialSecurity2' | 'socialSecurity3' | 'temporary';
/**
 * Of the social security area. registered 已登记 (made, not in use) · inUse 启用 · temporarilyLost 临时挂失 · retained 吞卡 (in a machine) · lost 正式挂失 ·
 * stopped 停用 · expired 到期 · cancelled 注销 · collected 回收 · destroyed 销毁.
 */
export type CardState =
  | 'registered'
  | 'inUse'
  | 'temporarilyLost'
  | 'retained'
  | 'lost'
  | 'stopped'
  | 'expired'
  | 'cancelled'
  | 'collected'
  | 'destroyed';
/** 社保区 / 金融区: each is lost, and comes back, by itself. Source: J4. */
export type CardArea = 'socialSecurity' | 'financial';
/** Why a temporary card is made: a rare or long name, urgent need, data that do not match, or another reason for some days. Source: Q7. */
export type TemporaryReason = 'rareOrLongName' | 'urgent' | 'dataMismatch' | 'other';
/** Why a card is made in place of another: formal loss 补卡, or an exchange 换卡. */
export type ExchangeReason = 'formalLoss' | 'photo' | 'expiry' | 'damage' | 'changedDetails' | 'changedBank';
/** Why this card was made, where that matters later: which card it is made in place of, or why it is a temporary one. */
export type CardIssue = Readonly<{
  replacesCardId: string | null;
  exchange: ExchangeReason | null;
  temporaryReason: TemporaryReason | null;
}>;
export type ProxyRelation = 'spouse' | 'parent' | 'child' | 'guardian' | 'otherRelative' | 'employer' | 'school';
/** Who acts for the holder, by relation; both identities were checked, and only the numbers of those checks stand here. Source: Q8. */
export type HolderProxy = Readonly<{ relation: ProxyRelation; proxyCheck: string; holderCheck: string; holderAge: 'minor' | 'adult' }>;
/** Where a balance is moved on application. */
export type TransferPlace = 'agency' | 'centre' | 'bankOutlet';
/** When the money of a replaced card moves: at once; by a batch on one day, or on a day of the month after; when the holder applies for it. */
export type MoneyMoves =
  | Readonly<{ when: 'atEnablement' }>
  | Readonly<{ when: 'laterBatch'; on: Instant | null; dayOfNextMonth: number | null }>
  | Readonly<{ when: 'onApplication'; place: TransferPlace }>;
export type CredentialKind = 'eCredential' | 'identityCard' | 'socialSecurityCard';
export type EnablementChannel = 'bankOutlet' | 'hotline' | 'centre' | 'proxy' | 'guardian' | 'batch' | 'firstSwipe';
export type FreezeCause =
  | 'settlementSuspension'
  | 'precautionarySuspension'
  | 'judicialFreeze'
  | 'death'
  | 'duplicateInsurance'
  | 'contributionArrears';
/** person: the whole account; cardArea: nothing may be paid with this card; subAccount: its money; amount: that much stays untouched. */
export type FreezeScope =
  | Readonly<{ kind: 'person' }>
  | Readonly<{ kind: 'cardArea' | 'subAccount'; cardId: string }>
  | Readonly<{ kind: 'amount'; amountFen: MedicalFen }>;
export type PaymentMode = 'upToBalance' | 'full' | 'none';
export type HolderCheckMethod = 'password' | 'passwordNotUsed' | 'identityVerified' | 'signature';
export type CancellationReason = 'returnGoods' | 'priceError' | 'wrongHolder' | 'wrongCategory' | 'duplicate' | 'replaced';
export type InstitutionKind = 'hospital' | 'clinic' | 'communityHealthInstitution' | 'villageClinic' | 'pharmacy';
/** Names of the medical categories (医疗类别); which of them an account may pay, and where, is the pack's word. */
export type MedicalCategory =
  | 'outpatient'
  | 'registration'
  | 'emergency'
  | 'designatedDisease'
  | 'inpatient'
  | 'pharmacyPurchase'
  | 'maternity'
  | 'physicalExamination';

/** The last swipe of a card that counts, after one was undone or stands again; null: none is known. */
export type LastSwipe = Readonly<{ cardId: string; on: BusinessDate | null }>;
/** What a command's key has answered: the key is claimed with the append, the hash tells a repeat from another use of the key. */
export type Keyed = { key: string; commandHash: string };
