import type { ApplicationEvent } from '#libs/card-service';
import { ACCEPTED, accepted, did, failed, produced, ready, started, T0 } from '../../../../test/support/card-application';
import { applications, type StoredApplication } from './applications.projection';
import { owedVouchers, type StoredOwedVoucher } from './owed-vouchers.projection';
import type { ProjectedApplication, Projection, Rows } from './projection';

const SIGNED = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'CHECK-1' } as const;

/** Rows by their key, as the thread keeps them. */
const table = <Row extends object>(keyOf: (row: Row) => string): Rows<Row> & Readonly<{ all: () => Row[] }> => {
  const kept = new Map<string, Row>();
  return { get: (key) => kept.get(String(key)), put: (row) => void kept.set(keyOf(row), row), all: () => [...kept.values()] };
};
const told = (event: ApplicationEvent, revision: number, over: object = {}): ProjectedApplication => ({
  ...event,
  id: `e${revision}`,
  stream: 'cardApplication-ap1',
  revision,
  logIndex: revision,
  applicationId: 'ap1',
  ...over,
});
const standing = (...history: ApplicationEvent[]): StoredApplication | undefined => {
  const rows = table<StoredApplication>(({ applicationId }) => applicationId);
  for (const [revision, event] of history.entries()) applications.applyApplication?.(rows, told(event, revision));
  return rows.get('ap1');
};
const issuedTo = (receivedBy: 'holder' | 'employer' | 'school', handOutBy: string | null = null) =>
  did('CardIssued.v1', { cardId: 'c2', receivedBy, handOutBy });

describe('read model: applications', () => {
  it('waits for the card until the day that was promised', () => {
    expect(standing(accepted)).toMatchObject({
      ...{
        applicationId: 'ap1',
        outletCode: 'B0101',
        bankCode: '102',
        unitCode: null,
        pickUpOutletCode: null,
        acceptedOn: T0.slice(0, 10),
      },
      ...{ stage: 'accepted', waitsFor: 'card', deadline: '2026-04-14', deadlineIsProvisional: false, isPending: true, logIndex: 0 },
    });
    const stages = [[started], [started, produced], [started, produced, ready]].map((steps) => standing(accepted, ...steps));
    expect(stages.map((row) => [row?.stage, row?.waitsFor, row?.deadline, row?.logIndex])).toEqual([
      ['inProduction', 'card', '2026-04-14', 1],
      ['produced', 'card', '2026-04-14', 2],
      ['readyForPickUp', 'card', '2026-04-14', 3],
    ]);
  });
  it('what a unit has fetched waits to be handed out by its own day; what the holder has, for nothing', () => {
    expect(standing(accepted, produced, issuedTo('employer', '2026-04-20'))).toMatchObject({
      ...{ stage: 'issued', waitsFor: 'handOut', deadline: '2026-04-20', isPending: true },
    });
    expect(standing(accepted, produced, issuedTo('school'))).toMatchObject({ waitsFor: 'handOut', deadline: null, isPending: true });
    expect(standing(accepted, produced, issuedTo('holder'))).toMatchObject({ waitsFor: null, deadline: null, isPending: false });
  });
  it('handed out, linked or failed it is done', () => {
    const ends = [
      standing(accepted, produced, issuedTo('employer', '2026-04-20'), did('CardHandedOut.v1', { receivedBy: 'holder' })),
      standing(accepted, did('CardLinked.v1', { cardId: 'c1' })),
      standing(accepted, failed({ code: 'left-employer', detail: null })),
    ];
    expect(ends.map((row) => [row?.stage, row?.isPending, row?.deadline])).toEqual([
      ['handedOut', false, null],
      ['linked', false, null],
      ['failed', false, null],
    ]);
  });
  it('keeps whose it is: the unit that applied, and where it is fetched', () => {
    const event = did('CardApplicationAccepted.v1', { ...ACCEPTED, unitCode: 'E7', pickUpOutletCode: 'C3', batchNo: '7' });
    expect(standing(event)).toMatchObject({ unitCode: 'E7', pickUpOutletCode: 'C3', batchNo: '7' });
  });
  it('stops at a log that contradicts itself', () => {
    expect(() => standing(produced)).toThrow('application ap1 is not there');
    expect(() => standing(accepted, accepted)).toThrow('application ap1 is accepted twice');
  });
});

describe('read model: vouchers that are owed', () => {
  const owing: Projection<StoredOwedVoucher> = owedVouchers;
  const play = (...steps: ((rows: Rows<StoredOwedVoucher>) => void)[]) => {
    const rows = table<StoredOwedVoucher>(({ actKey }) => actKey);
    for (const step of steps) step(rows);
    return rows.all();
  };
  const voucherOwed = { outletCode: 'B0101', signedBy: SIGNED };
  const act =
    (over: object = { voucherOwed }) =>
    (rows: Rows<StoredOwedVoucher>) =>
      owing.applyApplication?.(rows, told(did('CardProduced.v1', {}, T0, 'business-bank-1'), 3, over));
  const voucher = (key: string) => (rows: Rows<StoredOwedVoucher>) =>
    owing.applyVoucher?.(rows, { key, voucherNo: 'B0101-2026-000001', about: { stream: 's', revision: 0 }, logIndex: 9 });

  it('is owed from the act on, until there is the voucher of this very act', () => {
    const [row] = play(act(), voucher('voucher-business-bank-2'), voucher('business-bank-1'));
    expect(row).toMatchObject({ actKey: 'business-bank-1', outletCode: 'B0101', revision: 3, isOwed: true, voucherNo: null });
    expect(JSON.parse(row?.signedBy ?? '')).toEqual(SIGNED);
    expect(play(act(), voucher('voucher-business-bank-1'))).toMatchObject([{ isOwed: false, voucherNo: 'B0101-2026-000001' }]);
  });
  it('an act that leaves none owes none', () => expect(play(act({}), voucher('voucher-business-bank-1'))).toEqual([]));
});
