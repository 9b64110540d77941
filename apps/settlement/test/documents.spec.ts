import type { Door } from '../src/door';
import { openApiDocument } from '../src/openapi/document';
import { DOOR_CATALOGUE } from '../src/problem/door-catalogue';
import { scriptedDoor } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const open = async (): Promise<Door> => {
  const door = await scriptedDoor();
  closing.push(() => door.app.close());
  return door;
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

  it('speak to a cashier in at most sixty characters', () => {
    for (const [code, { messageZh, remedyZh }] of Object.entries(DOOR_CATALOGUE)) {
      expect([code, messageZh.length <= 60, remedyZh.length <= 60]).toEqual([code, true, true]);
    }
  });
});
