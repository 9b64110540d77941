import type { AddressInfo } from 'node:net';
import type { ProjectorStatus } from '#libs/adapters/read-models';
import type { EventReader } from '#libs/application';
import { ProjectorFigures } from '../src/figures';
import { makeServer } from '../src/server';

type Status = () => Promise<ProjectorStatus>;
const LAST = 120;
const EVENT = { bytes: Buffer.from(JSON.stringify({ stream: 's', data: {}, decidedAt: '2026-03-02T02:00:00.000Z', meta: { actor: {} } })) };
const one = (name: string, over: object = {}) => ({ name, logIndex: LAST, behind: 0, state: 'live' as const, detail: null, ...over });

const asked = async (status: Status, paths: readonly string[]) => {
  const readLog = async function* (from: number) {
    yield { ...EVENT, logIndex: from };
  };
  const reader = { readLog } as unknown as EventReader;
  const figures = new ProjectorFigures({ status, reader, nowMs: () => Date.parse('2026-03-02T02:00:07.500Z') });
  const server = makeServer({ status, figures });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  try {
    return await Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: answer.status, text: await answer.text() };
      }),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

describe('health and figures of a projector', () => {
  it('one that leads and is behind is ready, and tells by how many events and how old the oldest of them is', async () => {
    const projections = [one('balances'), one('freezes', { logIndex: 100, behind: 20, state: 'catchingUp' })];
    const status: Status = async () => ({ leads: true, lastLogIndex: LAST, projections });
    const [ready, figures, health] = await asked(status, ['/health/ready', '/metrics', '/health']);
    expect(ready).toEqual({ status: 200, text: '{"status":"ready","leads":true}' });
    for (const line of [
      'yika_projector_leads 1',
      'yika_log_events 121',
      'yika_projection_lag_events{projection="freezes"} 20',
      'yika_projection_lag_seconds{projection="freezes"} 7.5',
      'yika_projection_lag_seconds{projection="balances"} 0',
      'yika_projections_away 0',
    ])
      expect(figures?.text).toContain(`${line}\n`);
    expect(JSON.parse(health?.text ?? '')).toEqual({ leads: true, lastLogIndex: LAST, projections });
  });
  it('one whose projection has stopped is not ready; a standby beside it is', async () => {
    const projections = [one('balances', { state: 'failed', detail: 'log index 7' })];
    const [leader, figures] = await asked(async () => ({ leads: true, lastLogIndex: LAST, projections }), ['/health/ready', '/metrics']);
    expect([leader?.status, leader?.text.includes('balances')]).toEqual([503, true]);
    expect(figures?.text).toContain('yika_projection_failed{projection="balances"} 1\n');
    const [standby] = await asked(async () => ({ leads: false, lastLogIndex: LAST, projections }), ['/health/ready']);
    expect(standby?.status).toBe(200);
  });
  it('log or database away: alive, not ready, and the figures say so; nothing of the fault itself is told', async () => {
    const status: Status = () => Promise.reject(new Error('password authentication failed'));
    const [live, ready, figures, other] = await asked(status, ['/health/live', '/health/ready', '/metrics', '/v1/freezes']);
    expect([live?.status, ready?.status, figures?.status, other?.status]).toEqual([200, 503, 200, 404]);
    expect(figures?.text).toContain('yika_projections_away 1\n');
    expect(`${ready?.text}${figures?.text}`).not.toContain('password');
  });
});
