import { begun, facts, institution, policy, settled, swipe } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { cancelledCard, days, frozen, onCard, sealed, stopped } from '../../../test/support/swipe-history';
import { medicalFen as f } from './index';

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
      { code: 'terminal-cannot-read-credential', reads: ['stripe', 'qr'], needs: ['contactChip', 'contactless'], bring: ['eCredential'] },
    ],
    [
      'a terminal without a camera for an e-credential',
      swipe({ credentialKind: 'eCredential', cardId: null }),
      one({ terminal: { media: ['contactChip'] } }),
      { code: 'terminal-cannot-read-credential', reads: ['contactChip'], needs: ['qr'], bring: ['socialSecurity3'] },
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
        { code: 'terminal-cannot-read-credential', reads: ['stripe'], needs: ['contactChip', 'contactless'], bring: [] },
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
