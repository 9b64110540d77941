import { begun, credited, facts, opened, policy, registered, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { act, before, keyed, lost } from '../../../test/support/card-acts';
import {
  type AccountFacts,
  type AccountPolicy,
  type CardKind,
  cardStateNow,
  type EnableCard,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
} from './index';

const firstSwipe: Partial<AccountPolicy> = { enablement: { channels: ['bankOutlet', 'firstSwipe'] } };
const jinan = (over: Partial<AccountFacts> = {}, pack: Partial<AccountPolicy> = {}) =>
  facts({ policies: [policy({ ...firstSwipe, ...pack })], ...over });
const made = (cardId: string, kind: CardKind = 'socialSecurity3') => registered(cardId, { state: 'registered', kind });
const event = (type: MedicalAccountEvent['type'], data: object, decidedAt = T0) => ({ type, decidedAt, data }) as MedicalAccountEvent;
const enabledEvent = (cardId: string, key = `business-before-${cardId}`) =>
  event('CardEnabled.v1', { ...keyed, key, cardId, channel: 'bankOutlet', financialAreaActivated: false, proxy: null });
const enable = (cardId: string): EnableCard => ({
  type: 'EnableCard',
  data: { ...keyed, cardId, channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
});
const checked = { ...keyed, cardId: 'K1', identityCheck: 'IDC-1' };
const formalLoss: MedicalAccountCommand = { type: 'ReportFormalLoss', data: checked };
const retain: MedicalAccountCommand = { type: 'RetainCard', data: { ...keyed, cardId: 'K1', place: 'ATM-1' } };
const kept = before(event('CardRetained.v1', { ...keyed, cardId: 'K1', place: 'ATM-1' }));
const gone = before(event('FormalLossReported.v1', checked));
const k1After = (history: readonly MedicalAccountEvent[], command: MedicalAccountCommand, known = jinan()) => {
  const { after } = given(...history).when(command, known);
  const card = after.cards.get('K1');
  return card && cardStateNow(card);
};

describe('a card that was handed over and is not enabled yet', () => {
  const inTheLetterBox = [opened, credited('cardless', 5000), made('K1')];

  it('is reported lost, for some time or for good, and kept by a machine, like one in use', () => {
    given(...inTheLetterBox)
      .when(act('ReportTemporaryLoss'), jinan())
      .thenRecords(lost);
    expect(k1After(inTheLetterBox, formalLoss)).toBe('lost');
    expect(k1After([...inTheLetterBox, before(lost)], formalLoss)).toBe('lost');
    expect(k1After(inTheLetterBox, retain)).toBe('retained');
  });
  it.each([
    ['reported lost', before(lost), { code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: '2026-03-08T01:00:00.000Z' }],
    ['formally lost', gone, { code: 'card-lost', cardId: 'K1' }],
    ['kept by a machine', kept, { code: 'card-retained', cardId: 'K1' }],
  ] as const)('%s, it is enabled neither by a swipe of its finder nor at an outlet', (_name, event, refusal) => {
    given(...inTheLetterBox, event)
      .when(swipe(), jinan())
      .thenRefuses(refusal);
    given(...inTheLetterBox, event)
      .when(enable('K1'), jinan())
      .thenRefuses(refusal);
  });
  it('comes back as it was: lifted, found, handed back, or by the end of its days, it still waits to be enabled, and then can be', () => {
    const lifted = before(event('TemporaryLossLifted.v1', { ...keyed, cardId: 'K1' }));
    expect(k1After([...inTheLetterBox, before(lost)], act('LiftTemporaryLoss'))).toBe('registered');
    expect(k1After([...inTheLetterBox, gone], { type: 'LiftFormalLoss', data: checked })).toBe('registered');
    expect(k1After([...inTheLetterBox, kept], { type: 'ReturnCard', data: checked })).toBe('registered');
    const later = '2026-03-08T01:00:00.000Z';
    given(...inTheLetterBox, before(lost))
      .when(swipe({ occurredAt: later }), facts({ decidedAt: later }))
      .thenRefuses({ code: 'card-not-enabled', cardId: 'K1' });
    expect(k1After([...inTheLetterBox, before(lost), lifted], enable('K1'))).toBe('inUse');
    expect(k1After([...inTheLetterBox, enabledEvent('K1'), before(lost)], act('LiftTemporaryLoss'))).toBe('inUse');
  });
  it('that is not lost, nor kept, is told so by who would lift it', () => {
    given(...inTheLetterBox)
      .when(act('LiftTemporaryLoss'), jinan())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(...inTheLetterBox)
      .when({ type: 'LiftFormalLoss', data: checked }, jinan())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(...inTheLetterBox)
      .when({ type: 'ReturnCard', data: checked }, jinan())
      .thenRefuses({ code: 'card-not-retained', cardId: 'K1' });
  });
  it('is no home for money while it is lost: what is credited stands where it stood', () => {
    const credit: MedicalAccountCommand = {
      type: 'CreditAccount',
      data: {
        ...keyed,
        source: 'contribution',
        reference: 'C-1',
        period: null,
        amountFen: 100 as never,
        bucket: 'currentYear',
        legalBasis: null,
      },
    };
    const { decision } = given(...inTheLetterBox, before(lost)).when(credit, jinan());
    expect(decision).toMatchObject({ kind: 'accepted', events: [{ data: { cardId: 'cardless' } }] });
  });
  it('stays lost when another card is enabled, and is not enabled by that', () => {
    expect(k1After([...inTheLetterBox, made('K2'), before(lost)], enable('K2'))).toBe('temporarilyLost');
  });
});

describe('an older card beside a newer one in use', () => {
  const older = [opened, made('K1'), made('K2'), enabledEvent('K2'), credited('K2', 5000)];
  const refusal = { code: 'newer-card-in-use', cardId: 'K1', newerCardId: 'K2', bring: 'socialSecurity3' } as const;

  it('takes nothing over: its first swipe is refused, and names the card to bring', () => {
    given(...older)
      .when(swipe(), jinan())
      .thenRefuses(refusal);
  });
  it('is enabled at no outlet either, nor by the bank’s word on its financial area', () => {
    given(...older)
      .when(enable('K1'), facts())
      .thenRefuses(refusal);
    const active: MedicalAccountCommand = { type: 'ReportFinancialArea', data: { ...keyed, cardId: 'K1', active: true } };
    given(...older)
      .when(active, jinan({}, { financialArea: { opensSocialSecurityArea: true } }))
      .thenRefuses(refusal);
    expect(k1After(older, active, jinan({}, { financialArea: { opensSocialSecurityArea: false } }))).toBe('registered');
  });
  it('a loss of the newer one for some days changes nothing; once that one has ended, the older one may be enabled', () => {
    const newerLost = before(event('TemporaryLossReported.v1', { ...keyed, cardId: 'K2' }));
    given(...older, newerLost)
      .when(enable('K1'), facts())
      .thenRefuses(refusal);
    const cancelled = before(event('CardCancelled.v1', { ...keyed, cardId: 'K2', cause: 'agency', successorCardId: null, reason: 'r' }));
    expect(k1After([opened, made('K1'), made('K2'), enabledEvent('K2'), cancelled], enable('K1'))).toBe('inUse');
  });
  it('the newest of several is the one to bring; one that is not in use keeps nobody out', () => {
    const three = [opened, made('K1'), made('K2'), made('K3', 'socialSecurity2'), enabledEvent('K2'), enabledEvent('K3')];
    given(...three)
      .when(enable('K1'), facts())
      .thenRefuses({ ...refusal, newerCardId: 'K3', bring: 'socialSecurity2' });
    expect(k1After([opened, made('K1'), made('K2')], enable('K1'))).toBe('inUse');
  });
  it('the newer one itself replaces the older one, as ever', () => {
    expect(k1After([...begun, made('K2')], swipe({ cardId: 'K2' }))).toBe('cancelled');
    expect(k1After([...begun, made('K2')], enable('K2'))).toBe('cancelled');
  });
  it('a temporary card keeps no formal one out, only another temporary one; nor does an old kind, or an older kind taken over in use', () => {
    const temporary = [opened, made('K1'), made('K2', 'temporary'), enabledEvent('K2')];
    expect(k1After(temporary, enable('K1'))).toBe('inUse');
    given(opened, made('K1', 'temporary'), made('K2', 'temporary'), enabledEvent('K2'))
      .when(enable('K1'), facts())
      .thenRefuses({ ...refusal, bring: 'temporary' });
    expect(k1After([opened, made('K1'), registered('K2', { kind: 'labourSecurity' })], enable('K1'))).toBe('inUse');
    expect(k1After([opened, made('K1'), registered('K2', { kind: 'socialSecurity2' })], enable('K1'))).toBe('inUse');
    given(opened, made('K1', 'socialSecurity2'), registered('K2')).when(enable('K1'), facts()).thenRefuses(refusal);
  });
});
