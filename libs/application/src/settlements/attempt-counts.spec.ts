import { attempts } from '#libs/medical-account';

describe('the count of an attempt', () => {
  it('may jump over those told to wait, and never stands still or goes back', () => {
    const event = (count: number) => ({
      type: 'AttemptRepeated.v1' as const,
      decidedAt: '2026-03-02T02:00:00.000Z',
      data: { attemptKey: 'k', count },
      ...{ id: 'e', stream: 's', revision: 1 },
    });
    const known = () => new Map([['k', { codes: 'c', count: 2 }]]);
    expect(attempts.evolve(known(), event(7)).get('k')).toEqual({ codes: 'c', count: 7 });
    for (const count of [2, 1]) expect(() => attempts.evolve(known(), event(count))).toThrow('out of order');
  });
});
