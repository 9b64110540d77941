import { begun, CURRENT, facts, H1, leg, oldCard, PRIOR, registered, settled, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { cancelledCard, days, frozen, minutes, NO_KEY, onCard, sealed, stopped } from '../../../test/support/swipe-history';
import { medicalFen as f, type MedicalAccountEvent, subAccount } from './index';

describe('medical account: post swipe', () => {
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
          effectiveAt: null,
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
    it('from before the stop draws on what was sealed with it, and one from after the stop does not', () => {
      const history = [
        ...begun,
        { ...stopped(), decidedAt: days(1), data: { ...stopped().data, effectiveAt: days(1) } } as MedicalAccountEvent,
        sealed(),
      ];
      given(...history)
        .when(late(T0), facts({ decidedAt: at }))
        .thenRecords(settled(late(T0).data, { businessDate: '2026-03-03' }, at));
      given(...history)
        .when(late(days(1)), facts({ decidedAt: at }))
        .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
      given(...history)
        .when(swipe({ credentialKind: 'eCredential', cardId: null, occurredAt: at, payment: 'full' }), facts({ decidedAt: at }))
        .thenRefuses({ code: 'balance-insufficient', needsFen: f(6000), hasFen: f(0) });
    });
    it('by e-credential draws on the card that was in use then, where none is now', () => {
      const history = [
        ...begun,
        { ...stopped(), decidedAt: days(1), data: { ...stopped().data, effectiveAt: days(1) } } as MedicalAccountEvent,
        sealed(),
      ];
      const { data } = late(T0, { credentialKind: 'eCredential', cardId: null });
      given(...history)
        .when({ type: 'PostSwipe', data }, facts({ decidedAt: at }))
        .thenRecords(settled(data, { cardId: 'K1', businessDate: '2026-03-03' }, at));
      const after = late(days(1), { credentialKind: 'eCredential', cardId: null, payment: 'full' });
      given(...history)
        .when(after, facts({ decidedAt: at }))
        .thenRefuses({ code: 'balance-insufficient', needsFen: f(6000), hasFen: f(0) });
    });
    it('is barred by a seal of the agency of that day, even one taken off since, and not by a later one', () => {
      const put = (from: string): MedicalAccountEvent => ({
        type: 'SubAccountSealed.v1',
        decidedAt: from,
        data: { key: `business-agency-${from}`, commandHash: 'h', cardId: 'K1', cause: 'agency', reason: 'x' },
      });
      const off = (from: string): MedicalAccountEvent => ({
        type: 'SubAccountUnsealed.v1',
        decidedAt: from,
        data: { key: `business-agency-off-${from}`, commandHash: 'h', cardId: 'K1', cause: 'agency', reason: 'x' },
      });
      const barred = { code: 'sub-account-sealed', cardId: 'K1' } as const;
      given(...begun, put(T0))
        .when(late(T0), facts({ decidedAt: at }))
        .thenRefuses(barred);
      given(...begun, put(T0), off(days(1)))
        .when(late(T0), facts({ decidedAt: at }))
        .thenRefuses(barred);
      given(...begun, put(T0), off(days(1)))
        .when(late(days(1)), facts({ decidedAt: at }))
        .thenRecords(settled(late(days(1)).data, { businessDate: '2026-03-03' }, at));
      given(...begun, put(days(1)))
        .when(late(T0), facts({ decidedAt: at }))
        .thenRecords(settled(late(T0).data, { businessDate: '2026-03-03' }, at));
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
});
