import { begun, facts, policy, recorded, swipe, T0 } from '../../../test/support/account-fixture';
import { given } from '../../../test/support/account-spec';
import { before, keyed } from '../../../test/support/card-acts';
import { type MedicalAccountCommand, type MedicalAccountEvent, NOTHING_UNDONE, type PinVerdictReported } from './index';

const counted = (counting: 'consecutive' | 'perDay', decidedAt = T0) =>
  facts({ decidedAt, policies: [policy({ pin: { wrongMax: 3, counting } })] });
const verdict = (told: 'right' | 'wrong') =>
  ({ type: 'ReportPinVerdict', data: { ...keyed, cardId: 'K1', verdict: told, reference: 'HSM-1' } }) as MedicalAccountCommand;
let number = 0;
const told = (of: 'right' | 'wrong', decidedAt = T0): MedicalAccountEvent => ({
  type: 'PinVerdictReported.v1',
  decidedAt,
  data: { key: `k${number++}`, commandHash: 'h', cardId: 'K1', verdict: of, reference: 'HSM-0' },
});
const answer = (of: 'right' | 'wrong', decidedAt = T0): MedicalAccountEvent => ({
  type: 'PinVerdictReported.v1',
  decidedAt,
  data: { ...keyed, cardId: 'K1', verdict: of, reference: 'HSM-1' },
});
const locked = (decidedAt = T0, wrong = 3): MedicalAccountEvent => ({ type: 'PinLocked.v1', decidedAt, data: { cardId: 'K1', wrong } });
const unlock = (cause: 'unlock' | 'reset') =>
  ({ type: 'UnlockPin', data: { ...keyed, cardId: 'K1', cause, identityCheck: 'IDC-1' } }) as MedicalAccountCommand;
const unlocked = (cause: 'unlock' | 'reset', decidedAt = T0): MedicalAccountEvent => ({
  type: 'PinUnlocked.v1',
  decidedAt,
  data: { ...keyed, cardId: 'K1', cause, identityCheck: 'IDC-1' },
});
const NEXT_DAY = '2026-03-02T01:00:00.000Z';

describe('a PIN: the verdicts of terminals are counted, never a PIN', () => {
  it.each(['right', 'wrong'] as const)(
    'a verdict counts once, under whichever number it is sent again, as %s too; told when it was counted',
    (of) => {
      const data = { ...keyed, key: 'business-hsm-1', cardId: 'K1', verdict: 'wrong', reference: 'HSM-1' } as const;
      const counting: PinVerdictReported = { type: 'PinVerdictReported.v1', decidedAt: T0, data };
      const posting = (over: object) => ({
        original: recorded(2, { ...counting, data: { ...counting.data, ...over } }),
        undone: NOTHING_UNDONE,
      });
      const known = (over: object = {}) => ({ ...counted('consecutive'), postings: [posting(over)] });
      given(...begun, told('wrong'), counting)
        .when(verdict(of), known())
        .thenRefuses({ code: 'verdict-counted-already', countedAt: T0, verdict: 'wrong' });
      for (const other of [{ reference: 'HSM-2' }, { cardId: 'K9' }])
        given(...begun, told('wrong'))
          .when(verdict('wrong'), known(other))
          .thenRecords(answer('wrong'));
    },
  );
  it('the last wrong one in a row that the pack allows locks the card; a right one, or a swipe with it, ends the row', () => {
    const consecutive = counted('consecutive');
    given(...begun, told('wrong'))
      .when(verdict('wrong'), consecutive)
      .thenRecords(answer('wrong'));
    given(...begun, told('wrong'), told('wrong'))
      .when(verdict('wrong'), consecutive)
      .thenRecords(answer('wrong'), locked());
    given(...begun, told('wrong'), told('wrong'))
      .when(verdict('right'), consecutive)
      .thenRecords(answer('right'));
    given(...begun, told('wrong'), told('wrong'), told('right'))
      .when(verdict('wrong'), consecutive)
      .thenRecords(answer('wrong'));
    const swiped = given(...begun, told('wrong'), told('wrong')).when(swipe(), consecutive).decision;
    if (swiped.kind !== 'accepted') throw new Error('refused');
    given(...begun, told('wrong'), told('wrong'), ...swiped.events)
      .when(verdict('wrong'), consecutive)
      .thenRecords(answer('wrong'));
    given(...begun, told('wrong'), told('wrong', '2026-02-20T01:00:00.000Z'))
      .when(verdict('wrong'), consecutive)
      .thenRecords(answer('wrong'), locked());
  });
  it('a late entry says nothing of the row: it was swiped before', () => {
    const late = { entry: 'late', lateReason: 'no line', occurredAt: T0 } as const;
    const entered = given(...begun, told('wrong'), told('wrong')).when(swipe(late), counted('consecutive')).decision;
    if (entered.kind !== 'accepted') throw new Error('refused');
    given(...begun, told('wrong'), told('wrong'), ...entered.events)
      .when(verdict('wrong'), counted('consecutive'))
      .thenRecords(answer('wrong'), locked());
  });
  it('where a day counts, right ones end nothing, and midnight of Asia/Shanghai does', () => {
    given(...begun, told('wrong'), told('right'), told('wrong'))
      .when(verdict('wrong'), counted('perDay'))
      .thenRecords(answer('wrong'), locked());
    given(...begun, told('wrong'), told('wrong'))
      .when(verdict('wrong'), counted('perDay', NEXT_DAY))
      .thenRecords(answer('wrong', NEXT_DAY));
    given(...begun, told('wrong', '2026-03-01T15:59:59.999Z'), told('wrong', '2026-03-01T15:59:59.999Z'))
      .when(verdict('wrong'), counted('perDay', '2026-03-01T16:00:00.000Z'))
      .thenRecords(answer('wrong', '2026-03-01T16:00:00.000Z'));
  });
  it('a locked card pays nowhere, with a PIN or without, and no lapse of time unlocks it', () => {
    const history = [...begun, told('wrong'), locked()];
    given(...history)
      .when(swipe(), counted('consecutive'))
      .thenRefuses({ code: 'pin-locked', cardId: 'K1' });
    given(...history)
      .when(swipe({ holderCheck: { method: 'passwordNotUsed', reference: null } }), counted('consecutive'))
      .thenRefuses({ code: 'pin-locked', cardId: 'K1' });
    const later = '2026-12-01T01:00:00.000Z';
    given(...history)
      .when(swipe({ occurredAt: later }), counted('consecutive', later))
      .thenRefuses({ code: 'pin-locked', cardId: 'K1' });
    given(...history)
      .when(verdict('right'), counted('consecutive'))
      .thenRefuses({ code: 'pin-locked', cardId: 'K1' });
  });
  it('an identity check unlocks or resets it, and the count begins anew; nothing is unlocked that is not locked', () => {
    given(...begun, locked())
      .when(unlock('unlock'), counted('consecutive'))
      .thenRecords(unlocked('unlock'));
    given(...begun)
      .when(unlock('unlock'), counted('consecutive'))
      .thenRefuses({ code: 'pin-not-locked', cardId: 'K1' });
    given(...begun, told('wrong'), told('wrong'))
      .when(unlock('reset'), counted('consecutive'))
      .thenRecords(unlocked('reset'));
    given(...begun, told('wrong'), told('wrong'), locked(), before(unlocked('reset')))
      .when(verdict('wrong'), counted('consecutive'))
      .thenRecords(answer('wrong'));
    given(...begun, told('wrong'), locked(), before(unlocked('unlock')))
      .when(verdict('right'), counted('consecutive'))
      .thenRecords(answer('right'));
  });
  it('a late entry is judged by the lock in force when it was swiped, also when it has ended since', () => {
    const lockedAt = '2026-03-01T02:00:00.000Z';
    const history = [...begun, locked(lockedAt), before(unlocked('unlock', '2026-03-01T04:00:00.000Z'))];
    const late = (occurredAt: string) => swipe({ entry: 'late', lateReason: 'no line', occurredAt });
    const now = counted('consecutive', NEXT_DAY);
    for (const barred of [lockedAt, '2026-03-01T03:59:59.999Z'])
      given(...history)
        .when(late(barred), now)
        .thenRefuses({ code: 'pin-locked', cardId: 'K1' });
    for (const free of ['2026-03-01T01:59:59.999Z', '2026-03-01T04:00:00.000Z'])
      expect(given(...history).when(late(free), now).decision.kind).toBe('accepted');
  });
  it('where the pack counts nothing, a verdict is no business of the engine', () => {
    given(...begun)
      .when(verdict('wrong'), facts())
      .thenRefuses({ code: 'pin-not-counted' });
  });
});
