import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Engine, ReadModels } from '#libs/application';
import { admit } from './auth/admission';
import { RateLimit } from './auth/rate-limit';
import { DoorModule } from './door.module';
import { type DoorLog, nestLog } from './door-log';
import { parseStrictJson } from './form/strict-json';
import { DoorMetrics } from './health/metrics';
import { Streams } from './ndjson/streams';
import { openApiDocument } from './openapi/document';
import { servedAt } from './openapi/served';
import { doorProblem } from './problem/problem';
import { isLocal, markLocal, type Reply, type Request } from './request';
import { RouteTable } from './route-table';

export type DoorOptions = Readonly<{
  engine: Engine;
  readModels: ReadModels;
  log: DoorLog;
  ratePerSecond: number;
  rateBurst: number;
  nowMs: () => number;
}>;
/** `localServer`: feeds the same routes; whoever can connect to it is the operator of this machine. */
export type Door = Readonly<{ app: NestFastifyApplication; localServer: Server; streams: Streams }>;

const BODY_BYTES_MAX = 1024 * 1024;
const STREAMED_BODIES = new Set(['/v1/settlements/batch', '/v1/credits/batch', '/v1/credits/quote']);

/** Builds the HTTP door before it listens anywhere. */
export const makeDoor = async (options: DoorOptions): Promise<Door> => {
  const routes = new RouteTable();
  const adapter = adapterOf();
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its plain options as a class.
  const app = await NestFactory.create<NestFastifyApplication>(DoorModule.of({ ...options, routes }), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLog(options.log),
  });
  readBodiesStrictly(app);
  const metrics = app.get(DoorMetrics);
  const rate = new RateLimit(options.ratePerSecond, options.rateBurst);
  const admission = { engine: options.engine, rate, nowMs: options.nowMs, onRateExceeded: metrics.countRateExceeded };
  fastify.addHook('onRequest', (request, reply) => admit(request, reply, admission));
  observe(app, metrics, options.log);
  const document = openApiDocument(app);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Yika',
    // Who reads over the network tries the examples out; the admin socket writes them down, and that text stays the same.
    patchDocumentOnRequest: (request) => (isLocal((request as Request).raw) ? document : servedAt(document, Date.now())),
  });
  await app.init();
  await fastify.ready();
  const localServer = createServer((raw: IncomingMessage, response: ServerResponse) => {
    markLocal(raw);
    fastify.routing(raw, response);
  });
  return { app, localServer, streams: app.get(Streams) };
};

const adapterOf = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false, // A HEAD on a receipt would count a print, one on a followed log would never end.
    return503OnClosing: false, // The engine's own `closing` says it as a problem.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    clientErrorHandler: (_fault: unknown, socket: Socket) => {
      if (!socket.writable) return;
      const body = JSON.stringify(doorProblem('request-malformed').body);
      const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/problem+json; charset=utf-8', 'connection: close'];
      socket.end(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
    frameworkErrors: (_fault: unknown, _request: unknown, reply: Reply) => {
      const { body } = doorProblem('url-malformed');
      void reply.status(400).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
    },
  });

/** JSON strictly; NDJSON as the raw stream, of any length; everything else is 415. */
const readBodiesStrictly = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, bytes, done) => {
    try {
      if (bytes.length === 0) throw doorProblem('body-missing');
      done(null, parseStrictJson(bytes as Buffer));
    } catch (thrown) {
      done(thrown instanceof Error ? thrown : new Error('not readable'));
    }
  });
  fastify.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    const takes = STREAMED_BODIES.has(request.routeOptions.url ?? '');
    if (takes) done(null, payload);
    else done(doorProblem('content-type-unsupported'));
  });
};

/** Durations and one log line a request, by route pattern: neither address nor body of a request leaves the door. */
const observe = (app: NestFastifyApplication, metrics: DoorMetrics, log: DoorLog): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (_request, reply, done) => {
    metrics.requestBegan();
    reply.raw.once('close', metrics.requestEnded);
    done();
  });
  fastify.addHook('onResponse', (request: Request, reply, done) => {
    const route = request.is404 ? '-' : (request.routeOptions.url ?? '-');
    const status = reply.statusCode;
    metrics.requestAnswered(request.method, route, { status, seconds: reply.elapsedTime / 1000 });
    const line = { requestId: request.id, correlationId: request.correlationId, keyId: request.caller?.principal.keyId };
    log[status >= 500 ? 'warn' : 'debug'](
      { ...line, method: request.method, route, status, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
};
