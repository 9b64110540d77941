import { begun, facts, recorded, settled, swipe, T0 } from '../../../../test/support/account-fixture';
import { type MedicalAccountEvent, medicalAccount, NOTHING_UNDONE, type Posting } from '../index';

const absorbed: MedicalAccountEvent = {
  type: 'AccountAbsorbed.v1',
  decidedAt: T0,
  data: {
    ...{ key: 'merge-C1', commandHash: 'h', caseId: 'C1', survivorAccountId: 'A2' },
    ...{ cards: [], freezes: [], fenDays: [], legs: [] },
  },
};
const merged = [...begun, settled(), absorbed];
const stateOf = () =>
  merged.map((event, revision) => recorded(revision, event)).reduce(medicalAccount.evolve, medicalAccount.initialState());

describe('an account that was merged into another', () => {
  it('settles nothing any more: the survivor does', () => {
    const decision = medicalAccount.decide(swipe({ serial: 'S9', key: 'settlement-P1-S9' }), stateOf(), facts());
    expect(decision).toMatchObject({ kind: 'refused', refusals: [{ code: 'account-merged', survivorAccountId: 'A2' }] });
  });
  it('answers a repeat as it did, for ever', () => {
    const original = recorded(begun.length, settled());
    const postings: Posting[] = [{ original, undone: NOTHING_UNDONE }];
    const { key, commandHash } = original.data as { key: string; commandHash: string };
    expect(medicalAccount.decide(swipe({ key, commandHash }), stateOf(), facts({ postings }))).toMatchObject({ kind: 'replayed' });
  });
  it('owes nothing by time: what it had falls due with the survivor', () => {
    expect(medicalAccount.due(stateOf(), facts({ decidedAt: '2031-01-01T00:00:00.000Z' }))).toEqual([]);
  });
});
