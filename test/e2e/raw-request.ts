import { connect, type NetConnectOpts, type Socket } from 'node:net';

type Ended = 'closed' | 'reset' | 'waiting';
/** `more`: what came behind the whole answer. */
export type RawAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  more: string;
  ended: Ended;
  seconds: number;
}>;
/** No whole answer came. */
export type NoAnswer = Readonly<{ status: 0; ended: Ended; seconds: number }>;
export type Outcome = RawAnswer | NoAnswer;

const DEADLINE_MS = 15_000;

/** Where to connect to: an origin, or the path of the admin socket. */
export const targetOf = (address: string): NetConnectOpts =>
  address.startsWith('http') ? { host: new URL(address).hostname, port: Number(new URL(address).port) } : { path: address };

/**
 * Sends bytes as they are, piece by piece, and reads until the other side ends. `halfClose`: says that nothing more comes.
 * `deadlineMs`: after so long without an end it is told how far it came.
 */
export const sendRaw = (
  target: NetConnectOpts,
  pieces: readonly (string | Uint8Array)[],
  { halfClose = false, deadlineMs = DEADLINE_MS }: Readonly<{ halfClose?: boolean; deadlineMs?: number }> = {},
): Promise<Outcome> =>
  new Promise((resolve) => {
    const beganMs = performance.now();
    const chunks: Buffer[] = [];
    const socket: Socket = connect({ ...target, allowHalfOpen: true });
    const end = (ended: Ended) => {
      clearTimeout(deadline);
      socket.destroy();
      const seconds = (performance.now() - beganMs) / 1_000;
      const answer = answerIn(Buffer.concat(chunks));
      resolve(answer ? { ...answer, ended, seconds } : { status: 0, ended, seconds });
    };
    const deadline = setTimeout(() => end('waiting'), deadlineMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => end('closed'));
    socket.on('close', () => end('closed'));
    socket.on('error', () => end('reset'));
    socket.on('connect', () => {
      for (const piece of pieces) if (piece.length > 0) socket.write(piece);
      if (halfClose) socket.end();
    });
  });

const answerIn = (bytes: Buffer): Omit<RawAnswer, 'seconds' | 'ended'> | undefined => {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0);
  if (status === 100) return answerIn(bytes.subarray(headEnd + 4));
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = bytes.subarray(headEnd + 4);
  const length = headers['content-length'] === undefined ? rest.length : Number(headers['content-length']);
  const body = headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : rest.subarray(0, length);
  return { status, headers, text: body.toString('utf8'), more: rest.subarray(length).toString('latin1') };
};

const unchunked = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
};

type Problem = Readonly<{
  status?: unknown;
  code?: unknown;
  type?: unknown;
  reasons?: unknown;
  primaryReason?: Readonly<Record<string, unknown>>;
}>;

/** All that is wrong with an answer as an answer to a hostile request; none when it is as it must be. */
export const wrongWith = (outcome: Outcome): readonly string[] => {
  if (!('text' in outcome)) return [`no answer: ${outcome.ended} after ${outcome.seconds.toFixed(1)} s`];
  const { status, headers, text } = outcome;
  if (status < 200 || status >= 500) return [`${status}: ${text.slice(0, 300)}`];
  const told = /node_modules|\.ts:\d|\.js:\d|\n\s+at /.test(text) && status >= 400 ? ['it tells of its insides'] : [];
  return status < 400 ? told : [...told, ...wrongWithProblem(status, headers['content-type'] ?? '', text)];
};

const wrongWithProblem = (status: number, type: string, text: string): readonly string[] => {
  if (!type.startsWith('application/problem+json')) return [`${status} as ${type}`];
  let body: Problem;
  try {
    body = JSON.parse(text) as Problem;
  } catch {
    return [`${status} with half a problem: ${text.slice(0, 200)}`];
  }
  const { primaryReason = {}, reasons } = body;
  const isSaid = (name: string) => typeof primaryReason[name] === 'string' && primaryReason[name] !== '';
  const unsaid = ['code', 'messageZh', 'messageEn', 'remedyZh', 'remedyEn'].filter((name) => !isSaid(name));
  return [
    ...unsaid.map((name) => `${status} without ${name}`),
    ...(body.status === status ? [] : [`${status} says it is ${String(body.status)}`]),
    ...(Array.isArray(reasons) && reasons.length > 0 ? [] : [`${status} without reasons`]),
    ...(typeof body.code === 'string' ? [] : [`${status} without a code`]),
  ];
};

export const codeOf = (outcome: Outcome): string => {
  try {
    return 'text' in outcome ? String((JSON.parse(outcome.text) as { code?: unknown }).code) : outcome.ended;
  } catch {
    return 'none';
  }
};
