import type { Answer, BillLine, Engine, Principal, ReadModels, SettlementAnswer, SwipeOrder, UndoAnswer } from '#libs/application';
import { medicalFen, NOTHING_UNDONE } from '#libs/medical-account';
import { type DoorOptions, makeDoor } from '../src/door';
import { silentLog } from '../src/door-log';

export const T0 = '2026-03-01T01:00:00.000Z';

/** The answer of a swipe of 58.60, of which the account bore 50.00. */
export const settled = (over: Partial<SettlementAnswer> = {}): SettlementAnswer => ({
  settlementId: 'S1',
  institutionCode: 'P1',
  serial: '1',
  cardId: 'K1',
  stream: 'medicalAccount-A1',
  revision: 2,
  eventId: 'E1',
  decidedAt: T0,
  occurredAt: T0,
  packId: 'qingdao@2026-01-01',
  totalFeeFen: medicalFen(5860),
  fundPaidFen: medicalFen(0),
  accountPaidFen: { currentYear: medicalFen(3000), priorYear: medicalFen(2000), total: medicalFen(5000) },
  cashPaymentFen: medicalFen(860),
  balanceBeforeFen: medicalFen(5000),
  balanceAfterFen: medicalFen(0),
  cardTail: '0001',
  ...over,
});
export const done = <T>(value: T, replayed = false): Answer<T> => ({ kind: 'done', replayed, value });
export const undone: UndoAnswer = {
  kind: 'settlementCancelled',
  institutionCode: 'P1',
  serial: '2',
  targetSerial: '1',
  settlementId: 'S1',
  amountFen: medicalFen(5860),
  accountReturnedFen: medicalFen(5000),
  fundReturnedFen: medicalFen(0),
  cashRefundFen: medicalFen(860),
  decidedAt: T0,
  stream: 'medicalAccount-A1',
  revision: 3,
  eventId: 'E2',
};
/** What stands under serial 1 of P1. */
export const standing = (state: 'live' | 'partlyUndone' | 'undone' = 'live') => ({
  kind: 'settlement' as const,
  receipt: settled(),
  state,
  undone: NOTHING_UNDONE,
  event: {
    id: 'E1',
    stream: 'medicalAccount-A1',
    revision: 2,
    decidedAt: T0,
    type: 'SwipeSettled.v1' as const,
    data: {
      key: 'settlement-P1-1',
      commandHash: '1:ab',
      legs: [],
      settlementId: 'S1',
      institutionCode: 'P1',
      serial: '1',
      entry: 'online' as const,
      lateReason: null,
      approval: null,
      occurredAt: T0,
      businessDate: '2026-03-01',
      credentialKind: 'socialSecurityCard' as const,
      cardId: 'K1',
      insuranceType: 'employee' as const,
      medicalCategory: 'pharmacyPurchase' as const,
      visitNo: null,
      chargeBatchNo: null,
      invoiceNo: null,
      totalFeeFen: medicalFen(5860),
      fundPaidFen: medicalFen(0),
      accountEligibleFen: medicalFen(5860),
      payment: 'upToBalance' as const,
      hasPersonalAccount: true,
      cashPaymentFen: medicalFen(860),
      balanceBeforeFen: medicalFen(5000),
      holderCheck: { method: 'signature' as const, reference: null },
      operatorCode: 'O1',
      terminalCode: 'T1',
      agreementRevision: 1,
      packId: 'qingdao@2026-01-01',
      linesHash: 'h1',
      replacesKey: null,
    },
  },
});
export const LINES: readonly BillLine[] = [
  { lineNo: 1, code: 'X1', name: '盐酸二甲双胍片<0.5g>', quantity: '2', price: '29.30', amount: '58.60', traceCodes: [] },
];

const PRINCIPALS: Readonly<Record<string, Principal>> = {
  yk_p1_s: { keyId: 'p1', organisation: 'pharmacy', rights: ['institution'], institutionCodes: ['P1', 'P2'] },
  yk_p9_s: { keyId: 'p9', organisation: 'other', rights: ['institution'], institutionCodes: ['P9'] },
  yk_agency_s: { keyId: 'agency', organisation: 'agency', rights: ['agency'], institutionCodes: [] },
  yk_auditor_s: { keyId: 'auditor', organisation: 'auditor', rights: ['auditor'], institutionCodes: [] },
  yk_hotline_s: { keyId: 'hotline', organisation: 'hotline', rights: ['hotline'], institutionCodes: [] },
};
export const bearer = (who: 'p1' | 'p9' | 'agency' | 'auditor' | 'hotline') => ({ authorization: `Bearer yk_${who}_s` });

type Parts<T> = { readonly [K in keyof T]?: unknown };
export type Script = Readonly<{
  settlements?: Parts<Engine['settlements']>;
  accounts?: Parts<Engine['accounts']>;
  credits?: Parts<Engine['credits']>;
  relationTransfers?: Parts<Engine['relationTransfers']>;
  institutions?: Parts<Engine['institutions']>;
  keys?: Parts<Engine['keys']>;
  packs?: Parts<Engine['packs']>;
  log?: Parts<Engine['log']>;
  readiness?: Engine['readiness'];
  readModels?: Parts<ReadModels>;
  catalogue?: Engine['catalogue'];
}>;

/** An engine that answers as scripted and rejects what the script does not name, so that no test passes on a call that it did not expect. */
export const scriptedEngine = (script: Script): Engine =>
  ({
    settlements: loud(script.settlements),
    accounts: loud(script.accounts),
    credits: loud(script.credits),
    relationTransfers: loud(script.relationTransfers),
    institutions: loud({ view: async () => undefined, ...script.institutions }),
    keys: loud({ authenticate: async (key: string) => PRINCIPALS[key], ...script.keys }),
    packs: loud(script.packs),
    log: loud({ last: async () => -1, ...script.log }),
    catalogue: script.catalogue ?? {},
    readiness: script.readiness ?? (async () => ({ ready: true, reasons: [] })),
    drain: async () => undefined,
  }) as unknown as Engine;

/** What the framework asks of everything that it is given. */
const HOOK = /^(then|constructor|toJSON|(on|before)[A-Z]\w*)$/;
const loud = (part: object = {}): object =>
  new Proxy(part, {
    get: (target, name) => {
      const known: unknown = Reflect.get(target, name);
      if (known !== undefined || typeof name === 'symbol' || HOOK.test(name)) return known;
      return () => Promise.reject(new Error(`the script does not know ${name}`));
    },
  });

export const scriptedDoor = async (
  script: Script = {},
  rate = { perSecond: 1e6, burst: 1e6 },
  nowMs = () => 0,
  limits: DoorOptions['limits'] = {},
) =>
  makeDoor({
    engine: scriptedEngine(script),
    readModels: loud({ status: async () => [], owedVoucherCount: async () => 0, ...script.readModels }) as unknown as ReadModels,
    log: silentLog,
    ratePerSecond: rate.perSecond,
    rateBurst: rate.burst,
    nowMs,
    limits,
  });

export const swipeForm = (over: object = {}) => ({
  institutionCode: 'P1',
  serial: '1',
  occurredAt: '2026-03-01T09:00:00+08:00',
  credential: { kind: 'socialSecurityCard', number: 'QD0000001' },
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  totalFee: '58.6',
  fundPaid: '0',
  accountEligible: '58.60',
  holderCheck: { method: 'signature' },
  operatorCode: 'O1',
  terminalCode: 'T1',
  ...over,
});

/** Orders that reached the engine, oldest first. */
export const recorded = (answerOf: (order: SwipeOrder) => Answer<SettlementAnswer> = () => done(settled())) => {
  const orders: { order: SwipeOrder; tracing: unknown }[] = [];
  return {
    orders,
    post: async (order: SwipeOrder, tracing: unknown) => {
      orders.push({ order, tracing });
      return answerOf(order);
    },
  };
};
