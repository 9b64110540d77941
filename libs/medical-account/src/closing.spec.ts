import { decideWithDue, settleDue } from '#libs/kernel';
import { facts, oldCard, opened, registered, STREAM } from '../../../test/support/account-fixture';
import { recordedFrom } from '../../../test/support/decider-spec';
import { medicalAccount as d, type EnableCard, type MedicalAccountEvent } from './index';

const NEXT_YEAR = facts({ decidedAt: '2027-02-01T00:00:00.000Z' });
const enable: EnableCard = {
  type: 'EnableCard',
  data: { key: 'business-bank-1', commandHash: 'h', cardId: 'K5', channel: 'bankOutlet', financialAreaActivated: false, proxy: null },
};

describe('medical account: what a closing leaves behind', () => {
  it('cards are replaced in one order, whether the account was loaded from its closing or never forgotten', () => {
    const history: MedicalAccountEvent[] = [opened, oldCard('K9'), oldCard('K1'), registered('K5', { state: 'registered' })];
    const kept = recordedFrom(0, STREAM)(history).reduce(d.evolve, d.initialState());
    const record = (first: number) => (events: readonly MedicalAccountEvent[], offset: number) =>
      recordedFrom(first + offset, STREAM)(events);
    const { events, state: warm } = settleDue(d, { state: kept, facts: NEXT_YEAR, record: record(history.length) });
    const closing = recordedFrom(history.length, STREAM)(events);
    const cold = closing.slice(closing.findLastIndex(d.isClosing)).reduce(d.evolve, d.initialState());

    const [fromCold, fromWarm] = [cold, warm].map((state) =>
      decideWithDue(d, { command: enable, state, facts: NEXT_YEAR, record: record(history.length + events.length) }),
    );
    expect(fromWarm).toStrictEqual(fromCold);
    const replaced = fromWarm?.kind === 'accepted' ? fromWarm.events.map(({ type, data }) => [type, 'cardId' in data && data.cardId]) : [];
    expect(replaced).toEqual([
      ['CardEnabled.v1', 'K5'],
      ['CardCancelled.v1', 'K1'],
      ['CardCancelled.v1', 'K9'],
    ]);
  });
});
