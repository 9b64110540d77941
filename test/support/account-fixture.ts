import { type Instant, type Recorded, STATE_COUNCIL_2026 } from '#libs/kernel';
import {
  type AccountCredited,
  type AccountFacts,
  type AccountOpened,
  type AccountPolicy,
  accountStream,
  type CancelSettlement,
  type CardRegistered,
  creditKey,
  medicalFen as f,
  type InstitutionFacts,
  type LastSwipe,
  type LedgerAccount,
  type MedicalAccountEvent,
  type MedicalLeg,
  type PostSwipe,
  type ReverseSettlement,
  type SettlementCancelled,
  type SwipeSettled,
  settlementKey,
  subAccount,
} from '#libs/medical-account';

/** 09:00 of 1 March 2026 in Asia/Shanghai. */
export const T0 = '2026-03-01T01:00:00.000Z';
export const DAY0 = '2026-03-01';
export const STREAM = accountStream('A1');
export const CURRENT = subAccount('K1', 'currentYear');
export const PRIOR = subAccount('K1', 'priorYear');
export const H1 = 'payable:H1';
export const leg = (account: LedgerAccount, amountFen: number): MedicalLeg => ({ account, amountFen: f(amountFen) });
export const recorded = <E extends MedicalAccountEvent>(revision: number, event: E): Recorded<E> => ({
  ...event,
  id: `e${revision}`,
  stream: STREAM,
  revision,
});

/** A city like Qingdao: cards are enabled at the bank, old ones stop in phases, current-year money goes first. */
export const policy = (over: Partial<AccountPolicy> = {}): AccountPolicy => ({
  packId: 'P1',
  hash: 'hash-of-P1',
  poolingArea: '370200',
  effectiveFrom: '2015-01-01T00:00:00.000Z',
  insuranceTypes: { employee: { personalAccount: true }, resident: { personalAccount: false } },
  onlineWindowMinutes: 10,
  lateEntryDays: 3,
  drawOrder: ['currentYear', 'priorYear'],
  medicalCategories: {
    outpatient: { service: 'outpatient', institutionKinds: ['hospital', 'clinic'], accountMayPay: true },
    registration: { service: 'outpatient', institutionKinds: ['hospital', 'clinic'], accountMayPay: true },
    emergency: { service: 'outpatient', institutionKinds: ['hospital'], accountMayPay: true },
    designatedDisease: { service: 'designatedDisease', institutionKinds: ['hospital'], accountMayPay: true },
    inpatient: { service: 'inpatient', institutionKinds: ['hospital'], accountMayPay: true },
    pharmacyPurchase: { service: 'retail', institutionKinds: ['pharmacy'], accountMayPay: true },
    maternity: { service: 'inpatient', institutionKinds: ['hospital'], accountMayPay: true },
    physicalExamination: { service: 'outpatient', institutionKinds: ['hospital'], accountMayPay: false },
  },
  credentials: ['eCredential', 'identityCard', 'socialSecurityCard'],
  cardKinds: {
    labourSecurity: { generation: 'old', media: ['stripe'], carriesPersonalAccount: true, validYears: null },
    residentMedical: { generation: 'old', media: ['stripe'], carriesPersonalAccount: false, validYears: null },
    socialSecurity2: { generation: 'new', media: ['contactChip'], carriesPersonalAccount: true, validYears: null },
    socialSecurity3: { generation: 'new', media: ['contactChip', 'contactless'], carriesPersonalAccount: true, validYears: null },
    temporary: { generation: 'temporary', media: ['stripe'], carriesPersonalAccount: true, validYears: null },
  },
  temporaryCards: {},
  enablement: { channels: ['bankOutlet', 'centre', 'proxy', 'batch'] },
  proxies: null,
  moneyMoves: { when: 'atEnablement' },
  parallelUse: 'none',
  financialArea: null,
  pin: null,
  cardStops: [],
  temporaryLossDays: 7,
  temporaryLossUnit: 'calendarDays',
  holidays: STATE_COUNCIL_2026,
  formalLoss: { foundAgain: 'untilReissued' },
  freezeCauses: {
    settlementSuspension: { blocksDebit: true, blocksCredit: false, blocksPayOut: true },
    precautionarySuspension: { blocksDebit: true, blocksCredit: false, blocksPayOut: true },
    judicialFreeze: { blocksDebit: true, blocksCredit: false, blocksPayOut: true },
    death: { blocksDebit: true, blocksCredit: true, blocksPayOut: false },
    duplicateInsurance: { blocksDebit: true, blocksCredit: true, blocksPayOut: true },
    contributionArrears: { blocksDebit: false, blocksCredit: false, blocksPayOut: false },
  },
  sealedTakesCredits: false,
  relationTransfer: null,
  holderChecks: { equipped: ['identityVerified', 'signature'], otherwise: ['password', 'passwordNotUsed'] },
  rollover: { month: 1, day: 1 },
  interest: { currentYearAnnualRate: '0.0036', priorYearAnnualRate: '0.0108', dayCount: 360 },
  ...over,
});
/** A city like Jinan: the first swipe enables the card. */
export const firstSwipePolicy = policy({ enablement: { channels: ['bankOutlet', 'firstSwipe'] } });
/** The phases of Q2: by years without a swipe, then all old cards. */
export const stoppingPolicy = policy({
  cardStops: [
    { phase: 'first', at: '2026-03-31T16:00:00.000Z', cardKinds: ['labourSecurity'], inactiveYears: 2 },
    { phase: 'last', at: '2026-12-30T16:00:00.000Z', cardKinds: ['labourSecurity', 'residentMedical'], inactiveYears: null },
  ],
});

export const institution = (over: Partial<InstitutionFacts> = {}): InstitutionFacts => ({
  institutionCode: 'H1',
  poolingArea: '370200',
  kind: 'hospital',
  identityCheckEquipped: false,
  agreement: { status: 'inForce', revision: 4, services: ['outpatient', 'inpatient'] },
  terminal: { media: ['stripe', 'contactChip', 'contactless', 'qr'] },
  operatorBarred: false,
  declaredThrough: null,
  succeededBy: null,
  judgedAt: T0,
  ...over,
});

export const facts = (over: Partial<AccountFacts> = {}): AccountFacts => ({
  decidedAt: T0,
  policies: [policy()],
  institution: institution(),
  postings: [],
  naturalKeyHolder: null,
  ...over,
});

export const opened: AccountOpened = {
  type: 'AccountOpened.v1',
  decidedAt: T0,
  data: {
    key: 'business-agency-1',
    commandHash: 'h',
    accountId: 'A1',
    personId: 'person-1',
    poolingArea: '370200',
    district: null,
    insuranceType: 'employee',
    hasPersonalAccount: true,
    commitments: {},
    packId: 'P1',
  },
};
export const registered = (cardId: string, over: Partial<CardRegistered['data']> = {}, decidedAt: Instant = T0): CardRegistered => ({
  type: 'CardRegistered.v1',
  decidedAt,
  data: {
    key: `business-agency-card-${cardId}`,
    commandHash: 'h',
    cardId,
    kind: 'socialSecurity3',
    media: ['contactChip', 'contactless'],
    carriesPersonalAccount: true,
    state: 'inUse',
    lastSwipedOn: null,
    commitments: {},
    issue: null,
    expiresAt: null,
    ...over,
  },
});
export const oldCard = (cardId: string, over: Partial<CardRegistered['data']> = {}): CardRegistered =>
  registered(cardId, { kind: 'labourSecurity', media: ['stripe'], ...over });
export const credited = (cardId: string, currentFen: number, priorFen = 0, decidedAt: Instant = T0): AccountCredited => ({
  type: 'AccountCredited.v1',
  decidedAt,
  data: {
    key: creditKey('contribution', `${cardId}-${decidedAt}`),
    commandHash: 'h',
    source: 'contribution',
    reference: `${cardId}-${decidedAt}`,
    period: '2026-03',
    cardId,
    legalBasis: null,
    legs: [
      leg('fund:contribution', -(currentFen + priorFen)),
      leg(subAccount(cardId, 'currentYear'), currentFen),
      leg(subAccount(cardId, 'priorYear'), priorFen),
    ].filter(({ amountFen }) => amountFen !== 0),
  },
});
/** A card in use with 30.00 of this year and 20.00 of earlier years. */
export const begun: readonly MedicalAccountEvent[] = [opened, registered('K1'), credited('K1', 3000, 2000)];

/** 60.00 at the till, all of it payable by the account. */
export const swipe = (over: Partial<PostSwipe['data']> = {}): PostSwipe => ({
  type: 'PostSwipe',
  data: {
    key: settlementKey('H1', over.serial ?? 'S1'),
    commandHash: 'swipe',
    institutionCode: 'H1',
    serial: 'S1',
    entry: 'online',
    lateReason: null,
    approval: null,
    occurredAt: T0,
    credentialKind: 'socialSecurityCard',
    cardId: 'K1',
    insuranceType: 'employee',
    medicalCategory: 'outpatient',
    visitNo: null,
    chargeBatchNo: null,
    invoiceNo: null,
    totalFeeFen: f(6000),
    fundPaidFen: f(0),
    accountEligibleFen: f(6000),
    payment: 'upToBalance',
    holderCheck: { method: 'password', reference: null },
    operatorCode: 'O1',
    terminalCode: 'T1',
    linesHash: null,
    replacesKey: null,
    ...over,
  },
});
type Settled = Partial<SwipeSettled['data']>;
/** What `swipe(over)` records on the account of `begun`; everything else is the same. */
export const settled = (over: Partial<PostSwipe['data']> = {}, and: Settled = {}, decidedAt: Instant = T0): SwipeSettled => {
  const { data } = swipe(over);
  return {
    type: 'SwipeSettled.v1',
    decidedAt,
    data: {
      ...data,
      businessDate: DAY0,
      cardId: data.cardId ?? 'cardless',
      presentedCardId: null,
      hasPersonalAccount: true,
      cashPaymentFen: f(1000),
      balanceBeforeFen: f(5000),
      agreementRevision: 4,
      packId: 'P1',
      legs: [leg(CURRENT, -3000), leg(PRIOR, -2000), leg(H1, 5000)],
      ...and,
    },
  };
};

export const cancel = (over: Partial<CancelSettlement['data']> = {}): CancelSettlement => ({
  type: 'CancelSettlement',
  data: {
    key: settlementKey('H1', over.serial ?? 'C1'),
    commandHash: `cancel-${over.serial ?? 'C1'}`,
    institutionCode: 'H1',
    serial: 'C1',
    settlementKey: settlementKey('H1', 'S1'),
    reason: 'returnGoods',
    note: null,
    amountFen: null,
    fundReturnedFen: null,
    byAgency: false,
    ...over,
  },
});
/** A card that was swiped once only has no last swipe after that. */
const wholeOfTheOnlySwipe = (amountFen: number | null): LastSwipe | null => (amountFen === null ? { cardId: 'K1', on: null } : null);
export const cancelled = (
  { data }: CancelSettlement,
  parts: Readonly<{
    amountFen: number;
    fundReturnedFen?: number;
    cashRefundFen?: number;
    legs: readonly MedicalLeg[];
    lastSwipe?: LastSwipe | null;
  }>,
  decidedAt: Instant = T0,
): SettlementCancelled => {
  const { byAgency: _byAgency, ...order } = data;
  return {
    type: 'SettlementCancelled.v1',
    decidedAt,
    data: {
      ...order,
      businessDate: DAY0,
      amountFen: f(parts.amountFen),
      fundReturnedFen: f(parts.fundReturnedFen ?? 0),
      cashRefundFen: f(parts.cashRefundFen ?? 0),
      lastSwipe: parts.lastSwipe === undefined ? wholeOfTheOnlySwipe(order.amountFen) : parts.lastSwipe,
      legs: parts.legs,
    },
  };
};
export const reverse = (over: Partial<ReverseSettlement['data']> = {}): ReverseSettlement => ({
  type: 'ReverseSettlement',
  data: {
    key: settlementKey('H1', over.serial ?? 'R1'),
    commandHash: `reverse-${over.serial ?? 'R1'}`,
    institutionCode: 'H1',
    serial: 'R1',
    targetKey: settlementKey('H1', 'S1'),
    note: null,
    byAgency: false,
    ...over,
  },
});
