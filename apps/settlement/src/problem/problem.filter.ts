import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { Unavailable } from '#libs/application';
import { type DoorLog, LOG } from '../door-log';
import { NotOurJson } from '../form/strict-json';
import type { Reply, Request } from '../request';
import { ROUTES, type RouteTable } from '../route-table';
import type { DoorCode } from './door-catalogue';
import { doorProblem, Problem, UNAVAILABLE } from './problem';

const CODE_OF_STATUS: Readonly<Partial<Record<number, DoorCode>>> = {
  400: 'request-malformed',
  413: 'body-too-large',
  414: 'url-malformed',
  415: 'content-type-unsupported',
};

/** Turns whatever was thrown into one problem answer. What is not a Problem and not the client's fault is a bug: logged, and told as 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: DoorLog,
    @Inject(ROUTES) private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const { body, headers } = this.problemOf(thrown, request);
    const reply = http.getResponse<Reply>();
    if (reply.sent) return;
    void reply.status(body.status).headers(headers).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
  }

  private problemOf(thrown: unknown, request: Request): Problem {
    if (thrown instanceof Problem) return thrown;
    const known = knownProblem(thrown);
    if (known?.body.code === 'log-damaged') this.log.error({ requestId: request.id, code: 'log-damaged' }, (thrown as Error).message);
    if (known) return known;
    const status = statusOf(thrown);
    if (status === 404) return this.noRoute(request);
    const code = status === undefined ? undefined : (CODE_OF_STATUS[status] ?? (status < 500 ? 'request-malformed' : undefined));
    if (code) return doorProblem(code);
    this.log.error({ requestId: request.id, route: request.routeOptions.url, fault: faultOf(thrown) }, 'internal fault');
    return doorProblem('internal-fault', {}, { 'retry-after': '5' });
  }

  private noRoute(request: Request): Problem {
    const methods = this.routes.methodsAt(request.url);
    return methods.length === 0 ? doorProblem('route-not-found') : doorProblem('method-not-allowed', {}, { allow: methods.join(', ') });
  }
}

/** What somebody else threw and means something at the door. */
const knownProblem = (thrown: unknown): Problem | undefined => {
  if (thrown instanceof NotOurJson) return doorProblem(thrown.code);
  if (thrown instanceof Unavailable) return doorProblem(UNAVAILABLE[thrown.why]);
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'not-yet-projected') {
    const { minLogIndex, asOfLogIndex } = thrown as Error & Readonly<{ minLogIndex: number; asOfLogIndex: number }>;
    return doorProblem(code, { minLogIndex, asOfLogIndex });
  }
  return code === 'cursor-form' || code === 'log-damaged' ? doorProblem(code) : undefined;
};

const statusOf = (thrown: unknown): number | undefined => {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status: unknown = typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
};

/** Where it happened, not what was said: a message may quote a value of the request. */
const faultOf = (thrown: unknown): object =>
  thrown instanceof Error
    ? {
        name: thrown.name,
        at: (thrown.stack ?? '')
          .split('\n')
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 12),
      }
    : { name: typeof thrown };
