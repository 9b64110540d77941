import { Pool } from 'undici';

export type Call = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Access key of the caller; none on the admin socket. */
  key?: string;
  /** Who sits at the admin socket: packs need two different ones. */
  operator?: string;
  body?: unknown;
  /** A body that is JSON text already. */
  text?: string;
  /** Names a piece of work over many calls, in the log too. */
  correlationId?: string;
}>;
export type Reply = Readonly<{ status: number; body: unknown; retryAfterMs: number | null }>;

/** The engine said no; its answer says why. */
export class Refused extends Error {
  constructor(readonly problem: Readonly<Record<string, unknown>>) {
    super(String(problem.code));
  }
}

export interface EngineClient {
  /** One call, one answer; whatever status. Throws: when the engine cannot be reached or answers with something that is not JSON. */
  call(call: Call): Promise<Reply>;
  /** The lines of an NDJSON answer, as they arrive. Throws: Refused on any status but 200. */
  lines(call: Call, signal?: AbortSignal): AsyncIterable<string>;
  close(): Promise<void>;
}

/** Where an engine listens: a TCP origin, or the admin socket. */
export type Address = Readonly<{ origin: string }> | Readonly<{ socketPath: string }>;

const HEADERS_TIMEOUT_MS = 60_000;

const headersOf = ({ key, operator, body, text, correlationId }: Call): Record<string, string> => ({
  accept: 'application/json, application/problem+json',
  ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  ...(operator === undefined ? {} : { 'x-yika-operator': operator }),
  ...(correlationId === undefined ? {} : { 'x-correlation-id': correlationId }),
  ...(body === undefined && text === undefined ? {} : { 'content-type': 'application/json' }),
});

const parse = (text: string, path: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${path} answered with something that is not JSON`);
  }
};

const refusalOf = (path: string, status: number, body: unknown): Error =>
  typeof body === 'object' && body !== null && 'code' in body ? new Refused({ ...body }) : new Error(`${path} answered ${status}`);

const poolFor = (address: Address, connections: number): Pool =>
  'origin' in address
    ? new Pool(address.origin, { connections, headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0 })
    : new Pool('http://admin.invalid', { socketPath: address.socketPath, connections, headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0 });

/** A client that keeps its connections open; each of them carries one call at a time. */
export const engineClient = (address: Address, connections = 1): EngineClient => {
  const pool = poolFor(address, connections);
  const send = (call: Call, signal?: AbortSignal) =>
    pool.request({
      method: call.method,
      path: call.path,
      headers: headersOf(call),
      body: call.text ?? (call.body === undefined ? null : JSON.stringify(call.body)),
      signal: signal ?? null,
    });
  return {
    call: async (call) => {
      const { statusCode, headers, body } = await send(call);
      const seconds = Number(headers['retry-after']);
      return {
        status: statusCode,
        body: parse(await body.text(), call.path),
        retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null,
      };
    },
    lines: async function* (call, signal) {
      const { statusCode, body } = await send(call, signal);
      if (statusCode !== 200) throw refusalOf(call.path, statusCode, parse(await body.text(), call.path));
      let rest = '';
      body.setEncoding('utf8');
      for await (const chunk of body as AsyncIterable<string>) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        yield* lines.filter((line) => line !== '');
      }
      if (rest !== '') yield rest;
    },
    close: () => pool.destroy(),
  };
};
