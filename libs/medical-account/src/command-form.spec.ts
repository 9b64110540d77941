import { credited, opened, registered, swipe } from '../../../test/support/account-fixture';
import { act, keyed, sealed, stopped } from '../../../test/support/card-acts';
import { type CreditAccount, medicalFen as f, type MedicalAccountCommand, shortCommand, type TakeOverAccount, wholeCommand } from './index';

type Events = Parameters<typeof shortCommand>[1];
/** What is written, which must be enough to have the command again. */
const written = (command: MedicalAccountCommand, ...events: Events) => {
  const short = shortCommand(command, events);
  expect(wholeCommand(short, events)).toStrictEqual(command);
  return short;
};

const credit = credited('K1', 3000);
const { key, commandHash, reference, period } = credit.data;
const order: CreditAccount = {
  type: 'CreditAccount',
  data: {
    key,
    commandHash,
    source: 'contribution',
    reference,
    period,
    amountFen: f(3000),
    bucket: 'currentYear',
    legalBasis: null,
  },
};
const takeOver: TakeOverAccount = {
  type: 'TakeOverAccount',
  data: {
    key: opened.data.key,
    commandHash: 'h',
    accountId: 'A1',
    personId: 'person-1',
    district: null,
    poolingArea: '370200',
    insuranceType: 'employee',
    commitments: {},
    cards: [],
    currentYearFen: f(0),
    priorYearFen: f(0),
  },
};

describe('a command beside the events that answer it', () => {
  it('says only what its answer does not say', () => {
    expect(written(order, credit)).toStrictEqual({ data: { amountFen: 3000, bucket: 'currentYear' } });
  });
  it('is not written at all where the answer says everything', () => {
    expect(written(act('StopCard'), stopped())).toBeUndefined();
  });
  it('is named where its answer usually answers another', () => {
    expect(written(takeOver, opened)).toStrictEqual({ type: 'TakeOverAccount', data: { cards: [], currentYearFen: 0, priorYearFen: 0 } });
  });
  it('is the work of a job, without a word of its own, where no event has a key', () => {
    const due: MedicalAccountCommand = { type: 'SettleDue', data: {} };
    expect(written(due)).toBeUndefined();
    expect(written(due, sealed())).toBeUndefined();
    const { legalBasis: _none, ...told } = order.data;
    expect(written(order)).toStrictEqual({ type: 'CreditAccount', data: told });
  });
  it('is answered by the first event with a key: what was due before it has none, and what follows from it comes later', () => {
    expect(written(order, sealed(), credit, stopped())).toStrictEqual({ data: { amountFen: 3000, bucket: 'currentYear' } });
  });
  it('compares records by their content: order does not count, a member more does, and nothing is not a record', () => {
    const commitments = { cardNumber: 'c0', holder: 'c1' };
    const register = (own: Readonly<Record<string, string>>): MedicalAccountCommand => ({
      type: 'RegisterCard',
      data: {
        ...keyed,
        cardId: 'K2',
        kind: 'socialSecurity3',
        state: 'inUse',
        lastSwipedOn: null,
        media: ['contactChip', 'contactless'],
        commitments: own,
        opening: null,
        issue: null,
        validDays: null,
      },
    });
    const answer = registered('K2', { ...keyed, commitments });
    expect(written(register({ holder: 'c1', cardNumber: 'c0' }), answer)).toBeUndefined();
    expect(written(register({ cardNumber: 'c0' }), answer)).toStrictEqual({ data: { commitments: { cardNumber: 'c0' } } });
    const opening = { currentYearFen: f(1), priorYearFen: f(0), reference: 'L1' };
    const withOpening = { ...register(commitments), data: { ...register(commitments).data, opening } } as MedicalAccountCommand;
    expect(written(withOpening, answer)).toStrictEqual({ data: { opening } });
    const media = { ...register(commitments), data: { ...register(commitments).data, media: null } } as MedicalAccountCommand;
    expect(written(media, answer)).toStrictEqual({ data: { media: null } });
  });
  it('stops at a command of a newer engine', () => {
    expect(() => wholeCommand({ type: 'SwipeTwice', data: {} }, [])).toThrow('stored event: unknown command SwipeTwice');
    expect(wholeCommand({ type: 'PostSwipe', data: swipe().data }, [])).toStrictEqual(swipe());
  });
});
