import { facts, leg, opened, policy, recorded, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { type CardTakenOver, medicalFen as f, keysTakenOver, type MedicalAccountEvent, subAccount, type TakeOverAccount } from './index';

const KEY = 'import-hifs-7';
const HASH = 'taken';

const card = (cardId: string, over: Partial<CardTakenOver> = {}): CardTakenOver => ({
  cardId,
  kind: 'socialSecurity3',
  state: 'inUse',
  lastSwipedOn: '2026-02-11',
  media: null,
  commitments: { cardNumber: 'c0' },
  currentYearFen: f(0),
  priorYearFen: f(0),
  ...over,
});
const takeOver = (over: Partial<TakeOverAccount['data']> = {}): TakeOverAccount => ({
  type: 'TakeOverAccount',
  data: {
    key: KEY,
    commandHash: HASH,
    accountId: 'A1',
    personId: 'person-1',
    poolingArea: '370200',
    district: null,
    insuranceType: 'employee',
    commitments: { name: 'n0' },
    cards: [],
    currentYearFen: f(0),
    priorYearFen: f(0),
    ...over,
  },
});
const entered = { ...opened, data: { ...opened.data, key: KEY, commandHash: HASH, commitments: { name: 'n0' } } };
const typesOf = (events: readonly MedicalAccountEvent[]): string[] => events.map(({ type }) => type);

describe('medical account: take over from a legacy system', () => {
  it('records the person, the card in use with its last swipe, and its money by bucket, in one append', () => {
    const K1 = card('K1', { currentYearFen: f(3000), priorYearFen: f(2000) });
    given()
      .when(takeOver({ cards: [K1] }), facts())
      .thenRecords(
        entered,
        {
          type: 'CardRegistered.v1',
          decidedAt: T0,
          data: {
            key: `${KEY}/1`,
            commandHash: HASH,
            cardId: 'K1',
            kind: 'socialSecurity3',
            media: ['contactChip', 'contactless'],
            carriesPersonalAccount: true,
            state: 'inUse',
            lastSwipedOn: '2026-02-11',
            commitments: { cardNumber: 'c0' },
            issue: null,
            expiresAt: null,
          },
        },
        {
          type: 'AccountCredited.v1',
          decidedAt: T0,
          data: {
            key: `credit-opening-${KEY}/1`,
            commandHash: HASH,
            source: 'opening',
            reference: `${KEY}/1`,
            period: null,
            legalBasis: null,
            cardId: 'K1',
            legs: [leg('fund:opening', -5000), leg(subAccount('K1', 'currentYear'), 3000), leg(subAccount('K1', 'priorYear'), 2000)],
          },
        },
      );
  });

  it('money of the person comes from the opening fund; a person without a personal account has none, and none may be negative', () => {
    const { decision } = given().when(takeOver({ currentYearFen: f(70), priorYearFen: f(30) }), facts());
    expect(decision).toMatchObject({ kind: 'accepted' });
    const [, credit] = decision.kind === 'accepted' ? decision.events : [];
    expect(credit?.data).toMatchObject({ legs: [leg('fund:opening', -100), expect.anything(), expect.anything()] });
    given()
      .when(takeOver({ insuranceType: 'resident', currentYearFen: f(70) }), facts())
      .thenRefuses({ code: 'no-personal-account' });
    given()
      .when(takeOver({ currentYearFen: f(70), priorYearFen: f(-1) }), facts())
      .thenRefuses({ code: 'amount-not-positive', field: 'opening' });
  });

  it('puts money that stood on no card on the card in use, else on the cardless sub-account', () => {
    const withCard = given().when(takeOver({ cards: [card('K1')], priorYearFen: f(70) }), facts());
    expect(withCard.after.balances.get(subAccount('K1', 'priorYear'))).toBe(70);
    const without = given().when(takeOver({ cards: [card('K1', { state: 'registered' })], currentYearFen: f(70) }), facts());
    expect(without.after.balances.get(subAccount('cardless', 'currentYear'))).toBe(70);
  });

  it('stops and seals a card that was stopped there: its money is neither lost nor spent', () => {
    const old = card('K1', { kind: 'labourSecurity', state: 'stopped', priorYearFen: f(900) });
    const { decision, after } = given().when(takeOver({ cards: [old] }), facts());
    expect(decision.kind === 'accepted' && typesOf(decision.events)).toEqual([
      'AccountOpened.v1',
      'CardRegistered.v1',
      'AccountCredited.v1',
      'CardStopped.v1',
      'SubAccountSealed.v1',
    ]);
    expect(after.cards.get('K1')?.sealed).toBe(true);
    expect(after.balances.get(subAccount('K1', 'priorYear'))).toBe(900);
  });

  it('moves what still stood on a cancelled card to the card in use, whichever of them the file names first', () => {
    const gone = card('K1', { state: 'cancelled', currentYearFen: f(500) });
    for (const cards of [
      [gone, card('K2')],
      [card('K2'), gone],
    ]) {
      const { after } = given().when(takeOver({ cards }), facts());
      expect(after.balances.get(subAccount('K2', 'currentYear'))).toBe(500);
      expect(after.balances.get(subAccount('K1', 'currentYear')) ?? 0).toBe(0);
    }
  });

  it('keeps a temporary loss', () => {
    const { after } = given().when(takeOver({ cards: [card('K1', { state: 'temporarilyLost' })] }), facts());
    expect(after.cards.get('K1')?.timeline.at(-1)?.state).toBe('temporarilyLost');
  });

  it('gives every event a key of its own, and names them all beforehand', () => {
    const command = takeOver({
      cards: [card('K1', { currentYearFen: f(1) }), card('K2', { kind: 'labourSecurity', state: 'stopped' })],
      priorYearFen: f(2),
    });
    const { decision } = given().when(command, facts());
    const keys = decision.kind === 'accepted' ? decision.events.map(({ data }) => (data as { key?: string | null }).key) : [];
    expect(keys.filter((key) => key !== null && key !== KEY)).toEqual(keysTakenOver(command.data));
  });

  it('refuses everything that is wrong with it at once, and records nothing', () => {
    given()
      .when(
        takeOver({
          insuranceType: 'resident',
          cards: [card('K1'), card('K2'), card('K3', { kind: 'residentMedical', currentYearFen: f(5) })],
          currentYearFen: f(-5),
        }),
        facts(),
      )
      .thenRefuses(
        { code: 'another-card-in-use', cardId: 'K1' },
        { code: 'card-carries-no-personal-account', cardId: 'K3' },
        { code: 'no-personal-account' },
        { code: 'amount-not-positive', field: 'opening' },
      );
  });

  it('tells of a card that is not registered nothing but why', () => {
    const unknown = policy({ cardKinds: {} });
    given()
      .when(takeOver({ cards: [card('K1', { state: 'stopped' })] }), facts({ policies: [unknown] }))
      .thenRefuses({ code: 'card-kind-not-accepted', kind: 'socialSecurity3' });
  });

  it('answers a repeat as the first time, and names another content under the same key', () => {
    given(entered).when(takeOver(), facts()).thenReplays(recorded(0, entered));
    given(entered)
      .when(takeOver({ commandHash: 'other' }), facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'AccountOpened.v1' });
  });

  it('refuses an account that was opened otherwise', () => {
    given(opened).when(takeOver(), facts()).thenRefuses({ code: 'account-exists', openedAt: T0 });
  });
});
