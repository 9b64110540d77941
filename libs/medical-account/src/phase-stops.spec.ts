import { isStoppedBy, type PhaseStop } from './phase-stops';

const stop = (over: Partial<PhaseStop> = {}): PhaseStop => ({
  phase: 'one',
  at: '2020-02-28T16:00:00.000Z', // 29 February 2020 in Shanghai.
  cardKinds: ['labourSecurity'],
  inactiveYears: 1,
  ...over,
});
const stops = (lastSwipedOn: string | null, over: Partial<PhaseStop> = {}, registeredOn = '2019-06-01') =>
  isStoppedBy(stop(over), { kind: 'labourSecurity', lastSwipedOn, registeredOn });

describe('which cards a phase stops', () => {
  it('a phase that begins on 29 February counts its years to the 28th of a year without that day', () => {
    expect([stops('2019-02-28'), stops('2019-03-01')]).toEqual([true, false]);
  });
  it('a card swiped on 29 February has been inactive for a year on 1 March, not on 28 February yet', () => {
    const on = (at: string) => stops('2020-02-29', { at });
    expect([on('2021-02-27T16:00:00.000Z'), on('2021-02-28T16:00:00.000Z')]).toEqual([false, true]);
  });
  it('a card without a known swipe stops', () => {
    expect(stops(null)).toBe(true);
  });
  it('or is counted from its registration, where the pack says so: exactly so many years count', () => {
    const counted = { neverSwiped: 'sinceRegistration' } as const;
    expect([stops(null, counted, '2019-02-28'), stops(null, counted, '2019-03-01')]).toEqual([true, false]);
    expect(stops('2019-02-01', counted, '2019-12-31')).toBe(true); // A known swipe goes first, even an older one.
  });
  it('a phase for a whole kind asks nothing, and another kind is none of its business', () => {
    expect(stops('2020-02-28', { inactiveYears: null, neverSwiped: 'sinceRegistration' })).toBe(true);
    expect(isStoppedBy(stop(), { kind: 'residentMedical', lastSwipedOn: null, registeredOn: '2010-01-01' })).toBe(false);
  });
});
