import type { Credit } from './credit-file';
import { type LineAnswer, type LineExchange, type Reason, sendUntilAnswered, tookNothing } from './line-exchange';

const credit = (line: number): Credit => ({ line, reference: `R-${line}`, amount: '1.00', amountFen: 100, account: { accountId: 'a' } });
const credited: LineAnswer = { kind: 'credited', accountId: 'a', eventId: 'e', revision: 1, decidedAt: '2026-03-02T00:00:00.000Z' };
const full: Reason = { code: 'store-full', messageZh: '系统存储已满', messageEn: 'The store is full.' };
const busy: LineAnswer = { kind: 'busy', reasons: [full] };
const refused: LineAnswer = { kind: 'refused', reasons: [{ code: 'account-not-found' }] };

/** An engine that gives these answers, one list a time that it is asked. */
const engine = (...answers: readonly LineAnswer[][]) => {
  const asked: number[][] = [];
  const exchange: LineExchange = {
    send: (credits) => {
      asked.push(credits.map(({ line }) => line));
      return Promise.resolve(answers[asked.length - 1] ?? []);
    },
    close: () => Promise.resolve(),
  };
  return { exchange, asked };
};

describe('lines that the engine does not take at once', () => {
  it('are asked again, they alone, and the person who waits is told why', async () => {
    const { exchange, asked } = engine([credited, busy, refused], [credited]);
    const told: (readonly Reason[])[] = [];
    const { signal } = new AbortController();
    const answers = await sendUntilAnswered(exchange, [1, 2, 3].map(credit), { signal, onWait: (reasons) => told.push(reasons) });
    expect(answers).toEqual([credited, credited, refused]);
    expect(asked).toEqual([[1, 2, 3], [2]]);
    expect(told).toEqual([[full]]);
  });

  it.each([
    [[busy, busy], true],
    [[busy, refused], true],
    [[busy, credited], false],
    [[refused, refused], false],
    [[], false],
  ])('end the run when nothing but refusals came of a piece: %j', (answers, ends) => {
    expect(tookNothing(answers)).toBe(ends);
  });
});
