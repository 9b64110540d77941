import type { CreditLine } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { bearer, done, scriptedDoor, T0 } from './scripted-engine';

const form = (over: object = {}) => ({
  reference: 'R1',
  source: 'contribution',
  period: '2026-03',
  poolingArea: '370200',
  accountId: 'A1',
  amount: '120.5',
  ...over,
});
const credited = ({ reference, source, period, amountFen }: CreditLine) => ({
  reference,
  source,
  period,
  accountId: 'A1',
  amountFen,
  decidedAt: T0,
  stream: 'medicalAccount-A1',
  revision: 3,
  eventId: 'E1',
});
type Result = Readonly<{ line: number; status: number; result?: object; problem?: { code: string; reasons: { field?: string }[] } }>;

describe.each(['batch', 'quote'] as const)('POST /v1/credits/%s', (route) => {
  const send = async (lines: readonly unknown[], who: 'agency' | 'p1' = 'agency') => {
    const orders: CreditLine[] = [];
    const decide = async (line: CreditLine) => {
      orders.push(line);
      return line.reference === 'used' ? { kind: 'outcomeUnknown' } : done(credited(line), line.reference === 'again');
    };
    const { app } = await scriptedDoor({ credits: { [route === 'batch' ? 'post' : 'quote']: decide } });
    try {
      const headers = { ...bearer(who), 'content-type': 'application/x-ndjson' };
      const payload = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      const response = await app.inject({ method: 'POST', url: `/v1/credits/${route}`, payload, headers });
      const text = response.statusCode === 200 ? response.body.trimEnd().split('\n') : [];
      return { status: response.statusCode, results: text.map((line) => JSON.parse(line) as Result), orders };
    } finally {
      await app.close();
    }
  };

  it('answers each line in its place, and a line that fails stops none', async () => {
    const { results, orders } = await send([form(), '{"oops', '', form({ reference: 'again' }), form({ reference: 'used' })]);
    expect(results.map(({ line, status, problem }) => [line, status, problem?.code])).toEqual([
      [1, 201, undefined],
      [2, 400, 'json-malformed'],
      [4, 200, undefined],
      [5, 503, 'outcome-unknown'],
    ]);
    expect(results[0]?.result).toMatchObject({ reference: 'R1', amount: '120.50', eventId: 'E1', replayed: false });
    expect(orders[0]).toEqual({
      reference: 'R1',
      source: 'contribution',
      period: '2026-03',
      poolingArea: '370200',
      account: { accountId: 'A1' },
      amountFen: medicalFen(120_50),
    });
  });

  it('takes a credential instead of an account, and one of the two', async () => {
    const credential = { kind: 'identityCard', number: '370202197102031013' };
    const { results, orders } = await send([
      form({ accountId: undefined, credential }),
      form({ credential }),
      form({ accountId: undefined }),
    ]);
    expect(orders).toMatchObject([{ account: { credential } }]);
    expect(results.slice(1).map(({ problem }) => problem?.reasons.map(({ field }) => field))).toEqual([['credential'], ['accountId']]);
  });

  it('names every field that is wrong: no month, no other source, nothing below a fen, no person in a reference', async () => {
    const wrong = {
      reference: '11010519491231002X',
      source: 'interest',
      period: '2026-13',
      poolingArea: '',
      amount: '0.00',
      bucket: 'priorYear',
    };
    const { results, orders } = await send([form(wrong)]);
    const fields = results[0]?.problem?.reasons.map(({ field }) => field).toSorted();
    expect([results[0]?.status, fields, orders]).toEqual([400, ['amount', 'bucket', 'period', 'poolingArea', 'reference', 'source'], []]);
  });

  it('is for the agency', async () => {
    expect((await send([form()], 'p1')).status).toBe(403);
  });
});
