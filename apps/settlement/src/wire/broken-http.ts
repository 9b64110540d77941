import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { DoorCode } from '../problem/door-catalogue';
import { doorProblem, type Problem } from '../problem/problem';
import { type Exchanges, endBody } from './exchanges';
import { endAndLinger, isLingering } from './linger';

/** Faults that Node finds before there is a request; every other one is a form that is no HTTP. */
const CODE_OF_FAULT: Readonly<Partial<Record<string, DoorCode>>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'head-too-slow',
  HPE_HEADER_OVERFLOW: 'head-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  HPE_INVALID_EOF_STATE: 'request-cut-short',
};
const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

const codeOf = (fault: unknown): string => (fault instanceof Error && 'code' in fault ? String(fault.code) : '');

/** The whole answer as it goes over the wire, where there is no reply to send it with. */
const rawAnswer = ({ body, headers }: Problem): string => {
  const text = JSON.stringify(body);
  const all = { ...headers, 'content-type': PROBLEM_JSON, connection: 'close', 'content-length': String(Buffer.byteLength(text)) };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}\r\n${head.join('')}\r\n${text}`;
};

/**
 * What is no HTTP is answered with its fault and the connection is closed. Where an earlier request of the same connection is still being
 * decided, its answer goes out first and nothing of ours: a 400 for what came behind it would be read as the answer to a swipe.
 */
export const onBrokenHttp = (exchanges: () => Exchanges, onFault: (code: DoorCode) => void) => (fault: unknown, socket: Socket) => {
  if (isLingering(socket)) return;
  if (!socket.writable || codeOf(fault) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = CODE_OF_FAULT[codeOf(fault)] ?? 'request-malformed';
  const underWay = exchanges().on(socket);
  const cut = underWay.find(({ request }) => !request.complete);
  if (cut) {
    onFault(code);
    endBody(cut, doorProblem(code));
    return;
  }
  const last = underWay.filter(({ answered }) => !answered).at(-1);
  if (last) {
    socket.pause();
    last.response.once('close', () => endAndLinger(socket));
    return;
  }
  onFault(code);
  endAndLinger(socket, rawAnswer(doorProblem(code)));
};

/** What Node would answer by itself, with an empty body or by hanging up. */
export const answerAlways = (server: Server, exchanges: Exchanges): void => {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    exchanges.began(request, response);
    const { body } = doorProblem('expectation-unknown');
    response.writeHead(body.status, { 'content-type': PROBLEM_JSON, connection: 'close' }).end(JSON.stringify(body));
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    endAndLinger(socket, rawAnswer(doorProblem('method-not-allowed', {}, { allow: 'GET, POST' })));
  });
};
