import {
  begun,
  CURRENT,
  credited,
  facts,
  firstSwipePolicy,
  H1,
  leg,
  oldCard,
  opened,
  PRIOR,
  policy,
  recorded,
  registered,
  STREAM,
  settled,
  swipe,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { cancelledCard, NO_KEY, onCard, sealed, stopped } from '../../../test/support/swipe-history';
import { medicalFen as f, type MedicalAccountEvent, receiptOf, subAccount } from './index';

describe('medical account: post swipe', () => {
  it('draws in the order of the pack to the last fen; the holder pays the rest', () => {
    given(...begun)
      .when(swipe(), facts())
      .thenRecords(settled());
    const priorFirst = facts({ policies: [policy({ drawOrder: ['priorYear', 'currentYear'] })] });
    const half = { totalFeeFen: f(2500), accountEligibleFen: f(2500) };
    given(...begun)
      .when(swipe(half), priorFirst)
      .thenRecords(settled(half, { cashPaymentFen: f(0), legs: [leg(PRIOR, -2000), leg(CURRENT, -500), leg(H1, 2500)] }));
  });
  it('lets the fund pay its part first, and the account never more than what is eligible', () => {
    const parts = { totalFeeFen: f(9000), fundPaidFen: f(4000), accountEligibleFen: f(3500) };
    given(...begun)
      .when(swipe(parts), facts())
      .thenRecords(settled(parts, { cashPaymentFen: f(1500), legs: [leg(CURRENT, -3000), leg(PRIOR, -500), leg(H1, 3500)] }));
  });
  it('leaves the account alone with payment none, and pays all or nothing with payment full', () => {
    given(...begun)
      .when(swipe({ payment: 'none' }), facts())
      .thenRecords(settled({ payment: 'none' }, { cashPaymentFen: f(6000), legs: [] }));
    given(...begun)
      .when(swipe({ payment: 'full' }), facts())
      .thenRefuses({ code: 'balance-insufficient', needsFen: f(6000), hasFen: f(5000) });
    const exact = { payment: 'full', accountEligibleFen: f(5000) } as const;
    given(...begun)
      .when(swipe(exact), facts())
      .thenRecords(settled(exact));
  });
  it('gives a receipt of the recorded event alone', () => {
    expect(receiptOf(recorded(3, settled()))).toMatchObject({
      stream: STREAM,
      revision: 3,
      eventId: 'e3',
      balanceBeforeFen: 5000,
      balanceAfterFen: 0,
      cashPaymentFen: 1000,
      accountPaidFen: { currentYear: 3000, priorYear: 2000, total: 5000 },
    });
  });

  describe('an e-credential or identity card', () => {
    const eCredential = { credentialKind: 'eCredential', cardId: null } as const;
    it('draws on the card in use, the newest kind first', () => {
      given(...begun, oldCard('K0'))
        .when(swipe(eCredential), facts())
        .thenRecords(settled({ ...eCredential }, { cardId: 'K1' }));
    });
    it('draws on the cardless sub-account without one, and never on a sealed or a lost card', () => {
      const nothing = { cardId: 'cardless', cashPaymentFen: f(6000), balanceBeforeFen: f(0), legs: [] };
      given(...begun, stopped(), sealed())
        .when(swipe(eCredential), facts())
        .thenRecords(settled(eCredential, nothing));
      given(...begun, sealed())
        .when(swipe(eCredential), facts())
        .thenRecords(settled(eCredential, nothing));
      given(...begun, onCard('TemporaryLossReported.v1'))
        .when(swipe(eCredential), facts())
        .thenRecords(settled(eCredential, nothing));
      const cardless = [leg(subAccount('cardless', 'currentYear'), -700), leg(H1, 700)];
      given(opened, credited('cardless', 700))
        .when(swipe(eCredential), facts())
        .thenRecords(settled(eCredential, { cashPaymentFen: f(5300), balanceBeforeFen: f(700), legs: cardless }));
    });
  });

  describe('a person without a personal account', () => {
    const resident: MedicalAccountEvent = { ...opened, data: { ...opened.data, insuranceType: 'resident', hasPersonalAccount: false } };
    const visit = { insuranceType: 'resident' } as const;
    it('is settled with nothing from the account, or refused when all was asked from it', () => {
      given(resident, registered('K1'))
        .when(swipe(visit), facts())
        .thenRecords(settled(visit, { hasPersonalAccount: false, cashPaymentFen: f(6000), balanceBeforeFen: f(0), legs: [] }));
      given(resident, registered('K1'))
        .when(swipe({ ...visit, payment: 'full' }), facts())
        .thenRefuses({ code: 'no-personal-account' });
    });
    it('is not the same as a card that carries none: such a card draws on no other sub-account', () => {
      const bare = registered('K2', { kind: 'residentMedical', media: ['stripe'], carriesPersonalAccount: false });
      given(...begun, bare)
        .when(swipe({ cardId: 'K2' }), facts())
        .thenRecords(settled({ cardId: 'K2' }, { cashPaymentFen: f(6000), balanceBeforeFen: f(0), legs: [] }));
      given(...begun, bare)
        .when(swipe({ cardId: 'K2', payment: 'full' }), facts())
        .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K2' });
    });
  });

  describe('the first swipe of a new card, where it enables', () => {
    const jinan = facts({ policies: [firstSwipePolicy] });
    const fresh = registered('K2', { state: 'registered' });
    const enabled: MedicalAccountEvent = {
      type: 'CardEnabled.v1',
      decidedAt: T0,
      data: { ...NO_KEY, cardId: 'K2', channel: 'firstSwipe', financialAreaActivated: false, proxy: null },
    };
    const current2 = subAccount('K2', 'currentYear');
    const prior2 = subAccount('K2', 'priorYear');
    const moved = (fromCardId: string, amountFen: number, wasSealed: boolean, ...legs: ReturnType<typeof leg>[]): MedicalAccountEvent => ({
      type: 'BalanceTransferred.v1',
      decidedAt: T0,
      data: { ...NO_KEY, fromCardId, toCardId: 'K2', cause: 'firstSwipe', amountFen: f(amountFen), wasSealed, effectiveAt: null, legs },
    });
    it('enables it, cancels the old card, moves its balance and settles, in one append', () => {
      const all = [leg(CURRENT, -3000), leg(current2, 3000), leg(PRIOR, -2000), leg(prior2, 2000)];
      given(...begun, fresh)
        .when(swipe({ cardId: 'K2' }), jinan)
        .thenRecords(
          enabled,
          cancelledCard('K1', 'K2'),
          moved('K1', 5000, false, ...all),
          settled({ cardId: 'K2' }, { legs: [leg(current2, -3000), leg(prior2, -2000), leg(H1, 5000)] }),
        );
    });
    it('takes the seal off, and fetches cardless money too', () => {
      const unsealed: MedicalAccountEvent = {
        type: 'SubAccountUnsealed.v1',
        decidedAt: T0,
        data: { ...NO_KEY, cardId: 'K1', cause: 'successorEnabled', reason: 'successor card enabled' },
      };
      const cardless = subAccount('cardless', 'currentYear');
      given(opened, oldCard('K1'), credited('K1', 3000), credited('cardless', 2000), stopped(), sealed(), fresh)
        .when(swipe({ cardId: 'K2' }), jinan)
        .thenRecords(
          enabled,
          unsealed,
          cancelledCard('K1', 'K2'),
          moved('K1', 3000, true, leg(CURRENT, -3000), leg(current2, 3000)),
          moved('cardless', 2000, false, leg(cardless, -2000), leg(current2, 2000)),
          settled({ cardId: 'K2' }, { legs: [leg(current2, -5000), leg(H1, 5000)] }),
        );
    });
    it('moves nothing when the swipe itself is refused', () => {
      given(...begun, fresh)
        .when(swipe({ cardId: 'K2', payment: 'full' }), jinan)
        .thenRefuses({ code: 'balance-insufficient', needsFen: f(6000), hasFen: f(5000) });
    });
    it('enables no old card, and none where the pack does not say so', () => {
      given(...begun, oldCard('K0', { state: 'registered' }))
        .when(swipe({ cardId: 'K0' }), jinan)
        .thenRefuses({ code: 'card-not-enabled', cardId: 'K0' });
      given(...begun, fresh)
        .when(swipe({ cardId: 'K2' }), facts())
        .thenRefuses({ code: 'card-not-enabled', cardId: 'K2' });
    });
  });

  it('is refused on a sealed sub-account, unless it takes no money', () => {
    given(...begun, sealed())
      .when(swipe(), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
  });
});
