import { settleDue } from '#libs/kernel';
import type { swipe } from '../../../test/support/account-fixture';
import {
  begun,
  cancel,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  registered,
  STREAM,
  settled,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, cancelledCard, keyed, lost, moved, stopped, toK2 } from '../../../test/support/card-acts';
import { recordedFrom } from '../../../test/support/decider-spec';
import {
  businessKey,
  type CorrectAccount,
  type CreditAccount,
  cardStateNow,
  decodeAccountEvent,
  type EnableCard,
  encodeAccountEvent,
  medicalFen as f,
  type MedicalAccountEvent,
  medicalAccount,
  subAccount,
  voidStream,
} from './index';

const fold = (...events: readonly MedicalAccountEvent[]) =>
  recordedFrom(0, STREAM)(events).reduce(medicalAccount.evolve, medicalAccount.initialState());
const K1 = (...events: readonly MedicalAccountEvent[]) => fold(...events).cards.get('K1');
const nothingDrawn = { legs: [], cashPaymentFen: f(6000) };

describe('medical account: what an event leaves on its card', () => {
  it('a swipe is the last one by its own day: a late entry does not move it back, and only the card itself is swiped', () => {
    const late = settled({ serial: 'S2', occurredAt: '2026-02-20T01:00:00.000Z' }, nothingDrawn);
    const newer = settled({ serial: 'S3', occurredAt: '2026-03-02T01:00:00.000Z' }, nothingDrawn);
    const byCode = settled({ serial: 'S4', occurredAt: '2026-03-05T01:00:00.000Z', credentialKind: 'eCredential' }, nothingDrawn);
    expect(K1(...begun)?.lastSwipedOn).toBeNull();
    expect(K1(...begun, late)?.lastSwipedOn).toBe('2026-02-20');
    expect(K1(...begun, settled(), late)?.lastSwipedOn).toBe('2026-03-01');
    expect(K1(...begun, settled(), newer, byCode)?.lastSwipedOn).toBe('2026-03-02');
  });
  it('a cancelled card names the card that replaced it; a lifted loss leaves it in use', () => {
    expect(K1(...begun, registered('K2'), cancelledCard())?.successorCardId).toBe('K2');
    const lifted: MedicalAccountEvent = { type: 'TemporaryLossLifted.v1', decidedAt: T0, data: { ...keyed, cardId: 'K1' } };
    const states = (...events: MedicalAccountEvent[]) => K1(...begun, ...events)?.timeline.map(({ state }) => state);
    expect(states(before(lost), lifted)).toStrictEqual(['inUse', 'temporarilyLost', 'inUse']);
    const card = K1(...begun, before(lost), lifted);
    expect(card && cardStateNow(card)).toBe('inUse');
  });
  it('a card out of use goes on where its money went; a card in use, or money that went cardless, leaves it alone', () => {
    const transfer = moved({}, ...toK2);
    const successor = (...events: MedicalAccountEvent[]) => K1(...begun, oldCard('K2'), ...events)?.successorCardId;
    expect(successor(transfer)).toBeNull();
    expect(successor(stopped(), transfer)).toBe('K2');
    expect(successor(before(lost), stopped(), transfer)).toBe('K2');
    expect(successor(cancelledCard({ successorCardId: null }), transfer)).toBe('K2');
    const legs = toK2.map(({ account, amountFen }) => leg(account.replace('K2', 'cardless') as typeof account, amountFen));
    expect(successor(stopped(), moved({ toCardId: 'cardless' }, ...legs))).toBeNull();
  });
});

describe('medical account: what the fold keeps and stops at', () => {
  const frozen: MedicalAccountEvent = {
    type: 'FreezePlaced.v1',
    decidedAt: T0,
    data: {
      ...keyed,
      freezeId: 'F1',
      scope: { kind: 'person' },
      cause: 'judicialFreeze',
      legalDocument: 'D',
      from: T0,
      until: '2026-03-04T01:00:00.000Z',
      placedBy: 'P',
    },
  };
  const ended: MedicalAccountEvent = { type: 'FreezeEnded.v1', decidedAt: T0, data: { freezeId: 'F1', effectiveAt: T0 } };
  it('a freeze is placed once and ends once', () => {
    expect(() => fold(...begun, frozen, frozen)).toThrow(new Error('a freeze was placed twice'));
    expect(() => fold(...begun, frozen, ended, ended)).toThrow(new Error('a freeze ended that was not in force'));
  });
  it('a year’s end and a carrying forward are closings, nothing else is', () => {
    const closes = (type: MedicalAccountEvent['type']) => medicalAccount.isClosing({ type } as MedicalAccountEvent);
    expect([closes('YearRolledOver.v1'), closes('AccountCarriedForward.v1')]).toStrictEqual([true, true]);
    expect([...begun, settled()].map(medicalAccount.isClosing)).toStrictEqual([false, false, false, false]);
  });
  it('an order that nobody knows is a bug of ours, and is named', () => {
    const unknown = { type: 'SwipeTwice' } as never;
    expect(() => medicalAccount.decide(unknown, fold(...begun), facts())).toThrow(new Error('unhandled variant: {"type":"SwipeTwice"}'));
  });
  it('what took effect first comes first, whatever kind it is', () => {
    const history = [...begun, frozen, before(lost)];
    const record = (events: readonly MedicalAccountEvent[], offset: number) => recordedFrom(history.length + offset, STREAM)(events);
    const now = facts({ decidedAt: '2026-03-20T01:00:00.000Z' });
    const { events } = settleDue(medicalAccount, { state: fold(...history), facts: now, record });
    expect(events.map(({ type }) => type)).toStrictEqual(['FreezeEnded.v1', 'CardRestored.v1']);
  });
});

describe('medical account: money that stays where it is', () => {
  const enable: EnableCard = {
    type: 'EnableCard',
    data: { ...keyed, cardId: 'K2', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
  };
  const { financialAreaActivated, channel } = enable.data;
  const enabled: MedicalAccountEvent = {
    type: 'CardEnabled.v1',
    decidedAt: T0,
    data: { ...keyed, cardId: 'K2', channel, financialAreaActivated, proxy: null },
  };
  it('a card that is enabled keeps what stood on it, and does not replace itself', () => {
    given(opened, registered('K2', { state: 'registered' }), credited('K2', 700))
      .when(enable, facts())
      .thenRecords(enabled);
  });
  it('a card that cannot hold money takes none, cardless money neither', () => {
    given(opened, registered('K2', { state: 'registered', carriesPersonalAccount: false }), credited('cardless', 700))
      .when(enable, facts())
      .thenRecords(enabled);
  });
  it('a correction without its legal basis moves nothing, whether it gives or takes', () => {
    const giving: CreditAccount = {
      type: 'CreditAccount',
      data: { ...keyed, source: 'correction', reference: 'r', period: null, amountFen: f(1), bucket: 'currentYear', legalBasis: null },
    };
    given(...begun)
      .when(giving, facts())
      .thenRefuses({ code: 'legal-basis-missing' });
    const taking: CorrectAccount = { type: 'CorrectAccount', data: { ...keyed, amountFen: f(1), legalBasis: ' ', reason: 'r' } };
    given(...begun)
      .when(taking, facts())
      .thenRefuses({ code: 'legal-basis-missing' });
  });
  it('a cancellation of everything never takes the fund’s part for the holder’s', () => {
    const mixed = settled(
      { fundPaidFen: f(1000), accountEligibleFen: f(4500) },
      { cashPaymentFen: f(500), legs: [leg(subAccount('K1', 'currentYear'), -4500), leg('payable:H1', 4500)] },
    );
    given(opened, registered('K1'), credited('K1', 4500), mixed)
      .when(cancel({ amountFen: f(6000), fundReturnedFen: f(0) }), facts())
      .thenRefuses({ code: 'own-part-beyond-what-is-left', leftFen: f(5000) });
  });
});

describe('medical account: names and stored evidence', () => {
  it('a reference is one organisation’s; a voided key has a stream of its own', () => {
    expect(businessKey('bank', '1')).toBe('business-bank-1');
    expect(voidStream('H1', 'S1')).toBe('settlementVoid-H1-S1');
  });
  it('how the holder was checked is kept with its evidence, or as one word without', () => {
    const stored = (holderCheck: ReturnType<typeof swipe>['data']['holderCheck']) => {
      const event = settled({ holderCheck });
      const short = JSON.parse(JSON.stringify(encodeAccountEvent(event))) as { holderCheck?: unknown };
      expect(decodeAccountEvent(event.type, short, T0)).toStrictEqual({ type: event.type, data: event.data });
      return short.holderCheck;
    };
    expect(stored({ method: 'signature', reference: null })).toBe('signature');
    expect(stored({ method: 'signature', reference: 'R1' })).toStrictEqual({ method: 'signature', reference: 'R1' });
  });
});
