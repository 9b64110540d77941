import { identityNumberFor } from '#libs/kernel';
import { examples } from '../../apps/settlement/src/documents';
import { type HttpRegion, holder, httpRegion, must } from './http-region';

const { account, balance, cancellation, card, credit, freeze, institutionAct, reversal, runnable, SAMPLE, swipe } = examples;

type Sample = Readonly<{ examples?: { sample?: { value?: unknown } } }>;
type Document = Readonly<{ paths: Record<string, { post?: { requestBody?: { content: Record<string, Sample> } } }> }>;

const AT = `/v1/settlements/${SAMPLE.institutionCode}`;

describe('the examples of the documents', () => {
  let region: HttpRegion;
  beforeAll(async () => {
    region = await httpRegion();
    await holder(region, {
      cardNumber: SAMPLE.credential.number,
      amount: '500.00',
      person: { identityKind: '01', identityNumber: identityNumberFor('370202', '1981-02-03', '217'), name: '欧阳明月' },
    });
  });
  afterAll(() => region.close());

  it('run as they are shown', async () => {
    const { agency, pharmacy } = region.keys;
    const run = async (path: string, body: object, key = agency) => must(await region.call('POST', path, { key, body }));
    const serial = 'DOC-RUN-1';
    const { accountPaid } = await run('/v1/settlements', runnable(swipe, new Date().toISOString(), serial), pharmacy);
    expect(accountPaid).toMatchObject({ total: '58.60' });
    await run('/v1/settlements/quote', runnable(swipe, new Date().toISOString(), 'DOC-RUN-2'), pharmacy);
    await run(`${AT}/${serial}/cancellation`, cancellation, pharmacy);
    await run(`${AT}/${serial}/reversal`, reversal, pharmacy);
    await run('/v1/accounts/balance', balance, pharmacy);
    const { id } = await run('/v1/accounts', account);
    await run(`/v1/accounts/${String(id)}/credits`, credit);
    await run(`/v1/accounts/${String(id)}/cards`, card);
    await run(`/v1/accounts/${String(id)}/freezes`, freeze);
    await run(`/v1/institutions/${SAMPLE.institutionCode}/acts`, institutionAct);
  });

  it('run as /docs-json serves them, each time it is read', async () => {
    const { agency, pharmacy } = region.keys;
    for (let round = 0; round < 2; round += 1) {
      const { paths } = must(await region.call('GET', '/docs-json')) as unknown as Document;
      const bodyOf = (path: string) => Object.values(paths[path]?.post?.requestBody?.content ?? {})[0]?.examples?.sample?.value;
      const run = async (path: string, key: string, at = path) => must(await region.call('POST', at, { key, body: bodyOf(path) }));
      await run('/v1/settlements/quote', pharmacy);
      const { serial, replayed } = await run('/v1/settlements', pharmacy);
      expect(replayed).toBe(false);
      const under = '/v1/settlements/{institutionCode}/{serial}';
      await run(`${under}/cancellation`, pharmacy, `${AT}/${String(serial)}/cancellation`);
      await run(`${under}/reversal`, pharmacy, `${AT}/${String(serial)}/reversal`);
      const { id } = await run('/v1/accounts', agency);
      for (const act of ['cards', 'credits', 'freezes']) await run(`/v1/accounts/{id}/${act}`, agency, `/v1/accounts/${String(id)}/${act}`);
      await run('/v1/institutions/{code}/acts', agency, `/v1/institutions/${SAMPLE.institutionCode}/acts`);
      const sent = bodyOf('/v1/settlements/batch');
      const batch = await region.call('POST', '/v1/settlements/batch', {
        key: pharmacy,
        body: sent,
        headers: { 'content-type': 'application/x-ndjson' },
      });
      const lines = batch.text.trimEnd().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([201, 201]);
    }
  });
});
