import { medicalFen as f, type RelationInEvent } from '#libs/medical-account';
import { type ProjectedRelationIn, type Rows } from './projection';
import { AT, projected, type Told } from './projection.fixture';
import { relationTransfers, type StoredRelationTransfer } from './relation-transfers.projection';

const keyed = { key: 'k', commandHash: 'h' };
const told = (type: string, data: object, decidedAt = AT): Told =>
  ({ type, decidedAt, data: { ...keyed, ...data }, accountId: 'A1' }) as unknown as Told;
const leg = (account: string, amountFen: number) => ({ account, amountFen: f(amountFen) });
const requested = told('RelationTransferRequested.v1', {
  transferId: 'T1',
  toPoolingArea: '320100',
  followsTransferId: null,
  remitBy: '2026-03-16',
});
const remitted = told('RelationTransferRemitted.v1', {
  transferId: 'T1',
  batchReference: 'B-1',
  confirmBy: '2026-03-09',
  amountFen: f(900),
  legs: [leg('subAccount:K1:currentYear', -700), leg('subAccount:K1:priorYear', -300), leg('receivable', 100), leg('inTransit:T1', 900)],
});

describe('read model: relation transfers that go elsewhere', () => {
  it('one row a transfer: what is awaited and by when, then how much of which year is on its way', () => {
    expect(projected(relationTransfers, [requested])).toMatchObject([
      {
        direction: 'out',
        transferId: 'T1',
        accountId: 'A1',
        otherArea: '320100',
        stage: 'requested',
        dueOn: '2026-03-16',
        amountFen: 0,
        isOpen: true,
      },
    ]);
    expect(projected(relationTransfers, [requested, remitted])).toMatchObject([
      {
        stage: 'remitted',
        dueOn: '2026-03-09',
        batchReference: 'B-1',
        amountFen: 900,
        currentYearFen: 600,
        priorYearFen: 300,
        remittedAt: AT,
      },
    ]);
  });
  it.each([
    ['RelationTransferConfirmed.v1', 'confirmed', {}],
    ['RelationTransferReturned.v1', 'returned', {}],
    ['RelationTransferClosed.v1', 'rejected', { cause: 'rejected' }],
    ['RelationTransferLapsed.v1', 'lapsed', { effectiveAt: AT }],
  ])('%s ends it: nothing is awaited any more', (type, stage, more) => {
    const events = [requested, remitted, told(type, { transferId: 'T1', ...more })];
    expect(projected(relationTransfers, events)).toMatchObject([{ stage, dueOn: null, endedAt: AT, isOpen: false }]);
  });
  it('stops at one requested twice, and at one that was never requested', () => {
    expect(() => projected(relationTransfers, [requested, requested])).toThrow('requested twice');
    expect(() => projected(relationTransfers, [remitted])).toThrow('is not there');
  });
});

describe('read model: relation transfers that come from elsewhere', () => {
  const name = { transferInId: 'I1', poolingArea: '370200', fromPoolingArea: '320100', transferNo: 'NJ-7' };
  const read = (...events: readonly Pick<RelationInEvent, 'type' | 'data'>[]): StoredRelationTransfer | undefined => {
    const rows = new Map<string, StoredRelationTransfer>();
    const memory: Rows<StoredRelationTransfer> = {
      get: (...key) => rows.get(key.join()),
      put: (row) => void rows.set(`${row.direction},${row.transferId}`, row),
    };
    for (const [logIndex, event] of events.entries())
      relationTransfers.applyRelationIn?.(memory, { ...event, decidedAt: AT, logIndex } as ProjectedRelationIn);
    return rows.get('in,I1');
  };
  const event = (type: string, data: object) =>
    ({ type, data: { ...keyed, ...name, ...data } }) as unknown as Pick<RelationInEvent, 'type' | 'data'>;
  const file = event('RelationFileRegistered.v1', { currentYearFen: 700, priorYearFen: 300 });
  const money = event('RelationMoneyReceived.v1', { amountFen: 1000, batchReference: 'IN-1' });
  const matched = event('RelationMatched.v1', { amountFen: 1000, creditBy: '2026-03-09' });
  const ordered = event('RelationCreditOrdered.v1', { accountId: 'A1' });

  it('what came first waits for the other; together they have a day by which they are credited', () => {
    expect(read(file)).toMatchObject({
      stage: 'fileOnly',
      ownArea: '370200',
      otherArea: '320100',
      transferNo: 'NJ-7',
      amountFen: 1000,
      fileFen: 1000,
      moneyFen: null,
      isOpen: true,
    });
    expect(read(money)).toMatchObject({
      stage: 'moneyOnly',
      amountFen: 1000,
      fileFen: null,
      moneyFen: 1000,
      batchReference: 'IN-1',
      isOpen: true,
    });
    expect(read(money, file, matched)).toMatchObject({
      stage: 'matched',
      dueOn: '2026-03-09',
      currentYearFen: 700,
      accountId: null,
      isOpen: true,
    });
  });
  it('credited, it awaits nothing; held by the account, it waits again', () => {
    expect(read(file, money, matched, ordered)).toMatchObject({ stage: 'crediting', accountId: 'A1', dueOn: '2026-03-09' });
    expect(read(file, money, matched, ordered, event('RelationCreditHeld.v1', {}))).toMatchObject({
      stage: 'matched',
      accountId: null,
      isOpen: true,
    });
    const credited = event('RelationCredited.v1', { accountId: 'A1', revision: 7 });
    expect(read(file, money, matched, ordered, credited)).toMatchObject({ stage: 'credited', endedAt: AT, dueOn: null, isOpen: false });
  });
  it('taken back, it is as before; with nothing left it awaits nothing', () => {
    const withdrawn = event('RelationFileWithdrawn.v1', {});
    expect(read(file, money, matched, withdrawn)).toMatchObject({
      stage: 'moneyOnly',
      fileFen: null,
      currentYearFen: null,
      dueOn: null,
      isOpen: true,
    });
    const back = event('RelationMoneySentBack.v1', {});
    expect(read(file, money, matched, back)).toMatchObject({ stage: 'fileOnly', moneyFen: null, batchReference: null });
    expect(read(money, back)).toMatchObject({ stage: 'empty', amountFen: 0, isOpen: false });
    expect(() => read(matched)).toThrow('is not there');
  });
});
