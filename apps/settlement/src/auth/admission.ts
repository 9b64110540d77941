import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Principal } from '#libs/application';
import { codeNamesAPerson } from '../form/personal-text';
import { RIGHTS } from '../form/words-of-the-domain';
import { doorProblem } from '../problem/problem';
import { type Caller, isLocal, type Reply, type Request } from '../request';
import type { KeyCheck, TurnedAway } from './key-check';
import { type RateLimit, retryAfter } from './rate-limit';

const CORRELATION_ID = /^[\w.:-]{1,64}$/;
const OPERATOR_NAME = /^[A-Za-z0-9._-]{1,40}$/;
const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/i;

export type Admission = Readonly<{
  engine: Pick<Engine, 'keys'>;
  keyCheck: KeyCheck;
  rate: RateLimit;
  openRate: RateLimit;
  nowMs: () => number;
  onTurnedAway: (limit: TurnedAway) => void;
}>;

/**
 * Runs before the body is read: gives every request its correlation id, lets nobody past without a key in force, and keeps the admin routes
 * to the admin socket. Judged by the matched route, not by the text of the address, which can be written in many ways.
 * Throws: Problem 401, 404, 429.
 */
export const admit = async (request: Request, reply: Reply, admission: Admission): Promise<void> => {
  const correlationId = correlationIdOf(request);
  request.correlationId = correlationId;
  void reply.header('x-correlation-id', correlationId);
  const route = request.routeOptions.url ?? '';
  const local = isLocal(request.raw);
  if (request.is404) return;
  if (!(route.startsWith('/v1/') || route.startsWith('/admin/'))) {
    if (!local && !route.startsWith('/health/')) demandOpenRate(request, admission);
    return;
  }
  if (route.startsWith('/admin/') && !local) throw doorProblem('route-not-found');
  request.caller = await callerOf(request, { ...admission, local, correlationId });
};

/** The same for who shows no key: by address. A watchman that asks for `health` is never turned away. */
const demandOpenRate = (request: Request, { openRate, nowMs, onTurnedAway }: Admission): void => {
  const waitMs = openRate.take(request.raw.socket.remoteAddress ?? '', nowMs());
  if (waitMs === 0) return;
  onTurnedAway('openPages');
  throw doorProblem('rate-exceeded', {}, { 'retry-after': retryAfter(waitMs) });
};

type Met = Admission & Readonly<{ local: boolean; correlationId: string }>;

const callerOf = async (request: Request, met: Met): Promise<Caller> => {
  const { local, correlationId, engine } = met;
  const operatorName = local ? textOf(request.headers['x-yika-operator'], OPERATOR_NAME) : undefined;
  const principal = local ? localOperator(operatorName) : await principalOf(request, met);
  const tracing: Caller['tracing'] = {
    actor: { principal: principal.keyId, organisation: principal.organisation, door: local ? 'admin' : 'http' },
    correlationId,
    causationId: request.id,
  };
  const key = keyOf(request) ?? '';
  const inForce = async () => local || (await engine.keys.authenticate(key)) !== undefined;
  const turn = local ? () => Promise.resolve() : () => turnOf(principal.keyId, met);
  return { principal, local, operatorNamed: operatorName !== undefined, tracing, inForce, turn };
};

const keyOf = ({ headers }: Request): string | undefined => BEARER.exec(headers.authorization ?? '')?.[1];

const principalOf = async (request: Request, { keyCheck, rate, nowMs, onTurnedAway }: Admission): Promise<Principal> => {
  const { authorization } = request.headers;
  if (authorization === undefined) throw doorProblem('key-missing', {}, { 'www-authenticate': 'Bearer realm="yika"' });
  const principal = await keyCheck.principalOf(keyOf(request), request.raw.socket.remoteAddress ?? '', nowMs());
  const waitMs = rate.take(principal.keyId, nowMs());
  if (waitMs > 0) {
    onTurnedAway('key');
    throw doorProblem('rate-exceeded', {}, { 'retry-after': retryAfter(waitMs) });
  }
  return principal;
};

/** Waits until the rate of the key allows one more. */
const turnOf = async (keyId: string, { rate, nowMs }: Admission): Promise<void> => {
  for (let waitMs = rate.take(keyId, nowMs()); waitMs > 0; waitMs = rate.take(keyId, nowMs())) await sleep(Math.ceil(waitMs));
};

/** The file mode of the socket is the key; the header says who sits at it, so that two people stay two in the log. */
const localOperator = (operatorName: string | undefined): Principal => ({
  keyId: operatorName === undefined ? 'local-operator' : `local-operator:${operatorName}`,
  organisation: 'operator',
  rights: RIGHTS, // Whoever may open the socket may do everything.
  institutionCodes: [],
});

const correlationIdOf = (request: Request): string => textOf(request.headers['x-correlation-id'], CORRELATION_ID) ?? request.id;
/** Both headers enter the log: one that names a person counts as not sent. */
const textOf = (header: unknown, pattern: RegExp): string | undefined =>
  typeof header === 'string' && pattern.test(header) && !codeNamesAPerson(header) ? header : undefined;
