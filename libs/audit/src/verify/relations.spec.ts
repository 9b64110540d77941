import type { MedicalAccountEvent } from '#libs/medical-account';
import { AuditedAccount } from './account/account';
import { Tally } from './checks';
import { HandOvers } from './hand-overs';
import type { AccountEvent, RecordedEvent } from './recorded';
import { RelationsIn } from './relations-in';

const T0 = '2026-03-01T01:00:00.000Z';
const keyed = { key: 'k', commandHash: 'h' };
const place = { logIndex: 1, stream: 's', revision: 1 };
const leg = (account: string, amountFen: number) => ({ account, amountFen });
const event = (type: MedicalAccountEvent['type'], data: object, decidedAt = T0): AccountEvent =>
  ({ type, decidedAt, data: { ...keyed, ...data }, id: 'i', stream: 'medicalAccount-A1', revision: 0 }) as unknown as AccountEvent;

const opened = event('AccountOpened.v1', {
  ...{ accountId: 'A1', personId: 'P', poolingArea: '370200', insuranceType: 'employee', hasPersonalAccount: true, commitments: {} },
});
const CURRENT = 'subAccount:cardless:currentYear';
const credited = event('AccountCredited.v1', { source: 'contribution', legs: [leg('fund:contribution', -500), leg(CURRENT, 500)] });
const request = {
  transferId: 'T1',
  toPoolingArea: '320100',
  followsTransferId: null,
  remitBy: '2026-03-13',
  paysUntil: 'remittance',
  lapsesAt: null,
};
const requested = event('RelationTransferRequested.v1', request);
const remittance = { transferId: 'T1', batchReference: 'B', confirmBy: '2026-03-06', legalBasis: '43号', amountFen: 500 };
const remitted = (over: object = {}, legs = [leg(CURRENT, -500), leg('inTransit:T1', 500)]) =>
  event('RelationTransferRemitted.v1', { ...remittance, legs, ...over });
const confirmed = (fen = 500) =>
  event('RelationTransferConfirmed.v1', {
    transferId: 'T1',
    amountFen: fen,
    legs: [leg('inTransit:T1', -fen), leg('fund:transferOut', fen)],
  });
const returned = (fen = 500) =>
  event('RelationTransferReturned.v1', { transferId: 'T1', amountFen: fen, legs: [leg('inTransit:T1', -fen), leg(CURRENT, fen)] });

const foundIn = (...events: readonly AccountEvent[]): readonly string[] => {
  const tally = new Tally();
  const account = new AuditedAccount(tally, () => undefined, new HandOvers(tally, true));
  for (const one of events) account.take(one, null, place, true);
  return tally.findings().map(({ en }) => en);
};

describe('verify: relation transfers that go elsewhere', () => {
  it('finds nothing in what is sound: confirmed, or returned', () => {
    expect(foundIn(opened, credited, requested, remitted(), confirmed())).toEqual([]);
    expect(foundIn(opened, credited, requested, remitted(), returned())).toEqual([]);
  });
  it.each([
    ['money sent under a number that nobody asked for', [opened, credited, remitted()], 'not there'],
    [
      'money sent twice',
      [opened, credited, requested, remitted(), remitted({}, [leg('fund:contribution', -500), leg('inTransit:T1', 500)])],
      'out of step',
    ],
    ['two outcomes', [opened, credited, requested, remitted(), confirmed(), returned()], 'out of step'],
    ['a return before the remittance', [opened, credited, requested, returned()], 'out of step'],
    ['less confirmed than was sent', [opened, credited, requested, remitted(), confirmed(499)], 'not what the legs or the remittance say'],
    [
      'an amount told that the legs do not bear out',
      [opened, credited, requested, remitted(), { ...confirmed(), data: { ...confirmed().data, amountFen: 499 } } as AccountEvent],
      'not what the legs or the remittance say',
    ],
    ['money that stays in transit after the end', [opened, credited, requested, remitted(), confirmed(499)], 'still has money in transit'],
    [
      'an amount that the legs do not bear out',
      [opened, credited, requested, remitted({ amountFen: 499 })],
      'not what the legs or the remittance say',
    ],
    ['no legal basis', [opened, credited, requested, remitted({ legalBasis: ' ' })], 'without a legal basis'],
    [
      'money that stayed behind',
      [opened, credited, requested, remitted({ amountFen: 400 }, [leg(CURRENT, -400), leg('inTransit:T1', 400)])],
      'money stayed on the account',
    ],
    ['one number asked for twice', [opened, requested, requested], 'requested twice'],
  ])('finds %s', (_what, events, words) => {
    expect(foundIn(...events).some((en) => en.includes(words))).toBe(true);
  });
});

describe('verify: relations that come from elsewhere', () => {
  const name = { transferInId: 'I1', poolingArea: '370200', fromPoolingArea: '320100', transferNo: 'N' };
  const said = (type: string, data: object): RecordedEvent => ({ type, data: { ...keyed, ...name, ...data } }) as unknown as RecordedEvent;
  const file = said('RelationFileRegistered.v1', { currentYearFen: 300, priorYearFen: 200 });
  const money = said('RelationMoneyReceived.v1', { amountFen: 500 });
  const done = said('RelationCredited.v1', { accountId: 'A1', revision: 3 });
  const takenIn = { transferInId: 'I1', amountFen: 500, legs: [leg('fund:transferIn', -500), leg(CURRENT, 500)] };
  const found = (credit: object | undefined, ...events: readonly RecordedEvent[]): readonly string[] => {
    const tally = new Tally();
    const at = (stream: string, revision: number) =>
      credit && stream === 'medicalAccount-A1' && revision === 3
        ? { event: { type: 'RelationTakenIn.v1', data: credit } as unknown as RecordedEvent }
        : undefined;
    const transfer = new RelationsIn(tally, at);
    for (const one of events) transfer.take(one, place);
    return tally.findings().map(({ en }) => en);
  };

  it('finds nothing where money, file and credit agree', () => {
    expect(found(takenIn, file, money, done)).toEqual([]);
    expect(
      found(
        takenIn,
        money,
        said('RelationFileRegistered.v1', { currentYearFen: 1, priorYearFen: 0 }),
        said('RelationFileWithdrawn.v1', {}),
        file,
        done,
      ),
    ).toEqual([]);
  });
  it.each([
    ['a credit without money', takenIn, [file, done], 'without money and file that agree'],
    [
      'a credit of money that was sent back',
      takenIn,
      [file, money, said('RelationMoneySentBack.v1', {}), done],
      'without money and file that agree',
    ],
    ['a credit that is not there', undefined, [file, money, done], 'is not there, or of another amount'],
    ['a credit of another amount', { ...takenIn, amountFen: 499 }, [file, money, done], 'of another amount'],
    ['a credit of another transfer', { ...takenIn, transferInId: 'I2' }, [file, money, done], 'is not there'],
    [
      'a credit whose legs take another amount from the fund',
      { ...takenIn, legs: [leg('fund:transferIn', -400)] },
      [file, money, done],
      'of another amount',
    ],
    ['anything after the credit', takenIn, [file, money, done, done], 'moved after it was credited'],
  ])('finds %s', (_what, credit, events, words) => {
    expect(found(credit, ...events).some((en) => en.includes(words))).toBe(true);
  });
});
