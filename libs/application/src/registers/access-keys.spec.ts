import { logOf } from '../../../../test/support/audit';
import { agency, codesOf, done, PHARMACY, type TestEngine, testEngine } from '../../../../test/support/engine-fixture';

let made: TestEngine;
beforeEach(async () => {
  made = await testEngine();
});
afterEach(() => made.close());

const create = async (note = 'till 1') => {
  const order = { organisation: PHARMACY, rights: ['institution'] as const, institutionCodes: [PHARMACY], note };
  return done(await made.engine.keys.create(order, agency));
};

describe('access keys', () => {
  it('a key opens what it was made for', async () => {
    const { keyId, key } = await create();
    expect(key).toMatch(new RegExp(`^yk_${keyId}_[A-Za-z0-9_-]{43}$`));
    expect(await made.engine.keys.authenticate(key)).toEqual({
      keyId,
      organisation: PHARMACY,
      rights: ['institution'],
      institutionCodes: [PHARMACY],
    });
  });

  it('a wrong secret, an unknown id, another form and a cut key open nothing', async () => {
    const { keyId, key } = await create();
    const wrong = key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const unknown = key.replace(keyId, '0123456789abcdef');
    for (const text of [wrong, unknown, key.slice(0, -1), `${key}A`, ` ${key}`, key.toUpperCase(), keyId, ''])
      expect([text, await made.engine.keys.authenticate(text)]).toEqual([text, undefined]);
  });

  it('the secret is in no event', async () => {
    const { key } = await create();
    const secret = key.slice(-43);
    for (const { bytes } of await logOf(made)) expect(Buffer.from(bytes).toString()).not.toContain(secret);
  });

  it('a revoked key opens nothing from the moment of the answer, after a restart too; it cannot be revoked twice for another reason', async () => {
    const { keyId, key } = await create();
    const other = await create('till 2');
    done(await made.engine.keys.revoke(keyId, 'lost', agency));
    expect(await made.engine.keys.authenticate(key)).toBeUndefined();
    expect(await made.engine.keys.authenticate(other.key)).toMatchObject({ keyId: other.keyId });
    made = await made.reopen();
    expect(await made.engine.keys.authenticate(key)).toBeUndefined();
    expect(await made.engine.keys.revoke(keyId, 'lost', agency)).toEqual({ kind: 'done', replayed: true, value: { keyId } });
    expect(codesOf(await made.engine.keys.revoke('0123456789abcdef', 'lost', agency))).toEqual(['access-key-not-found']);
  });

  it('lists every key, never its secret, oldest first', async () => {
    const [a, b] = [await create('till 1'), await create('till 2')];
    made.clock.nowMs += 1_000;
    done(await made.engine.keys.revoke(a.keyId, 'lost', agency));
    const listed = { organisation: PHARMACY, rights: ['institution'], institutionCodes: [PHARMACY], createdAt: '2026-03-02T02:00:00.000Z' };
    expect(await made.engine.keys.list()).toEqual([
      { ...listed, keyId: a.keyId, note: 'till 1', revokedAt: '2026-03-02T02:00:01.000Z' },
      { ...listed, keyId: b.keyId, note: 'till 2', revokedAt: null },
    ]);
  });

  it('a key without rights is not made, and is not listed', async () => {
    const order = { organisation: 'agency', rights: [], institutionCodes: [], note: '' };
    expect(codesOf(await made.engine.keys.create(order, agency))).toEqual(['access-key-without-rights']);
    expect(await made.engine.keys.list()).toEqual([]);
  });
});
