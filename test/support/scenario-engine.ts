import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '#libs/application';
import { listenLocally } from '../../apps/settlement/src/admin-socket';
import { makeDoor } from '../../apps/settlement/src/door';
import { silentLog } from '../../apps/settlement/src/door-log';
import { readSettings } from '../../apps/settlement/src/settings';
import { wire } from '../../apps/settlement/src/wiring';
import { auditOf } from './audit';

export type Fields = Readonly<Record<string, unknown>>;
/** `codes`: why not, most important first; empty when it was done. */
export type Told = Readonly<{ status: number; codes: readonly string[]; body: Fields; text: string }>;
export type Sent = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  body?: Fields | undefined;
  lines?: readonly string[];
  key?: string;
  operator?: string;
}>;
export type ScenarioEngine = Readonly<{
  folder: string;
  send: (sent: Sent) => Promise<Told>;
  /** Over the admin socket. */
  local: (sent: Sent) => Promise<Told>;
  /** The same folder, after a stop and a start. */
  restart: () => Promise<ScenarioEngine>;
  /** All events, as the log holds them. */
  log: () => Promise<readonly LoggedEvent[]>;
  close: () => Promise<void>;
}>;
type Start = Readonly<{ simulation: string; folder?: string }>;

/** The body of a success. @throws Error with the problem otherwise: the scenario has set up something wrong. */
export const must = (told: Told): Fields => {
  if (told.status >= 300) throw new Error(`${told.status} ${JSON.stringify(told.body)}`);
  return told.body;
};

/** A whole engine with both doors on a simulation folder of its own: only the network is this machine's. */
export const scenarioEngine = async ({
  simulation,
  folder = mkdtempSync(join(tmpdir(), 'yika-scenario-')),
}: Start): Promise<ScenarioEngine> => {
  const env = { YIKA_DATA: folder, YIKA_SIMULATION: simulation, YIKA_REPEATED_ATTEMPTS_MAX: '100000', YIKA_CACHE_MB: '32' };
  const { settings, faults } = readSettings(env);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const wired = await wire(settings, {}, silentLog);
  const door = await makeDoor({ ...wired, log: silentLog, ratePerSecond: 1e5, rateBurst: 1e5, nowMs: () => performance.now() });
  const stopLocal = await listenLocally(door.localServer, folder);
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  const { hostname, port } = new URL(await door.app.getUrl());
  const { socketPath } = JSON.parse(readFileSync(join(folder, 'admin.json'), 'utf8')) as { socketPath: string };
  const agent = new Agent({ keepAlive: true });
  const stop = async () => {
    agent.destroy();
    door.streams.closeAll();
    await wired.engine.drain();
    await Promise.all([door.app.close(), stopLocal()]);
    await wired.close();
  };
  return {
    folder,
    send: (sent) => exchanged({ host: hostname, port, agent }, sent),
    local: (sent) => exchanged({ socketPath, agent: false }, sent),
    restart: async () => {
      await stop();
      return scenarioEngine({ simulation: 'continue', folder });
    },
    log: async () => {
      const log: LoggedEvent[] = [];
      for await (const event of wired.engine.log.read(0)) log.push(event);
      return log;
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const exchanged = (target: RequestOptions, { method, path, body, lines, key, operator }: Sent): Promise<Told> =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string> = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(lines === undefined ? {} : { 'content-type': 'application/x-ndjson' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(operator === undefined ? {} : { 'x-yika-operator': operator }),
    };
    const sent = httpRequest({ ...target, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /[/+]json(;|$)/.test(response.headers['content-type'] ?? '');
        const read = isJson ? (JSON.parse(text) as Fields) : {};
        const reasons = (read.reasons ?? []) as readonly { code: string }[];
        resolve({ status: response.statusCode ?? 0, codes: reasons.map(({ code }) => code), body: read, text });
      });
    });
    sent.on('error', reject);
    sent.end(lines?.join('\n') ?? (body === undefined ? undefined : JSON.stringify(body)));
  });

/** Nothing found in the log, everything in it decided again: so ends every file of scenarios. */
export const expectSoundLog = async (engine: ScenarioEngine): Promise<void> => {
  const { findings, decisionsRepeated } = await auditOf(await engine.log());
  expect(findings).toEqual([]);
  expect(decisionsRepeated).toBeGreaterThan(0);
};
