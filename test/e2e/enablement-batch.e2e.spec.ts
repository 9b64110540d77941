import { acts, done, refused, settled } from '../support/scenario';
import { type Card, City, type Holder } from '../support/scenario-city';
import { expectSoundLog, must } from '../support/scenario-engine';

type Result = Readonly<{
  line: number;
  status: number;
  result?: Readonly<{ replayed: boolean; cardId: string; accountId: string; eventId: string }>;
  problem?: Readonly<{ code: string; reasons: readonly Readonly<{ code: string; field?: string }>[] }>;
}>;

describe('cards enabled by file', () => {
  let city: City;
  let key: string;
  let other: string;
  const send = async (lines: readonly object[], as = key): Promise<readonly Result[]> => {
    const sent = { method: 'POST', path: '/v1/cards/enablement/batch', key: as, lines: lines.map((line) => JSON.stringify(line)) } as const;
    const { text } = await city.log.send(sent);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Result);
  };
  const keyOf = async (organisation: string, right: string, outletCodes: readonly string[] = []): Promise<string> => {
    const body = { organisation, rights: [right], institutionCodes: [], outletCodes, note: '-' };
    return String(must(await city.log.local({ method: 'POST', path: '/admin/v1/keys', body })).key);
  };
  const line = (reference: string, { number }: Card) => ({ reference, cardNumber: number, financialAreaActivated: false });
  const saying = (results: readonly Result[]) => results.map(({ status, problem }) => [status, problem?.reasons[0]?.code ?? null]);

  let holder: Holder;
  let old: Card;
  let formal: Card;
  beforeAll(async () => {
    city = await City.opened({ poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-01 09:00' });
    [key, other] = [await keyOf('school-1', 'centre'), await keyOf('school-2', 'centre')];
    holder = await city.holder();
    old = await city.card(holder, 'labourSecurity', { swiped: '2017-02-01', currentYear: '20.00', priorYear: '5.00' });
    formal = await city.card(holder, 'socialSecurity2');
  });
  afterAll(async () => {
    await city.close();
  });

  it('each line is a card in use, with the money of the old one, in the order of the lines; a line that fails stops none', async () => {
    const second = await city.card(await city.holder(), 'socialSecurity2');
    const results = await send([
      line('E1', formal),
      { reference: 'E2', cardNumber: 'SOC3702009999999', financialAreaActivated: false },
      line('E3', old),
      { reference: 'E4', accountId: second.holder.accountId, cardId: second.cardId, financialAreaActivated: false },
    ]);
    expect(results.map(({ line: at }) => at)).toEqual([1, 2, 3, 4]);
    expect(results.map(({ status, result }) => [status, result?.cardId])).toEqual([
      [201, formal.cardId],
      [expect.any(Number), undefined],
      [expect.any(Number), undefined],
      [201, second.cardId],
    ]);
    expect(results[1]?.problem?.code).toBe('card-unknown');
    expect(results[2]?.problem?.reasons.map(({ code }) => code)).toContain('card-kind-not-accepted');
    expect(await city.state(old)).toMatchObject({ state: 'cancelled' });
    expect(await city.money(formal)).toMatchObject({ currentYear: '20.00', priorYear: '5.00' });
    settled(await city.swipes(formal, await city.institution(), '1.00'));
  });

  it('the same file sent again changes nothing and says what stands; another card under a reference is refused', async () => {
    const before = (await city.log.log()).length;
    const [again] = await send([line('E1', formal)]);
    expect(again).toMatchObject({ status: 200, result: { replayed: true, cardId: formal.cardId } });
    const third = await city.card(await city.holder(), 'socialSecurity2');
    const between = (await city.log.log()).length;
    expect(saying(await send([line('E1', third)]))).toEqual([[409, 'key-used-with-different-content']]);
    expect(await city.log.log()).toHaveLength(between);
    expect(between - before).toBe(2); // An account and its card; nothing of the batches.
  });

  it('a reference is the organisation’s own; a card that works already is not enabled a second time', async () => {
    const [result] = await send([line('E1', formal)], other);
    expect(result?.problem?.reasons.map(({ code }) => code)).toContain('card-in-use-already');
  });

  it('a counter and a file know each other’s references', async () => {
    const card = await city.card(await city.holder(), 'socialSecurity2');
    const counter = await city.enables(card, 'batch', { reference: 'E9' });
    done(counter);
    expect(acts(counter)).toContain('CardEnabled.v1');
    const centre = await keyOf('centre', 'centre');
    expect((await send([{ ...line('E9', card), financialAreaActivated: false }], centre))[0]).toMatchObject({
      status: 200,
      result: { replayed: true },
    });
  });

  it('that the financial area was activated is told by the bank at its counter, and by nobody else: no line, no centre, no telephone', async () => {
    const card = await city.card(await city.holder(), 'socialSecurity2');
    const code = 'financial-area-told-by-bank-only';
    expect(saying(await send([{ ...line('B1', card), financialAreaActivated: true }]))).toEqual([[422, code]]);
    const school = await keyOf('a-school', 'school', ['S0007']);
    expect(saying(await send([{ ...line('B2', card), financialAreaActivated: true }], school))).toEqual([[422, code]]);
    refused(await city.enables(card, 'batch', { financialAreaActivated: true }), code);
    expect(await city.state(card)).toMatchObject({ state: 'registered', financialAreaActive: false });
    done(await city.enables(card, 'bankOutlet', { financialAreaActivated: true }));
    expect(await city.state(card)).toMatchObject({ state: 'inUse', financialAreaActive: true });
  });

  it('two lines that race for one card enable it once', async () => {
    const card = await city.card(await city.holder(), 'socialSecurity2');
    const results = await send([line('R1', card), line('R2', card), line('R1', card)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual([200, 201, expect.any(Number)]);
    expect(
      (await city.log.log()).filter(({ type, stream }) => type === 'CardEnabled.v1' && stream.endsWith(card.holder.accountId)),
    ).toHaveLength(1);
  });

  it('what is wrong with the form of a line is said by field, and never with the number', async () => {
    const results = await send([
      { reference: 'F1', financialAreaActivated: true },
      { reference: 'F2', cardNumber: formal.number, accountId: 'A1', financialAreaActivated: true },
      { reference: 'F3', accountId: 'A1', financialAreaActivated: 'yes' },
    ]);
    expect(results.map(({ problem }) => problem?.reasons.map(({ code, field }) => `${code} ${field ?? ''}`).toSorted())).toEqual([
      ['field-missing cardNumber'],
      ['field-unknown accountId'],
      ['field-malformed financialAreaActivated', 'field-missing cardId'],
    ]);
    expect(JSON.stringify(results)).not.toContain(formal.number);
  });

  it('who has no right to it is turned away before anything is read', async () => {
    const bank = await keyOf('bank', 'bankOutlet');
    const { status } = await city.log.send({ method: 'POST', path: '/v1/cards/enablement/batch', key: bank, lines: ['{}'] });
    expect(status).toBe(403);
  });

  it('the log is sound, and every decision in it comes out the same again', async () => {
    await expectSoundLog(city.log);
  });
});
