import { PassThrough } from 'node:stream';
import { bearer, done, scriptedDoor, settled, swipeForm } from './scripted-engine';

describe('a key that is revoked meanwhile', () => {
  it('settles no further line of an open batch', async () => {
    const body = new PassThrough();
    let revoked = false;
    const post = async ({ serial }: { serial: string }) => {
      revoked = true; // While the first line is being settled.
      return done(settled({ serial }));
    };
    const pharmacy = { keyId: 'p1', organisation: 'pharmacy', rights: ['institution'], institutionCodes: ['P1'] };
    const authenticate = async () => (revoked ? undefined : pharmacy);
    const { app } = await scriptedDoor({ settlements: { post }, keys: { authenticate } });
    const sent = app.inject({
      method: 'POST',
      url: '/v1/settlements/batch',
      payload: body,
      headers: { ...bearer('p1'), 'content-type': 'application/x-ndjson' },
    });
    body.write(`${JSON.stringify(swipeForm({ serial: '1' }))}\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    body.end(`${JSON.stringify(swipeForm({ serial: '2' }))}\n`);
    const statuses = (await sent).body
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status: number }).status);
    expect(statuses).toEqual([201, 401]);
    await app.close();
  });

  it('reads no further event of a followed log', async () => {
    let revoked = false;
    const auditor = { keyId: 'auditor', organisation: 'auditor', rights: ['auditor'], institutionCodes: [] };
    const follow = async function* (_from: number, signal: AbortSignal) {
      yield { logIndex: 0, bytes: Buffer.from('{}') };
      revoked = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const { app } = await scriptedDoor({ keys: { authenticate: async () => (revoked ? undefined : auditor) }, log: { follow } });
    const { body } = await app.inject({ url: '/v1/events?follow=true', headers: bearer('auditor') }); // Ends only because the key does.
    expect(body).toBe('{"logIndex":0,"event":{}}\n');
    await app.close();
  });
});
