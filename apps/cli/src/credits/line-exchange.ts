import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Address } from '../engine/client';
import { Failure } from '../startup/checks';
import type { Credit, Heading } from './credit-file';

export type Reason = Readonly<{ code: string; messageZh?: string; messageEn?: string; remedyZh?: string; remedyEn?: string }> &
  Readonly<Record<string, unknown>>;
/** What the engine says of one line. `busy`: it cannot say yet; asking again may help. */
export type LineAnswer =
  | Readonly<{ kind: 'credited' | 'replayed'; accountId: string; eventId: string; revision: number; decidedAt: string }>
  | Readonly<{ kind: 'refused' | 'busy'; reasons: readonly Reason[] }>;
export type LineExchange = Readonly<{
  /** Sends credits and gives back one answer for each, in order. Throws: when the engine cannot be reached, or its answer was cut. */
  send: (credits: readonly Credit[]) => Promise<readonly LineAnswer[]>;
  close: () => Promise<void>;
}>;
type Wiring = Readonly<{ address: Address; path: '/v1/credits/batch' | '/v1/credits/quote'; heading: Heading; operator: string }>;
type Answered = Readonly<{
  status: number;
  result?: Readonly<{ replayed: boolean; accountId: string; eventId: string; revision: number; decidedAt: string }>;
  problem?: Readonly<{ reasons: readonly Reason[] }>;
}>;

const CONNECTIONS = 4;
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 500, 503]);

/** A line as the engine takes it. */
const lineOf = ({ period, source, poolingArea }: Heading, { reference, amount, account }: Credit): string =>
  JSON.stringify({ reference, source, period, poolingArea, ...account, amount });

const answerIn = (text: string): LineAnswer => {
  const { status, result, problem } = JSON.parse(text) as Answered;
  if (result) {
    const { replayed, accountId, eventId, revision, decidedAt } = result;
    return { kind: replayed ? 'replayed' : 'credited', accountId, eventId, revision, decidedAt };
  }
  return { kind: TRY_AGAIN.has(status) ? 'busy' : 'refused', reasons: problem?.reasons ?? [{ code: `status-${status}` }] };
};

export const lineExchange = ({ address, path, heading, operator }: Wiring): LineExchange => {
  const [origin, options] = 'origin' in address ? [address.origin, {}] : ['http://admin.invalid', { socketPath: address.socketPath }];
  const pool = new Pool(origin, { ...options, connections: CONNECTIONS, headersTimeout: 60_000, bodyTimeout: 120_000 });
  return {
    send: async (credits) => {
      const headers = { 'content-type': 'application/x-ndjson', 'x-yika-operator': operator };
      const body = `${credits.map((credit) => lineOf(heading, credit)).join('\n')}\n`;
      const reply = await pool.request({ method: 'POST', path, headers, body });
      const text = await reply.body.text();
      if (reply.statusCode !== 200) throw new Error(`${path} answered ${reply.statusCode}`);
      const answers = text.split('\n').filter((line) => line !== '');
      if (answers.length !== credits.length) throw new Error(`${path} answered ${answers.length} of ${credits.length} lines`);
      return answers.map(answerIn);
    },
    close: () => pool.destroy(),
  };
};

const outOfReach = (fault: unknown): Failure => {
  const why = fault instanceof Error ? fault.message : 'unknown fault';
  return new Failure({
    zh: `引擎没有应答（${why}）。已答的都在结果中；引擎恢复后再给一次命令即续。`,
    en: `The engine does not answer (${why}). What it answered is in the results; give the command again when it is back.`,
  });
};

const UNREACHABLE: Reason = { code: 'unreachable', messageZh: '引擎没有应答', messageEn: 'The engine does not answer.' };
const reasonsOf = ([first]: readonly Credit[], answers: ReadonlyMap<number, LineAnswer>): readonly Reason[] => {
  const answer = first && answers.get(first.line);
  return answer && 'reasons' in answer ? answer.reasons : [];
};

/** True when an engine that was asked for so long took nothing of a piece that it did not refuse. */
export const tookNothing = (answers: readonly LineAnswer[]): boolean =>
  answers.some(({ kind }) => kind === 'busy') && answers.every(({ kind }) => kind === 'busy' || kind === 'refused');

const TRIES_MAX = 7; // Half a minute in all: an engine that is started again has come back by then.
const waitMs = (tries: number): number => Math.min(8_000, 250 * 2 ** tries);

/** `onWait` is told why the same is asked again, each time. */
type Patience = Readonly<{ signal: AbortSignal; onWait?: (reasons: readonly Reason[]) => void }>;

/** The same, asked again for what was busy or cut. What the engine never answers comes back as `busy`. Throws: when it stays out of reach. */
export const sendUntilAnswered = async (
  exchange: LineExchange,
  credits: readonly Credit[],
  { signal, onWait }: Patience,
): Promise<readonly LineAnswer[]> => {
  const answers = new Map<number, LineAnswer>();
  let open = credits;
  for (let tries = 0; ; tries++) {
    let fault: unknown;
    try {
      const found = await exchange.send(open);
      for (const [i, credit] of open.entries()) answers.set(credit.line, found[i] ?? { kind: 'busy', reasons: [] });
      open = open.filter(({ line }) => answers.get(line)?.kind === 'busy');
    } catch (thrown) {
      fault = thrown;
    }
    if (open.length === 0) break;
    if (signal.aborted || tries + 1 >= TRIES_MAX) {
      if (fault !== undefined) throw outOfReach(fault);
      break;
    }
    onWait?.(fault === undefined ? reasonsOf(open, answers) : [UNREACHABLE]);
    await sleep(waitMs(tries), undefined, { signal }).catch(() => undefined);
  }
  return credits.map(({ line }) => answers.get(line) ?? { kind: 'busy', reasons: [] });
};
