import 'reflect-metadata';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Engine, ReadModels } from '#libs/application';
import { admit } from './auth/admission';
import { KeyCheck } from './auth/key-check';
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
import { nextRequestId } from './request-id';
import { RouteTable } from './route-table';
import { type EngineClock, SYSTEM_CLOCK } from './simulation/clock';
import { markAnswers } from './simulation/mark';
import { answerAlways, onBrokenHttp } from './wire/broken-http';
import { faultOfHead } from './wire/check-head';
import { closeGently } from './wire/closing';
import { Exchanges } from './wire/exchanges';
import { HeldBytes } from './wire/held-bytes';
import { HEAD_BYTES_MAX, LIMITS_OTHERWISE, type Limits } from './wire/limits';
import { readBody } from './wire/read-body';

export type DoorOptions = Readonly<{
  engine: Engine;
  readModels: ReadModels;
  log: DoorLog;
  ratePerSecond: number;
  rateBurst: number;
  nowMs: () => number;
  /** The system's unless another is named. */
  clock?: EngineClock;
  /** What is not named is as by default. */
  limits?: Partial<Limits>;
  /** Where what is counted below the door is counted, too. */
  metrics?: DoorMetrics;
}>;
/** `localServer`: feeds the same routes; whoever can connect to it is the operator of this machine. */
export type Door = Readonly<{ app: NestFastifyApplication; localServer: Server; streams: Streams; routes: RouteTable }>;
type Wire = Readonly<{ limits: Limits; exchanges: Exchanges; metrics: DoorMetrics; log: DoorLog; onBroken: ClientFault }>;
type ClientFault = (fault: unknown, socket: Socket) => void;

const CHECK_CONNECTIONS_EVERY_MS = 1_000;
/** Pages that ask for no key, for each address: some of them take milliseconds to write. */
const OPEN_PAGES = { perSecond: 50, burst: 500, addressesMax: 10_000 };
const STREAMED_BODIES = new Set([
  '/v1/settlements/batch',
  '/v1/credits/batch',
  '/v1/credits/quote',
  '/v1/card-applications/batch',
  '/v1/cards/enablement/batch',
  '/v1/cards/disposal/batch',
]);
/** The address says all: an empty body is as good as none, whatever the content type. */
const WITHOUT_BODY = new Set(['/v1/relation-transfers-in/:transferInId/crediting']);

/** Builds the HTTP door before it listens anywhere. */
export const makeDoor = async (options: DoorOptions): Promise<Door> => {
  const { engine, log, nowMs, ratePerSecond, rateBurst, metrics = new DoorMetrics(), clock = SYSTEM_CLOCK } = options;
  const limits: Limits = { ...LIMITS_OTHERWISE, ratePerSecond, rateBurst, ...options.limits };
  const exchanges = new Exchanges(limits, nowMs, metrics.countCut);
  const onBroken = onBrokenHttp(() => exchanges, metrics.countBroken);
  const wire = { limits, exchanges, metrics, log, onBroken };
  const routes = new RouteTable();
  const adapter = adapterOf(wire);
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its plain options as a class.
  const app = await NestFactory.create<NestFastifyApplication>(DoorModule.of({ ...options, routes, limits, metrics, clock }), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLog(log),
  });
  if (clock.manual) markAnswers(fastify, clock.manual);
  guardServer(app.getHttpServer(), wire);
  observe(app, wire);
  readBodiesStrictly(app, wire);
  const admission = {
    engine,
    nowMs,
    keyCheck: new KeyCheck(engine.keys, limits.unknownKeysPerSecond, metrics.countTurnedAway),
    rate: new RateLimit(limits.ratePerSecond, limits.rateBurst),
    openRate: new RateLimit(OPEN_PAGES.perSecond, OPEN_PAGES.burst, OPEN_PAGES.addressesMax),
    onTurnedAway: metrics.countTurnedAway,
  };
  fastify.addHook('onRequest', (request, reply) => admit(request, reply, admission));
  fastify.addHook('onClose', (_instance, done) => {
    exchanges.close();
    done();
  });
  const document = openApiDocument(app);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Yika',
    // Who reads over the network tries the examples out; the admin socket writes them down, and that text stays the same.
    patchDocumentOnRequest: (request) => (isLocal((request as Request).raw) ? document : servedAt(document, Date.now())),
  });
  await app.init();
  await fastify.ready();
  const localServer = createServer(serverOptions(limits), (raw: IncomingMessage, response: ServerResponse) => {
    markLocal(raw);
    fastify.routing(raw, response);
  });
  localServer.on('clientError', onBroken);
  exchanges.watch(localServer);
  closeGently(localServer, exchanges);
  answerAlways(localServer, exchanges);
  return { app, localServer, streams: app.get(Streams), routes };
};

/** The head must come in time; for the body the door keeps watch itself, because a batch may take hours. */
const serverOptions = ({ headSeconds, idleSeconds }: Limits): ServerOptions => ({
  headersTimeout: headSeconds * 1_000,
  requestTimeout: 0,
  keepAliveTimeout: idleSeconds * 1_000,
  connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS,
  maxHeaderSize: HEAD_BYTES_MAX,
  requireHostHeader: false, // Node's own answer has no body; `faultOfHead` says what is missing.
});

const adapterOf = ({ limits, onBroken }: Wire): FastifyAdapter =>
  new FastifyAdapter({
    http: serverOptions(limits),
    keepAliveTimeout: limits.idleSeconds * 1_000,
    bodyLimit: limits.bodyBytesMax,
    genReqId: nextRequestId,
    exposeHeadRoutes: false, // A HEAD on a receipt would count a print, one on a followed log would never end.
    return503OnClosing: false, // The engine's own `closing` says it as a problem.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    clientErrorHandler: onBroken,
    frameworkErrors: (_fault: unknown, _request: unknown, reply: Reply) => {
      const { body } = doorProblem('url-malformed');
      void reply.status(400).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
    },
  });

/** So many connections and no more; who finds no room makes the idle ones go, so that the next try has some. */
const guardServer = (server: Server, { limits, metrics, log, exchanges }: Wire): void => {
  server.maxConnections = limits.connectionsMax;
  let toldMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    metrics.countConnectionRefused();
    server.closeIdleConnections();
    if (performance.now() - toldMs < 60_000) return;
    toldMs = performance.now();
    log.warn({ code: 'connections-max', connectionsMax: limits.connectionsMax }, 'no room for another connection; idle ones are closed');
  });
  metrics.watchConnections(() => new Promise((counted) => server.getConnections((_fault, connections) => counted(connections))));
  exchanges.watch(server);
  closeGently(server, exchanges);
  answerAlways(server, exchanges);
};

/** JSON strictly; NDJSON as the raw stream, of any length; everything else is 415. */
const readBodiesStrictly = (app: NestFastifyApplication, { limits, exchanges }: Wire): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  const held = new HeldBytes(limits.heldBytesPerKey);
  fastify.addContentTypeParser('application/json', (request: Request, payload, done) => {
    const bounds = { bytesMax: limits.bodyBytesMax, held, sender: request.caller?.principal.keyId ?? '' };
    readBody(payload, bounds, exchanges, (fault, bytes) => {
      if (fault || !bytes) done(fault ?? doorProblem('body-missing'));
      else if (bytes.length === 0 && WITHOUT_BODY.has(request.routeOptions.url ?? '')) done(null);
      else parsed(bytes, done);
    });
  });
  fastify.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (!STREAMED_BODIES.has(request.routeOptions.url ?? '')) {
      done(doorProblem('content-type-unsupported'));
      return;
    }
    exchanges.streams(request.raw);
    done(null, payload);
  });
};

const parsed = (bytes: Buffer, done: (fault: Error | null, body?: unknown) => void): void => {
  let body: unknown;
  try {
    if (bytes.length === 0) throw doorProblem('body-missing');
    body = parseStrictJson(bytes);
  } catch (thrown) {
    done(thrown instanceof Error ? thrown : new Error('not readable'));
    return;
  }
  done(null, body);
};

/** Durations and one log line a request, by route pattern: neither address nor body of a request leaves the door. */
const observe = (app: NestFastifyApplication, { metrics, log, exchanges }: Wire): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    metrics.requestBegan();
    reply.raw.once('close', metrics.requestEnded);
    done(exchanges.isCrowded(request.raw) ? doorProblem('pipelined-too-many', {}, { connection: 'close' }) : faultOfHead(request.raw));
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
