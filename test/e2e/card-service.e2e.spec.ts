import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { OBSTACLES } from '#libs/card-service';
import { identityNumberFor } from '#libs/kernel';
import { examples } from '../../apps/settlement/src/documents';
import { type HttpRegion, httpRegion, must, type Reply, swipeOf } from './http-region';

const { SAMPLE } = examples;
const YIKA = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
const NAME = '欧阳明月';
const APPLICATIONS = '/v1/card-applications';

type Fields = Record<string, unknown>;

describe('card business over HTTP', () => {
  let region: HttpRegion;
  let people = 100;
  let references = 0;
  beforeAll(async () => {
    region = await httpRegion();
  });
  afterAll(() => region.close());

  const post = (where: string, body: Fields, key = region.keys.bankOutlet): Promise<Reply> => region.call('POST', where, { key, body });
  const get = (where: string, key = region.keys.bankOutlet): Promise<Reply> => region.call('GET', where, { key });
  const reference = () => `E-${++references}`;
  const signedBy = { signer: 'holder', holderCheck: 'CHECK-1' };
  const insured = async () => {
    const identityNumber = identityNumberFor('370202', '1981-02-03', String(++people));
    const person = { identityKind: '01', identityNumber, name: NAME };
    const open = { reference: reference(), poolingArea: SAMPLE.poolingArea, insuranceType: 'employee', person };
    return { person, accountId: String(must(await post('/v1/accounts', open, region.keys.agency)).id) };
  };
  const applicationFor = (person: Fields, over: Fields = {}): Fields => ({
    reference: reference(),
    poolingArea: SAMPLE.poolingArea,
    person,
    kind: 'firstIssue',
    cardKind: 'socialSecurity3',
    outletCode: 'B0101',
    photoReference: 'PHOTO-1',
    pickUpPlace: '香港中路网点',
    signedBy,
    ...over,
  });
  const handOver = { cardNumber: 'E2ECARD01', outletCode: 'B0101', signedBy };

  it('a card from the counter to the first swipe; every answer again for a repeat', async () => {
    const { person, accountId } = await insured();
    const form = applicationFor(person);
    const accepted = await post(APPLICATIONS, form);
    expect(accepted.status).toBe(201);
    const { applicationId, vouchers } = accepted.body as { applicationId: string; vouchers: string[] };
    expect(accepted.body).toMatchObject({ accountId, stage: 'accepted', replayed: false, policy: 'qingdao@1' });
    expect(String(accepted.body.dueOn)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(vouchers).toHaveLength(1);
    expect(await post(APPLICATIONS, form)).toMatchObject({ status: 200, body: { ...accepted.body, replayed: true } });
    const differs = await post(APPLICATIONS, { ...form, bankCode: '103' });
    expect(differs).toMatchObject({ status: 409, body: { primaryReason: { differs: ['bankCode'] } } });

    const at = `${APPLICATIONS}/${applicationId}`;
    expect(await post(`${at}/issue`, { reference: reference(), ...handOver })).toMatchObject({
      status: 422,
      body: { code: 'application-not-at-this-step', primaryReason: { stage: 'accepted' } },
    });
    must(await post(`${at}/production`, { reference: reference(), productionBatchNo: 'P-7' }));
    must(await post(`${at}/produced`, { reference: reference() }));
    must(await post(`${at}/ready`, { reference: reference(), place: '市南网点' }));
    const issue = { reference: reference(), ...handOver };
    const issued = await post(`${at}/issue`, issue);
    expect(issued).toMatchObject({ status: 201, body: { stage: 'issued', pickUp: { place: '市南网点', enquiryTelephone: '12333' } } });
    expect(await post(`${at}/issue`, issue)).toMatchObject({ status: 200, body: { replayed: true, cardId: issued.body.cardId } });
    const { replayed: _replayed, ...view } = issued.body;
    expect((await get(at)).body).toStrictEqual(view);
    expect((await get(at, region.keys.auditor)).status).toBe(200);
    expect((await get(at, region.keys.pharmacy)).status).toBe(403);
    expect(await get(`${APPLICATIONS}/nobody`)).toMatchObject({ status: 404, body: { code: 'card-application-unknown' } });

    const cards = (must(await get(`/v1/accounts/${accountId}`, region.keys.agency)).cards as Fields[]).map(({ cardId }) => cardId);
    expect(cards).toStrictEqual([issued.body.cardId]);
    const enable = { reference: reference(), channel: 'bankOutlet', financialAreaActivated: true };
    must(await post(`/v1/accounts/${accountId}/cards/${String(issued.body.cardId)}/enablement`, enable));
    must(
      await post(
        `/v1/accounts/${accountId}/credits`,
        { reference: reference(), source: 'contribution', amount: '100.00' },
        region.keys.agency,
      ),
    );
    const swipe = must(await post('/v1/settlements', swipeOf(handOver.cardNumber, 'E2E-1', '58.60'), region.keys.pharmacy));
    expect(swipe.accountPaid).toMatchObject({ total: '58.60' });
  });

  it('a voucher is read, signed and printed; a second print says that it is one', async () => {
    const { person } = await insured();
    const { vouchers, applicationId } = must(await post(APPLICATIONS, applicationFor(person))) as {
      vouchers: string[];
      applicationId: string;
    };
    const [outlet, year, number] = (vouchers[0] ?? '').split('-');
    const at = `/v1/vouchers/${outlet}/${year}/${number}`;
    expect((await get(at)).body).toMatchObject({
      voucherNo: vouchers[0],
      businessZh: '社会保障卡申领受理',
      about: { stream: `cardApplication-${applicationId}`, revision: 0 },
      signer: 'holder',
      signedCopy: null,
      prints: 0,
    });
    const original = await get(`${at}/page`);
    expect(original.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const word of ['业务凭证', '正本', vouchers[0], '领卡凭证', '香港中路网点', '12333', '12345', applicationId])
      expect(original.text).toContain(word);
    const again = await get(`${at}/page?lang=en`);
    for (const word of ['Business voucher', 'Reprint no. 1', 'Pick-up receipt', 'lang="en"']) expect(again.text).toContain(word);
    expect((await get(`${at}/page`, region.keys.auditor)).text).toContain('稽核查阅件');
    expect((await get(at)).body.prints).toBe(2);
    must(await post(`${at}/signed-copy`, { reference: reference(), signedCopy: 'SCAN-7' }));
    expect((await get(at)).body.signedCopy).toMatchObject({ reference: 'SCAN-7' });
    expect(await post(`${at}/signed-copy`, { reference: reference(), signedCopy: 'SCAN-8' })).toMatchObject({ status: 422 });
    expect(await get('/v1/vouchers/B0101/2026/999999')).toMatchObject({ status: 404, body: { code: 'voucher-unknown' } });
  });

  it('a voucher for what left none: who signs for another says as what; an event has one, and only of the counter’s own card business', async () => {
    const { accountId } = await insured();
    const card = { reference: reference(), cardNumber: `E2EPAPER${people}`, kind: 'socialSecurity3' };
    const registered = must(await post(`/v1/accounts/${accountId}/cards`, card));
    const area = `/v1/accounts/${accountId}/cards/${String(registered.id)}/financial-area`;
    must(await post(area, { reference: reference(), active: true }));
    const reported = must(await post(area, { reference: reference(), active: false }));
    const [{ revision } = { revision: -1 }] = reported.events as { revision: number }[];
    const stream = `medicalAccount-${accountId}`;
    const form = { reference: reference(), outletCode: 'B0101', about: { stream, revision } };
    expect(await post('/v1/vouchers', { ...form, signedBy: { signer: 'proxy' } })).toMatchObject({
      status: 400,
      body: { reasons: [{ field: 'signedBy.relation' }, { field: 'signedBy.proxyCheck' }] },
    });
    const proxy = { signer: 'proxy', relation: 'child', proxyCheck: 'CHECK-8', holderCheck: 'CHECK-7' };
    const person = { identityKind: '01', identityNumber: '110105194912310021', name: '诸葛代办' };
    expect(await post('/v1/vouchers', { ...form, signedBy: { ...proxy, person } })).toMatchObject({
      status: 400,
      body: { reasons: [{ field: 'signedBy.person.identityNumber' }] },
    });
    const voucher = must(await post('/v1/vouchers', { ...form, signedBy: proxy }));
    expect(must(await post('/v1/vouchers', { ...form, signedBy: proxy }))).toMatchObject({
      number: voucher.number,
      businessEn: 'State of the financial area recorded',
      accountId,
      doneAt: reported.decidedAt,
    });
    expect(await post('/v1/vouchers', { ...form, reference: reference(), signedBy: proxy })).toMatchObject({
      status: 422,
      body: { code: 'voucher-issued-already', primaryReason: { voucherNo: voucher.voucherNo } },
    });
    const [{ revision: own } = { revision: -1 }] = registered.events as { revision: number }[];
    expect(await post('/v1/vouchers', { ...form, reference: reference(), about: { stream, revision: own }, signedBy })).toMatchObject({
      status: 422,
      body: { primaryReason: { voucherNo: registered.voucherNo } }, // The counter's own, left with the act.
    });
    for (const nobodys of [0, 77])
      expect(await post('/v1/vouchers', { ...form, reference: reference(), about: { stream, revision: nobodys }, signedBy })).toMatchObject(
        {
          status: 404,
          body: { code: 'voucher-about-nothing' },
        },
      );
  });

  it('refused with all reasons and a notice: what to bring, how to go about it, how long it takes', async () => {
    const { person } = await insured();
    const form = applicationFor({ ...person, name: '李四' }, { photoReference: null, obstacles: [{ code: 'identity-number-used-twice' }] });
    const refusal = await post(APPLICATIONS, form);
    expect(refusal.status).toBe(422);
    const codes = ['identity-number-used-twice', 'data-differ-from-insurance-system', 'photo-missing'];
    expect((refusal.body.reasons as Fields[]).map(({ code }) => code)).toStrictEqual(codes);
    const at = `/v1/one-time-notices/${String(refusal.body.noticeId)}`;
    const notice = (await get(at)).body;
    expect((notice.reasons as Fields[]).map(({ code }) => code)).toStrictEqual(codes);
    for (const { messageZh, messageEn, materials, procedureZh, procedureEn } of notice.reasons as Fields[]) {
      expect([messageZh, messageEn, procedureZh, procedureEn]).not.toContain('');
      expect((materials as unknown[]).length).toBeGreaterThan(0);
    }
    expect(notice).toMatchObject({ timeLimitZh: '材料齐备并受理之日起30个工作日内', enquiryTelephone: '12333', prints: 0 });
    const page = (await get(`${at}/page`)).text;
    for (const word of ['一次性告知单', '正本', '没有照片', '公安机关出具的公民身份号码证明', '到办事大厅更正登记信息', '30个工作日'])
      expect(page).toContain(word);
    const english = (await get(`${at}/page?lang=en`)).text;
    for (const word of ['One-time notice', 'Reprint no. 1', 'There is no photo', 'Within 30 working days']) expect(english).toContain(word);
    for (const text of [page, english, JSON.stringify(notice), refusal.text])
      for (const secret of [person.identityNumber, NAME, '李四']) expect(text).not.toContain(secret);
    must(await post(APPLICATIONS, { ...form, person, photoReference: 'PHOTO-2', obstacles: [] }));
  });

  it('takes every finding at once, and tells one that is named again once', async () => {
    const { person } = await insured();
    const obstacles = [...OBSTACLES, ...OBSTACLES].map((code) => ({ code }));
    const told = await post(APPLICATIONS, { ...applicationFor(person), obstacles });
    expect(told.status).toBe(422);
    expect((told.body.reasons as Fields[]).map(({ code }) => code).sort()).toStrictEqual([...OBSTACLES].sort());
    const { applicationId } = must(await post(APPLICATIONS, applicationFor(person))) as { applicationId: string };
    const failed = must(await post(`${APPLICATIONS}/${applicationId}/failure`, { reference: reference(), obstacles, outletCode: 'B0101' }));
    const { reasons } = (await get(`/v1/one-time-notices/${String(failed.noticeId)}`)).body as { reasons: Fields[] };
    expect(reasons.map(({ code }) => code)).toStrictEqual([...OBSTACLES]);
  });

  it('failed with every reason, and linked to the card that works', async () => {
    const { person, accountId } = await insured();
    const { applicationId } = must(await post(APPLICATIONS, applicationFor(person))) as { applicationId: string };
    const at = `${APPLICATIONS}/${applicationId}`;
    const obstacles = [{ code: 'working-card-exists', detail: '居民医保卡可用' }, { code: 'left-employer' }];
    expect(await post(`${at}/failure`, { reference: reference(), outletCode: 'B0101' })).toMatchObject({
      status: 400,
      body: { code: 'failure-without-reason' },
    });
    const failed = must(await post(`${at}/failure`, { reference: reference(), obstacles, outletCode: 'B0101' }));
    expect(failed).toMatchObject({
      stage: 'failed',
      obstacles: [{ code: 'working-card-exists' }, { code: 'left-employer', detail: null }],
    });
    const { reasons } = (await get(`/v1/one-time-notices/${String(failed.noticeId)}`)).body as { reasons: Fields[] };
    expect(reasons.map(({ code, detail }) => [code, detail])).toStrictEqual([
      ['working-card-exists', '居民医保卡可用'],
      ['left-employer', null],
    ]);
    const link = { reference: reference(), cardNumber: 'E2ELINK01', cardKind: 'socialSecurity3', outletCode: 'B0101', signedBy };
    const linked = must(await post(`${at}/link`, link));
    expect(linked.stage).toBe('linked');
    expect(must(await get(`/v1/accounts/${accountId}`, region.keys.agency)).cardInUse).toBe(linked.cardId);
  });

  it('a notice for other business names any reason of the catalogue, and no other', async () => {
    const form = { reference: reference(), business: 'lossReport', outletCode: 'B0101', poolingArea: SAMPLE.poolingArea };
    const notice = must(await post('/v1/one-time-notices', { ...form, reasons: [{ code: 'card-unknown' }] }));
    expect(notice).toMatchObject({ businessZh: '社会保障卡挂失', reasons: [{ code: 'card-unknown', materials: [] }] });
    expect(await post('/v1/one-time-notices', { ...form, reference: reference(), reasons: [{ code: 'made-up' }] })).toMatchObject({
      status: 400,
      body: { code: 'notice-reason-without-words' },
    });
  });

  it('employers apply for many at once: one answer a line, a notice with each refusal', async () => {
    const [one, two] = [await insured(), await insured()];
    const batch = { applicant: 'employer', batchNo: '2026-07' };
    const lines = [applicationFor(one.person, batch), applicationFor(two.person, { ...batch, photoReference: null }), { reference: 'x' }];
    const send = () =>
      region.call('POST', `${APPLICATIONS}/batch`, {
        key: region.keys.bankOutlet,
        body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
        headers: { 'content-type': 'application/x-ndjson' },
      });
    const told = (reply: Reply) =>
      reply.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { status: number; result?: Fields; problem?: Fields });
    const first = told(await send());
    expect(first.map(({ status }) => status)).toStrictEqual([201, 422, 400]);
    expect(first[0]?.result).toMatchObject({ applicant: 'employer', batchNo: '2026-07', stage: 'accepted' });
    expect((await get(`/v1/one-time-notices/${String(first[1]?.problem?.noticeId)}`)).body).toMatchObject({
      reasons: [{ code: 'photo-missing' }],
    });
    expect(told(await send()).map(({ status }) => status)).toStrictEqual([200, 422, 400]);
  });

  it('nothing of all this says who somebody is, or which number a card has', () => {
    const secrets = [NAME, '李四', identityNumberFor('370202', '1981-02-03', '101'), 'E2ECARD01', 'E2ELINK01'];
    // Looked at by another process: closing a file of an open store would let go of its locks.
    const files = ['events.db', 'events.db-wal', 'views.db', 'views.db-wal', 'vault.db', 'vault.db-wal'].map((name) =>
      path.join(region.folder, name),
    );
    const count = (word: string) => spawnSync('grep', ['-a', '-l', '-s', '-F', word, ...files], { encoding: 'utf8' }).stdout;
    expect(count('cardApplication-')).toContain('events.db');
    expect(secrets.map(count)).toStrictEqual(secrets.map(() => ''));
  });

  it('the log of all this is sound, decided again from the first event on', () => {
    const verify = spawnSync(process.execPath, [YIKA, '--data', region.folder, 'verify', '--json'], { encoding: 'utf8', timeout: 60_000 });
    const { verdict, findings } = JSON.parse(verify.stdout) as { verdict: string; findings: unknown[] };
    expect([verify.status, verdict, findings]).toStrictEqual([0, 'sound', []]);
  });
});
