import { checkIdentity } from '#libs/kernel';
import { OpenAccountDto } from '../src/accounts/account.dto';
import type { Door } from '../src/door';
import { readForm } from '../src/form/read-form';
import { openApiDocument } from '../src/openapi/document';
import * as examples from '../src/openapi/examples';
import { momentary } from '../src/openapi/examples';
import { DOOR_CATALOGUE } from '../src/problem/door-catalogue';
import { SwipeDto } from '../src/settlements/swipe.dto';
import { type Script, scriptedDoor } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (script: Script = {}): Promise<Door> => {
  const door = await scriptedDoor(script);
  closing.push(() => door.app.close());
  return door;
};

type Content = Readonly<Record<string, { schema?: object; examples?: { sample?: { value: unknown } } }>>;
type Operation = Readonly<{ description?: string; requestBody: { content: Content }; responses: Record<string, { content: Content }> }>;
type Served = Readonly<{
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { oneOf?: object[]; properties?: Record<string, { pattern?: string }> }> };
}>;
const documentOf = async (): Promise<Served> => openApiDocument((await open()).app) as unknown as Served;
const operationOf = (paths: Served['paths'], path: string): Operation => {
  const operation = paths[path]?.post;
  if (!operation) throw new Error(`no POST ${path}`);
  return operation;
};

describe('the documents', () => {
  it('are OpenAPI 3.1, the same every time, without a dangling reference, and every route but the open ones asks for a key', async () => {
    const [one, two] = [await open(), await open()].map(({ app }) => openApiDocument(app));
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(one?.openapi).toBe('3.1.0');
    const names = [...JSON.stringify(one).matchAll(/"#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name ?? '');
    expect(names.filter((name) => !one?.components?.schemas?.[name])).toEqual([]);
    const operations = Object.entries(one?.paths ?? {}).flatMap(([path, item]) =>
      Object.values(item as object).map((operation) => ({
        path,
        ...(operation as { operationId: string; security?: object[]; summary?: string }),
      })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, security, summary } of operations)
      expect([path, Boolean(summary), Boolean(security)]).toEqual([path, true, path.startsWith('/v1/')]);
  });

  it('are served with the page that shows them', async () => {
    const { app } = await open();
    expect((await app.inject({ url: '/docs-json' })).json<{ openapi: string }>().openapi).toBe('3.1.0');
    expect((await app.inject({ url: '/docs' })).headers['content-type']).toContain('text/html');
  });

  it('explain every code at the address that a problem names', async () => {
    const { app } = await open();
    expect((await app.inject({ url: '/problems/settlement-not-found' })).json()).toMatchObject({
      code: 'settlement-not-found',
      status: 404,
    });
    expect((await app.inject({ url: '/problems/constructor' })).statusCode).toBe(404);
  });

  it('tell the HTTP status of every code, those of the engine as well', async () => {
    const row = { messageZh: '', messageEn: '', remedyZh: '', remedyEn: '' };
    const catalogue = { short: { family: 'money', ...row }, used: { family: 'key', ...row } } as const;
    const { app } = await open({ catalogue });
    const all = (await app.inject({ url: '/problems' })).json<Record<string, { status?: number }>>();
    expect([all.short?.status, all.used?.status, Object.values(all).filter(({ status }) => !status)]).toEqual([422, 409, []]);
  });

  it('say of a batch what one line is, in and out, and how it may end', async () => {
    const { paths, components } = await documentOf();
    const { requestBody, responses, description } = operationOf(paths, '/v1/settlements/batch');
    const sent = requestBody.content['application/x-ndjson'];
    expect(Object.keys(requestBody.content)).toEqual(['application/x-ndjson']);
    expect(sent?.schema).toEqual({ $ref: '#/components/schemas/SwipeDtoLine' });
    expect(components.schemas.SwipeDtoLine).toMatchObject({ $ref: '#/components/schemas/SwipeDto' });
    const lines = String(sent?.examples?.sample?.value).trimEnd().split('\n');
    for (const line of lines) expect(readForm(SwipeDto, JSON.parse(line)).ok).toBe(true);
    expect(responses['200']?.content['application/x-ndjson']?.schema).toEqual({ $ref: '#/components/schemas/BatchResult' });
    expect(description).toMatch(/1 MiB[\s\S]*Blank lines[\s\S]*order[\s\S]*connection drops/);
  });

  it('say of an act on an institution which forms it may have', async () => {
    const { paths, components } = await documentOf();
    expect(operationOf(paths, '/v1/institutions/{code}/acts').requestBody.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/InstitutionOrder',
    });
    expect(components.schemas.InstitutionOrder?.oneOf?.length).toBeGreaterThan(8);
  });

  it.each(['/v1/settlements', '/v1/settlements/quote'])('name every status of %s', async (path) => {
    const { paths } = await documentOf();
    const statuses = Object.keys(operationOf(paths, path).responses);
    expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403', '404', '409', '413', '415', '422', '429', '500', '503']));
  });

  it('admit by their patterns what the forms admit: a total is never nothing', async () => {
    const { components } = await documentOf();
    const { totalFee, fundPaid } = components.schemas.SwipeDto?.properties ?? {};
    const taken = (pattern: string | undefined) =>
      ['0', '0.0', '0.00', '0.01', '0.1', '10', '10.00', '01', '1.234'].filter((text) => new RegExp(pattern ?? '$^').test(text));
    expect(taken(totalFee?.pattern)).toEqual(['0.01', '0.1', '10', '10.00']);
    expect(taken(fundPaid?.pattern)).toEqual(['0', '0.0', '0.00', '0.01', '0.1', '10', '10.00']);
  });

  it('carry examples that run whenever they are read, and never the same number twice', async () => {
    const { app } = await open();
    const sample = async (path: string) => {
      const { paths } = (await app.inject({ url: '/docs-json' })).json<Served>();
      return operationOf(paths, path).requestBody.content['application/json']?.examples?.sample?.value as Record<string, unknown>;
    };
    const before = Date.now();
    const first = await sample('/v1/settlements');
    expect([Date.parse(String(first.occurredAt)) >= before, Date.parse(String(first.occurredAt)) <= Date.now()]).toEqual([true, true]);
    expect(readForm(SwipeDto, first).ok).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect((await sample('/v1/settlements')).serial).not.toBe(first.serial);
    const runs = [1_800_000_000_000, 1_800_000_001_000].map((nowMs) => momentary(JSON.stringify(examples), nowMs));
    const numbers = (text: string | undefined) =>
      [...(text ?? '').matchAll(/"(serial|reference|cardNumber|identityNumber|terminalCode)":"([^"]+)"/g)].map(([, , number]) => number);
    const standing = [examples.SAMPLE.terminalCode];
    expect(numbers(runs[0]).filter((number) => numbers(runs[1]).includes(number) && !standing.includes(number as never))).toEqual([]);
    const { account } = JSON.parse(runs[1] ?? '') as typeof examples;
    expect([readForm(OpenAccountDto, account).ok, checkIdentity('01', account.person.identityNumber)]).toEqual([true, null]);
  });

  it('speak to a cashier in at most sixty characters', () => {
    for (const [code, { messageZh, remedyZh }] of Object.entries(DOOR_CATALOGUE)) {
      expect([code, messageZh.length <= 60, remedyZh.length <= 60]).toEqual([code, true, true]);
    }
  });
});
