import {
  begun,
  CURRENT,
  credited,
  facts,
  leg,
  oldCard,
  opened,
  PRIOR,
  policy,
  registered,
  T0,
} from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import {
  act,
  before,
  cancelledCard,
  keyed,
  lost,
  moved,
  reason,
  resident,
  sealed,
  stopped,
  toK2,
  unsealed,
} from '../../../test/support/card-acts';
import { type MedicalAccountEvent, subAccount } from './index';

describe('medical account: stop, cancel, seal', () => {
  it('stopping a card seals what it holds, an empty one too; a card without a personal account has nothing to seal', () => {
    given(opened, registered('K1')).when(act('StopCard'), facts()).thenRecords(stopped(), sealed());
    given(opened, registered('K1', { carriesPersonalAccount: false }))
      .when(act('StopCard'), facts())
      .thenRecords(stopped());
    given(resident, registered('K1')).when(act('StopCard'), facts()).thenRecords(stopped());
    given(...begun, sealed())
      .when(act('StopCard'), facts())
      .thenRecords(stopped());
    given(opened, registered('K1'), before(stopped())).when(act('StopCard'), facts()).thenRefuses({ code: 'card-stopped', cardId: 'K1' });
  });
  it('cancelling a card makes its money cardless, or moves it to another card in use', () => {
    const cancel = { type: 'CancelCard', data: { ...keyed, cardId: 'K1', cause: 'holder', reason } } as const;
    const gone = (successorCardId: string | null) => cancelledCard({ ...keyed, cause: 'holder', successorCardId, reason } as never);
    const cardless = [
      leg(CURRENT, -3000),
      leg(subAccount('cardless', 'currentYear'), 3000),
      leg(PRIOR, -2000),
      leg(subAccount('cardless', 'priorYear'), 2000),
    ];
    given(...begun)
      .when(cancel, facts())
      .thenRecords(gone(null), moved({ toCardId: 'cardless', cause: 'agency' }, ...cardless));
    given(...begun, oldCard('K2'))
      .when(cancel, facts())
      .thenRecords(gone('K2'), moved({ cause: 'agency' }, ...toK2));
    given(...begun, stopped(), sealed())
      .when({ ...cancel, data: { ...cancel.data, key: 'k9' } }, facts())
      .thenRecords(cancelledCard({ key: 'k9', commandHash: 'c', cause: 'holder', successorCardId: null, reason } as never));
    given(...begun, before(stopped()), sealed(), oldCard('K2'))
      .when(cancel, facts())
      .thenRecords(gone(null));
    given(...begun, cancelledCard({ successorCardId: null }))
      .when(cancel, facts())
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: false });
  });
  it('seals and unseals by order of the agency', () => {
    const seal: MedicalAccountEvent = {
      type: 'SubAccountSealed.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', cause: 'agency', reason },
    };
    const unseal: MedicalAccountEvent = {
      type: 'SubAccountUnsealed.v1',
      decidedAt: T0,
      data: { ...keyed, cardId: 'K1', cause: 'agency', reason },
    };
    given(...begun)
      .when(act('SealSubAccount'), facts())
      .thenRecords(seal);
    given(...begun, sealed())
      .when(act('UnsealSubAccount'), facts())
      .thenRecords(unseal);
    given(...begun, sealed())
      .when(act('SealSubAccount'), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K1' });
    given(...begun)
      .when(act('UnsealSubAccount'), facts())
      .thenRefuses({ code: 'sub-account-not-sealed', cardId: 'K1' });
    given(opened, registered('K1', { carriesPersonalAccount: false }))
      .when(act('SealSubAccount'), facts())
      .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K1' });
    given(...begun, cancelledCard({ successorCardId: null }), sealed())
      .when(act('UnsealSubAccount'), facts())
      .thenRefuses({ code: 'card-cancelled', cardId: 'K1', replaced: false });
  });
});

describe('medical account: temporary loss', () => {
  it('is reported on a card in use, and lifted while it lasts', () => {
    given(...begun)
      .when(act('ReportTemporaryLoss'), facts())
      .thenRecords(lost);
    given(...begun, before(lost))
      .when(act('LiftTemporaryLoss'), facts())
      .thenRecords({ type: 'TemporaryLossLifted.v1', decidedAt: T0, data: { ...keyed, cardId: 'K1' } });
  });
  it('is restored by itself at the end of the days, to the millisecond; lifting it then comes too late', () => {
    const until = '2026-03-08T01:00:00.000Z';
    const reported = before(lost);
    given(...begun, reported)
      .when(act('LiftTemporaryLoss'), facts({ decidedAt: until }))
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: until }))
      .thenRecords(
        { type: 'CardRestored.v1', decidedAt: until, data: { cardId: 'K1', effectiveAt: until } },
        { ...lost, decidedAt: until },
      );
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: '2026-03-08T00:59:59.999Z' }))
      .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: until });
    given(...begun, reported)
      .when(act('ReportTemporaryLoss'), facts({ decidedAt: '2026-06-01T00:00:00.000Z', policies: [policy({ temporaryLossDays: null })] }))
      .thenRefuses({ code: 'card-temporarily-lost', cardId: 'K1', lapsesAt: null });
  });
  it('is lifted of a lost card only, and not reported of one that is out of use', () => {
    given(...begun)
      .when(act('LiftTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-not-lost', cardId: 'K1' });
    given(...begun, before(stopped()))
      .when(act('ReportTemporaryLoss'), facts())
      .thenRefuses({ code: 'card-stopped', cardId: 'K1' });
  });
});

describe('medical account: transfer balance', () => {
  const transfer = (fromCardId: string, toCardId: string) =>
    ({ type: 'TransferBalance', data: { ...keyed, fromCardId, toCardId, place: null } }) as const;
  const ordered = { ...keyed, cause: 'agency' } as never;
  it('moves all of it, bucket by bucket, and takes a seal off', () => {
    given(...begun, oldCard('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRecords(moved(ordered, ...toK2));
    given(...begun, before(stopped()), sealed(), oldCard('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRecords(
        unsealed('K1', 'agency', 'balance transferred'),
        moved({ ...keyed, cause: 'agency', wasSealed: true } as never, ...toK2),
      );
    const cardless = subAccount('cardless', 'currentYear');
    given(opened, credited('cardless', 5000), registered('K2'))
      .when(transfer('cardless', 'K2'), facts())
      .thenRecords(
        moved(
          { ...keyed, fromCardId: 'cardless', cause: 'agency' } as never,
          leg(cardless, -5000),
          leg(subAccount('K2', 'currentYear'), 5000),
        ),
      );
  });
  it('refuses what cannot be moved', () => {
    given(...begun)
      .when(transfer('K9', 'K1'), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    given(...begun)
      .when(transfer('K1', 'K9'), facts())
      .thenRefuses({ code: 'card-not-on-account', cardId: 'K9' });
    given(...begun)
      .when(transfer('K1', 'K1'), facts())
      .thenRefuses({ code: 'same-sub-account', cardId: 'K1' });
    given(...begun)
      .when(transfer('cardless', 'K1'), facts())
      .thenRefuses({ code: 'nothing-to-transfer', fromCardId: 'cardless' });
    given(...begun, registered('K2', { state: 'registered' }))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'card-not-enabled', cardId: 'K2' });
    given(...begun, oldCard('K2'), sealed('K2'))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'sub-account-sealed', cardId: 'K2' });
    given(...begun, oldCard('K2', { carriesPersonalAccount: false }))
      .when(transfer('K1', 'K2'), facts())
      .thenRefuses({ code: 'card-carries-no-personal-account', cardId: 'K2' });
  });
});
