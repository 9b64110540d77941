import { createServer, type Server, type ServerResponse } from 'node:http';
import type { ProjectorStatus } from '#libs/adapters/read-models';
import type { ProjectorFigures } from './figures';

const REQUEST_WITHIN_MS = 10_000;

type Answer = Readonly<{ status: number; type: string; text: string }>;
const json = (status: number, body: object): Answer => ({ status, type: 'application/json; charset=utf-8', text: JSON.stringify(body) });

const notReady = (zh: string, en: string): Answer => json(503, { status: 'notReady', reasons: [{ zh, en }] });

/** Health and figures, and nothing else: who may connect may read them, and there is nothing to write. */
export const makeServer = (asked: Readonly<{ status: () => Promise<ProjectorStatus>; figures: ProjectorFigures }>): Server => {
  const health = async (): Promise<Answer> => {
    try {
      return json(200, await asked.status());
    } catch {
      return notReady('事件日志或读模型数据库无法访问', 'the log or the database of the read models cannot be asked');
    }
  };
  const ready = async (): Promise<Answer> => {
    const answer = await health();
    if (answer.status !== 200) return answer;
    const { leads, projections } = JSON.parse(answer.text) as ProjectorStatus;
    const failed = projections.filter(({ state }) => state === 'failed').map(({ name }) => name);
    if (leads && failed.length > 0) return notReady(`投影已停止：${failed.join(', ')}`, `projections have stopped: ${failed.join(', ')}`);
    return json(200, { status: 'ready', leads });
  };
  const routes: Readonly<Record<string, () => Promise<Answer>>> = {
    '/health': health,
    '/health/live': async () => json(200, { status: 'live' }),
    '/health/ready': ready,
    '/metrics': async () => ({ status: 200, type: asked.figures.registry.contentType, text: await asked.figures.text() }),
  };
  const server = createServer((request, response) => {
    const route = request.method === 'GET' || request.method === 'HEAD' ? routes[request.url?.split('?')[0] ?? ''] : undefined;
    if (route === undefined) send(response, json(404, { status: 'notFound', routes: Object.keys(routes) }));
    else
      void route().then(
        (answer) => send(response, answer),
        () => send(response, notReady('内部故障', 'internal fault')),
      );
  });
  server.requestTimeout = REQUEST_WITHIN_MS;
  return server;
};

const send = (response: ServerResponse, { status, type, text }: Answer): void => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
};
