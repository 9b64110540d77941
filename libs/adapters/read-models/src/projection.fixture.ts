import type { StoredEvent } from '#libs/application';
import { businessDateOf, canonicalJson, type Json } from '#libs/kernel';
import { accountStream, encodeAccountEvent, type MedicalAccountEvent, medicalFen, settlementKey } from '#libs/medical-account';
import type { ProjectedEvent, Projection, Rows } from './projection';

/** For specs: events of accounts in few words, and rows in memory. */
export const AT = '2026-03-02T02:00:00.000Z';
type Type = MedicalAccountEvent['type'];
type DataOf<T extends Type> = Extract<MedicalAccountEvent, { type: T }>['data'];
export type Told = MedicalAccountEvent & Readonly<{ accountId: string }>;

const told = <T extends Type>(type: T, accountId: string, data: DataOf<T>, decidedAt = AT): Told =>
  ({ type, decidedAt, data, accountId }) as unknown as Told;
const leg = (account: string, amountFen: number) => ({ account, amountFen }) as never;
const legs = (...pairs: readonly (readonly [account: string, amountFen: number])[]) =>
  pairs.filter(([, amountFen]) => amountFen !== 0).map(([account, amountFen]) => leg(account, amountFen));
const sub = (cardId: string, bucket = 'currentYear') => `subAccount:${cardId}:${bucket}`;
const keyed = (key: string) => ({ key, commandHash: `1:${key}` });
const unkeyed = { key: null, commandHash: null } as const;
const fen = medicalFen;

export const opened = (accountId: string): Told =>
  told('AccountOpened.v1', accountId, {
    ...keyed(`business-agency-open-${accountId}`),
    accountId,
    personId: `person-of-${accountId}`,
    poolingArea: '370200',
    district: '370202',
    insuranceType: 'employee',
    hasPersonalAccount: true,
    commitments: {},
    packId: 'qingdao-1',
  });
export const registered = (accountId: string, cardId: string): Told =>
  told('CardRegistered.v1', accountId, {
    ...keyed(`business-agency-card-${cardId}`),
    cardId,
    kind: 'socialSecurity3',
    media: ['contactChip'],
    carriesPersonalAccount: true,
    state: 'inUse',
    lastSwipedOn: null,
    commitments: {},
    issue: null,
    expiresAt: null,
  });
export const credited = (accountId: string, cardId: string, amountFen: number, bucket = 'currentYear'): Told =>
  told('AccountCredited.v1', accountId, {
    ...keyed(`credit-contribution-${accountId}`),
    source: 'contribution',
    reference: accountId,
    period: '2026-03',
    cardId,
    legalBasis: null,
    legs: legs(['fund:contribution', -amountFen], [sub(cardId, bucket), amountFen]),
  });
export const sealed = (accountId: string, cardId: string): Told =>
  told('SubAccountSealed.v1', accountId, { ...unkeyed, cardId, cause: 'cardStopped', reason: 'phase' });
export const unsealed = (accountId: string, cardId: string): Told =>
  told('SubAccountUnsealed.v1', accountId, { ...unkeyed, cardId, cause: 'successorEnabled', reason: 'enabled' });
export const stopped = (accountId: string, cardId: string, phase: string): Told =>
  told('CardStopped.v1', accountId, { ...unkeyed, cardId, cause: 'phase', phase, effectiveAt: AT, reason: 'phase' });
type Moved = Readonly<{ from: string; to: string; currentFen: number; priorFen: number; decidedAt?: string; wasSealed?: boolean }>;
export const transferred = (accountId: string, { from, to, currentFen, priorFen, decidedAt, wasSealed = true }: Moved): Told =>
  told(
    'BalanceTransferred.v1',
    accountId,
    {
      ...unkeyed,
      fromCardId: from,
      toCardId: to,
      cause: 'enablement',
      amountFen: fen(currentFen + priorFen),
      wasSealed,
      effectiveAt: null,
      legs: legs([sub(from), -currentFen], [sub(from, 'priorYear'), -priorFen], [sub(to), currentFen], [sub(to, 'priorYear'), priorFen]),
    },
    decidedAt,
  );
type Swipe = Readonly<{
  institution?: string;
  serial: string;
  cardId: string;
  accountFen: number;
  cashFen?: number;
  fundFen?: number;
  at?: string;
}>;
export const settled = (
  accountId: string,
  { institution = 'H37020000001', serial, cardId, accountFen, cashFen = 0, fundFen = 0, at = AT }: Swipe,
): Told =>
  told(
    'SwipeSettled.v1',
    accountId,
    {
      ...keyed(settlementKey(institution, serial)),
      institutionCode: institution,
      serial,
      entry: 'online',
      lateReason: null,
      approval: null,
      occurredAt: at,
      businessDate: businessDateOf(at),
      credentialKind: 'socialSecurityCard',
      cardId,
      presentedCardId: null,
      insuranceType: 'employee',
      medicalCategory: 'outpatient',
      visitNo: null,
      chargeBatchNo: null,
      invoiceNo: null,
      totalFeeFen: fen(accountFen + cashFen + fundFen),
      fundPaidFen: fen(fundFen),
      accountEligibleFen: fen(accountFen + cashFen),
      payment: 'upToBalance',
      hasPersonalAccount: true,
      cashPaymentFen: fen(cashFen),
      balanceBeforeFen: fen(1_000_000),
      holderCheck: { method: 'password', reference: null },
      operatorCode: 'O1',
      terminalCode: 'T1',
      agreementRevision: 1,
      packId: 'qingdao-1',
      linesHash: null,
      replacesKey: null,
      legs: legs([sub(cardId), -accountFen], [`payable:${institution}`, accountFen]),
    },
    at,
  );
type Undo = Readonly<{
  institution?: string;
  by?: string;
  serial: string;
  target: string;
  cardId: string;
  accountFen: number;
  cashFen?: number;
  fundFen?: number;
  at?: string;
  lastSwipe?: Readonly<{ cardId: string; on: string | null }>;
}>;
const undone = ({
  institution = 'H37020000001',
  by = institution,
  serial,
  target,
  cardId,
  accountFen,
  cashFen = 0,
  fundFen = 0,
  at = AT,
  lastSwipe,
}: Undo) => ({
  ...keyed(settlementKey(by, serial)),
  institutionCode: by,
  serial,
  settlementKey: settlementKey(institution, target),
  note: null,
  businessDate: businessDateOf(at),
  amountFen: fen(accountFen + cashFen + fundFen),
  fundReturnedFen: fen(fundFen),
  cashRefundFen: fen(cashFen),
  lastSwipe: lastSwipe ?? null,
  legs: legs([sub(cardId), accountFen], [`payable:${institution}`, -accountFen]),
});
export const cancelled = (accountId: string, undo: Undo): Told =>
  told('SettlementCancelled.v1', accountId, { ...undone(undo), reason: 'returnGoods' }, undo.at);
export const reversed = (accountId: string, undo: Undo): Told => told('SettlementReversed.v1', accountId, undone(undo), undo.at);
/** `taken`: of the account's money, what was still there; the rest is owed. */
export const cancellationReversed = (accountId: string, undo: Undo & { cancellation: string; takenFen: number }): Told => {
  const { legs: _legs, ...data } = undone(undo);
  const { institution = 'H37020000001', cardId, accountFen, takenFen } = undo;
  const owedFen = accountFen - takenFen;
  return told(
    'CancellationReversed.v1',
    accountId,
    {
      ...data,
      cancellationKey: settlementKey(institution, undo.cancellation),
      receivableFen: fen(owedFen),
      legs: legs([sub(cardId), -takenFen], ['receivable', -owedFen], [`payable:${institution}`, accountFen]),
    },
    undo.at,
  );
};
type Placed = Readonly<{ freezeId: string; scope?: DataOf<'FreezePlaced.v1'>['scope']; until?: string | null; from?: string }>;
export const frozen = (accountId: string, { freezeId, scope = { kind: 'person' }, until = null, from = AT }: Placed): Told =>
  told('FreezePlaced.v1', accountId, {
    ...keyed(`business-agency-${freezeId}`),
    freezeId,
    scope,
    cause: 'judicialFreeze',
    legalDocument: 'Order 7',
    from,
    until,
    placedBy: 'agency',
  });
export const lifted = (accountId: string, freezeId: string, decidedAt: string): Told =>
  told(
    'FreezeLifted.v1',
    accountId,
    { ...keyed(`business-agency-lift-${freezeId}`), freezeId, reason: 'paid', liftedBy: 'agency' },
    decidedAt,
  );
export const ended = (accountId: string, freezeId: string, effectiveAt: string): Told =>
  told('FreezeEnded.v1', accountId, { freezeId, effectiveAt }, '2026-12-31T00:00:00.000Z');

/** Rows as a projection left them, in the order of their key. */
export const projected = <Row>(projection: Projection<Row>, events: readonly Told[]): readonly Row[] => {
  const rows = new Map<string, Row>();
  const keyOf = (row: Row) => projection.shape.key.map((column) => String(row[column])).join('|');
  const memory: Rows<Row> = { get: (...key) => rows.get(key.join('|')), put: (row) => void rows.set(keyOf(row), row) };
  for (const [logIndex, { accountId, ...event }] of events.entries()) {
    const place = { id: `event-${logIndex}`, stream: accountStream(accountId), revision: logIndex, logIndex, accountId };
    const projectedOne: unknown = { ...event, ...place };
    projection.apply(memory, projectedOne as ProjectedEvent);
  }
  return [...rows.keys()].sort().map((key) => rows.get(key) as Row);
};

/** The stored form, at the next revision of its stream. */
export const storedEvents = (events: readonly Told[], revisions: Map<string, number>): readonly StoredEvent[] =>
  events.map(({ accountId, ...event }) => {
    const stream = accountStream(accountId);
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const id = `${stream}-${revision}`;
    const meta = { actor: { principal: 'p', organisation: 'o' }, correlationId: 'c' };
    const data = storedDataOf(event);
    return { id, type: event.type, stream, revision, bytes: Buffer.from(canonicalJson({ id, stream, revision, ...event, data, meta })) };
  });

/** What no engine writes stays as it is: a spec wants to see it refused. */
const storedDataOf = (event: MedicalAccountEvent): Json => {
  try {
    return encodeAccountEvent(event);
  } catch {
    return event.data;
  }
};
