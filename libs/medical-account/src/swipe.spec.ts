import {
  begun,
  CURRENT,
  credited,
  facts,
  firstSwipePolicy,
  H1,
  institution,
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
import { deciderSpec } from '../../../test/support/decider-spec';
import { type FreezePlaced, medicalFen as f, type MedicalAccountEvent, medicalAccount, receiptOf, subAccount } from './index';

const { given } = deciderSpec(medicalAccount, STREAM);
const minutes = (n: number) => new Date(Date.parse(T0) + n * 60_000).toISOString();
const days = (n: number) => minutes(n * 24 * 60);

const frozen = (over: Partial<FreezePlaced['data']> = {}): FreezePlaced => ({
  type: 'FreezePlaced.v1',
  decidedAt: T0,
  data: {
    key: 'business-court-1',
    commandHash: 'h',
    freezeId: 'F1',
    scope: { kind: 'person' },
    cause: 'judicialFreeze',
    legalDocument: 'D1',
    from: T0,
    until: null,
    placedBy: 'court',
    ...over,
  },
});
const onCard = (type: 'TemporaryLossReported.v1' | 'TemporaryLossLifted.v1', cardId = 'K1', decidedAt = T0): MedicalAccountEvent => ({
  type,
  decidedAt,
  data: { key: `business-${type}-${cardId}-${decidedAt}`, commandHash: 'h', cardId },
});
const NO_KEY = { key: null, commandHash: null } as const;
const stopped = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'CardStopped.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'agency', phase: null, effectiveAt: T0, reason: 'x' },
});
const sealed = (cardId = 'K1'): MedicalAccountEvent => ({
  type: 'SubAccountSealed.v1',
  decidedAt: T0,
  data: { ...NO_KEY, cardId, cause: 'cardStopped', reason: 'card stopped' },
});
const cancelledCard = (cardId: string, successorCardId: string | null, decidedAt = T0): MedicalAccountEvent => ({
  type: 'CardCancelled.v1',
  decidedAt,
  data: { ...NO_KEY, cardId, cause: 'replaced', successorCardId, reason: 'successor card enabled' },
});

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
      data: { ...NO_KEY, cardId: 'K2', channel: 'firstSwipe', financialAreaActivated: false },
    };
    const current2 = subAccount('K2', 'currentYear');
    const prior2 = subAccount('K2', 'priorYear');
    const moved = (fromCardId: string, amountFen: number, wasSealed: boolean, ...legs: ReturnType<typeof leg>[]): MedicalAccountEvent => ({
      type: 'BalanceTransferred.v1',
      decidedAt: T0,
      data: { ...NO_KEY, fromCardId, toCardId: 'K2', cause: 'firstSwipe', amountFen: f(amountFen), wasSealed, legs },
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

  describe('a late entry', () => {
    const late = (occurredAt: string, over = {}) => swipe({ entry: 'late', lateReason: 'network down', occurredAt, ...over });
    const at = days(2);
    it('judges the card as of the swipe, and takes the money that is there now', () => {
      const lost = onCard('TemporaryLossReported.v1', 'K1', days(1));
      const { data } = late(T0);
      given(...begun, lost)
        .when(late(T0), facts({ decidedAt: at }))
        .thenRecords(settled(data, { businessDate: '2026-03-03' }, at));
      given(...begun, lost)
        .when(late(days(1)), facts({ decidedAt: at }))
        .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: days(8) });
    });
    it('draws on the successor of a card that was replaced since', () => {
      const transfer: MedicalAccountEvent = {
        type: 'BalanceTransferred.v1',
        decidedAt: days(1),
        data: {
          ...NO_KEY,
          fromCardId: 'K1',
          toCardId: 'K2',
          cause: 'enablement',
          amountFen: f(5000),
          wasSealed: false,
          legs: [
            leg(CURRENT, -3000),
            leg(subAccount('K2', 'currentYear'), 3000),
            leg(PRIOR, -2000),
            leg(subAccount('K2', 'priorYear'), 2000),
          ],
        },
      };
      const legs = [leg(subAccount('K2', 'currentYear'), -3000), leg(subAccount('K2', 'priorYear'), -2000), leg(H1, 5000)];
      const history = [...begun, registered('K2'), cancelledCard('K1', 'K2', days(1)), transfer];
      given(...history)
        .when(late(T0), facts({ decidedAt: at }))
        .thenRecords(settled(late(T0).data, { cardId: 'K2', businessDate: '2026-03-03', legs }, at));
    });
    it('never draws on a sealed sub-account', () => {
      given(
        ...begun,
        { ...stopped(), decidedAt: days(1), data: { ...stopped().data, effectiveAt: days(1) } } as MedicalAccountEvent,
        sealed(),
      )
        .when(late(T0), facts({ decidedAt: at }))
        .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
    });
    it('is barred by a freeze of that day, even one lifted since, and not by a later one', () => {
      const lifted: MedicalAccountEvent = {
        type: 'FreezeLifted.v1',
        decidedAt: days(1),
        data: { key: 'business-court-2', commandHash: 'h', freezeId: 'F1', reason: 'x', liftedBy: 'court' },
      };
      given(...begun, frozen(), lifted)
        .when(late(T0), facts({ decidedAt: at }))
        .thenRefuses({ code: 'debit-frozen', cause: 'judicialFreeze', scope: 'person', until: null });
      given(...begun, frozen({ from: days(1) }))
        .when(late(T0), facts({ decidedAt: at }))
        .thenRecords(settled(late(T0).data, { businessDate: '2026-03-03' }, at));
    });
    it('needs a reason, lies in the past, and needs approval beyond the days of the pack', () => {
      given(...begun)
        .when(late(T0, { lateReason: ' ' }), facts({ decidedAt: at }))
        .thenRefuses({ code: 'late-reason-missing' });
      given(...begun)
        .when(late(minutes(1)), facts())
        .thenRefuses({ code: 'occurred-in-the-future', occurredAt: minutes(1) });
      const fourDays = days(4);
      given(...begun)
        .when(late(T0), facts({ decidedAt: fourDays }))
        .thenRefuses({ code: 'late-entry-needs-approval', occurredAt: T0, days: 3 });
      given(...begun)
        .when(late(T0, { approval: 'A-7' }), facts({ decidedAt: fourDays }))
        .thenRecords(settled(late(T0, { approval: 'A-7' }).data, { businessDate: '2026-03-05' }, fourDays));
    });
  });

  describe('an online entry', () => {
    it('lies within the minutes of the pack, to the millisecond', () => {
      const edge = minutes(10);
      given(...begun)
        .when(swipe(), facts({ decidedAt: edge }))
        .thenRecords(settled({}, {}, edge));
      const beyond = new Date(Date.parse(edge) + 1).toISOString();
      given(...begun)
        .when(swipe(), facts({ decidedAt: beyond }))
        .thenRefuses({ code: 'occurred-outside-online-window', occurredAt: T0, minutes: 10 });
      given(...begun)
        .when(swipe({ occurredAt: beyond }), facts())
        .thenRefuses({ code: 'occurred-outside-online-window', occurredAt: beyond, minutes: 10 });
    });
  });

  describe('a freeze', () => {
    const barred = (scope: 'person' | 'cardArea' | 'subAccount', until: string | null = null) =>
      ({ code: 'debit-frozen', cause: 'judicialFreeze', scope, until }) as const;
    it('of the person, of this card or of this money bars the swipe; another card’s does not', () => {
      given(...begun, frozen())
        .when(swipe(), facts())
        .thenRefuses(barred('person'));
      for (const kind of ['cardArea', 'subAccount'] as const) {
        given(...begun, frozen({ scope: { kind, cardId: 'K1' } }))
          .when(swipe(), facts())
          .thenRefuses(barred(kind));
        given(...begun, registered('K2'), frozen({ scope: { kind, cardId: 'K2' } }))
          .when(swipe(), facts())
          .thenRecords(settled());
      }
    });
    it('of a sub-account follows its money to the successor of the card', () => {
      given(...begun, oldCard('K0'), cancelledCard('K0', 'K1'), frozen({ scope: { kind: 'subAccount', cardId: 'K0' } }))
        .when(swipe(), facts())
        .thenRefuses(barred('subAccount'));
    });
    it('whose cause blocks no debit bars nothing', () => {
      given(...begun, frozen({ cause: 'contributionArrears' }))
        .when(swipe(), facts())
        .thenRecords(settled());
    });
    it('holds from its first instant to just before its last', () => {
      const [from, until] = [minutes(1), minutes(2)];
      const history = [...begun, frozen({ from, until })];
      given(...history)
        .when(swipe(), facts())
        .thenRecords(settled());
      given(...history)
        .when(swipe(), facts({ decidedAt: from }))
        .thenRefuses(barred('person', until));
      const ended: MedicalAccountEvent = { type: 'FreezeEnded.v1', decidedAt: until, data: { freezeId: 'F1', effectiveAt: until } };
      given(...history)
        .when(swipe(), facts({ decidedAt: until }))
        .thenRecords(ended, settled({}, {}, until));
    });
    it('of money bars no settlement that takes none', () => {
      given(...begun, frozen({ scope: { kind: 'subAccount', cardId: 'K1' } }))
        .when(swipe({ payment: 'none' }), facts())
        .thenRecords(settled({ payment: 'none' }, { cashPaymentFen: f(6000), legs: [] }));
    });
    it('of an amount keeps that much untouched', () => {
      const kept = frozen({ scope: { kind: 'amount', amountFen: f(4500) } });
      const legs = [leg(CURRENT, -500), leg(H1, 500)];
      given(...begun, kept)
        .when(swipe(), facts())
        .thenRecords(settled({}, { cashPaymentFen: f(5500), legs }));
      given(...begun, kept)
        .when(swipe({ payment: 'full', accountEligibleFen: f(501) }), facts())
        .thenRefuses({ code: 'balance-insufficient', needsFen: f(501), hasFen: f(500) });
      const more = frozen({ key: 'k', freezeId: 'F2', scope: { kind: 'amount', amountFen: f(9000) } });
      given(...begun, kept, more)
        .when(swipe(), facts())
        .thenRecords(settled({}, { cashPaymentFen: f(6000), legs: [] }));
    });
  });

  it('is refused on a sealed sub-account, unless it takes no money', () => {
    given(...begun, sealed())
      .when(swipe(), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
  });
});

describe('medical account: post swipe, each reason by precedence', () => {
  const agreement = (status: 'suspended' | 'terminated' | 'none' | 'closed') => ({ status, revision: 5, services: ['outpatient'] });
  const one = (over: Parameters<typeof institution>[0]) => facts({ institution: institution(over) });
  it.each([
    ['an institution that is not registered', swipe(), facts({ institution: null }), { code: 'institution-not-registered' }],
    ['a closed institution', swipe(), one({ agreement: agreement('closed') }), { code: 'institution-closed', agreementRevision: 5 }],
    ['one that was succeeded', swipe(), one({ succeededBy: 'H2' }), { code: 'institution-succeeded', byInstitutionCode: 'H2' }],
    ['one without agreement', swipe(), one({ agreement: agreement('none') }), { code: 'agreement-missing', agreementRevision: 5 }],
    ['a suspended one', swipe(), one({ agreement: agreement('suspended') }), { code: 'agreement-suspended', agreementRevision: 5 }],
    ['a terminated one', swipe(), one({ agreement: agreement('terminated') }), { code: 'agreement-terminated', agreementRevision: 5 }],
    ['an unknown terminal', swipe(), one({ terminal: null }), { code: 'terminal-unknown', terminalCode: 'T1' }],
    ['a barred operator', swipe(), one({ operatorBarred: true }), { code: 'operator-barred', operatorCode: 'O1' }],
    ['a card of another area', swipe(), one({ poolingArea: '370100' }), { code: 'card-of-another-pooling-area', poolingArea: '370200' }],
    [
      'a category of another kind of institution',
      swipe({ medicalCategory: 'emergency' }),
      one({ kind: 'clinic' }),
      { code: 'category-not-at-this-institution', medicalCategory: 'emergency', kind: 'clinic' },
    ],
    [
      'a service outside the agreement',
      swipe({ medicalCategory: 'designatedDisease' }),
      facts(),
      { code: 'service-not-in-agreement', service: 'designatedDisease', agreementRevision: 4 },
    ],
    [
      'a category that no account pays',
      swipe({ medicalCategory: 'physicalExamination' }),
      facts(),
      { code: 'category-not-payable-by-account', medicalCategory: 'physicalExamination' },
    ],
    [
      'a credential that the area does not accept',
      swipe({ credentialKind: 'identityCard', cardId: null }),
      facts({ policies: [policy({ credentials: ['socialSecurityCard'] })] }),
      { code: 'credential-not-accepted', credentialKind: 'identityCard' },
    ],
    ['an unknown card', swipe({ cardId: 'K9' }), facts(), { code: 'card-unknown' }],
    [
      'a terminal that does not read the card',
      swipe(),
      one({ terminal: { media: ['stripe', 'qr'] } }),
      { code: 'terminal-cannot-read-credential', reads: ['stripe', 'qr'], needs: ['contactChip', 'contactless'] },
    ],
    [
      'a terminal without a camera for an e-credential',
      swipe({ credentialKind: 'eCredential', cardId: null }),
      one({ terminal: { media: ['contactChip'] } }),
      { code: 'terminal-cannot-read-credential', reads: ['contactChip'], needs: ['qr'] },
    ],
    [
      'a check that is not accepted there',
      swipe({ holderCheck: { method: 'signature', reference: null } }),
      facts(),
      { code: 'holder-check-not-accepted', method: 'signature', accepted: ['password', 'passwordNotUsed'] },
    ],
    [
      'a password at an equipped hospital',
      swipe(),
      one({ identityCheckEquipped: true }),
      { code: 'holder-check-not-accepted', method: 'password', accepted: ['identityVerified', 'signature'] },
    ],
    ['another insurance', swipe({ insuranceType: 'resident' }), facts(), { code: 'insurance-type-differs', recorded: 'employee' }],
    ['no fee', swipe({ totalFeeFen: f(0), accountEligibleFen: f(0) }), facts(), { code: 'amount-not-positive', field: 'totalFee' }],
    ['a negative fund part', swipe({ fundPaidFen: f(-1) }), facts(), { code: 'amount-not-positive', field: 'fundPaid' }],
    ['a negative eligible part', swipe({ accountEligibleFen: f(-1) }), facts(), { code: 'amount-not-positive', field: 'accountEligible' }],
    ['a fund part beyond the fee', swipe({ fundPaidFen: f(6001) }), facts(), { code: 'fund-paid-beyond-total' }],
    ['more eligible than the own part', swipe({ fundPaidFen: f(1) }), facts(), { code: 'eligible-beyond-own-part', ownPartFen: f(5999) }],
  ] as const)('refuses %s', (_name, command, given_, refusal) => {
    given(...begun)
      .when(command, given_)
      .thenRefuses(refusal);
  });

  it('lets a category that no account pays be settled without the account', () => {
    const checkUp = { medicalCategory: 'physicalExamination', payment: 'none' } as const;
    given(...begun)
      .when(swipe(checkUp), facts())
      .thenRecords(settled(checkUp, { cashPaymentFen: f(6000), legs: [] }));
  });

  it('names all that apply, most important first', () => {
    const wrong = one({ poolingArea: '370100', operatorBarred: true, agreement: agreement('suspended'), terminal: { media: ['stripe'] } });
    given(...begun, frozen(), sealed())
      .when(swipe({ insuranceType: 'resident', holderCheck: { method: 'signature', reference: null }, payment: 'full' }), wrong)
      .thenRefuses(
        { code: 'agreement-suspended', agreementRevision: 5 },
        { code: 'operator-barred', operatorCode: 'O1' },
        { code: 'card-of-another-pooling-area', poolingArea: '370200' },
        { code: 'terminal-cannot-read-credential', reads: ['stripe'], needs: ['contactChip', 'contactless'] },
        { code: 'holder-check-not-accepted', method: 'signature', accepted: ['password', 'passwordNotUsed'] },
        { code: 'insurance-type-differs', recorded: 'employee' },
        { code: 'sub-account-sealed', cardId: 'K1' },
        { code: 'debit-frozen', cause: 'judicialFreeze', scope: 'person', until: null },
        { code: 'balance-insufficient', needsFen: f(6000), hasFen: f(5000) },
      );
  });

  it('reveals nothing else about the person of an unknown, lost, stopped or cancelled card', () => {
    const wrong = { insuranceType: 'resident', payment: 'full', totalFeeFen: f(0), accountEligibleFen: f(0) } as const;
    const form = { code: 'amount-not-positive', field: 'totalFee' } as const;
    const elsewhere = one({ poolingArea: '370100', terminal: { media: ['qr'] } });
    given().when(swipe(wrong), elsewhere).thenRefuses({ code: 'card-unknown' }, form);
    given(...begun, frozen())
      .when(swipe({ ...wrong, cardId: 'K9' }), elsewhere)
      .thenRefuses({ code: 'card-unknown' }, form);
    given(...begun, frozen(), onCard('TemporaryLossReported.v1'))
      .when(swipe(wrong), elsewhere)
      .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: days(7) }, form);
    given(...begun, frozen(), stopped(), sealed())
      .when(swipe(wrong), elsewhere)
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' }, form);
    given(...begun, frozen(), cancelledCard('K1', null))
      .when(swipe(wrong), elsewhere)
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: false }, form);
  });
});
