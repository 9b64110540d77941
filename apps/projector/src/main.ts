import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Logger, pino } from 'pino';
import { addressOf, LeasedProjector } from '#libs/adapters/read-models';
import { ProjectorFigures } from './figures';
import { type OpenReader, openLog } from './log-reader';
import { makeServer } from './server';
import { readSettings, type Settings, settingsHelp, settingsTable } from './settings';

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

const HELP = `node dist/apps/projector/src/main.js [--check | --settings] [--help]

投影进程：把事件日志投影到 PostgreSQL；可开数个，一个写入，其余备用。由环境变量配置。
The projector keeps the read models in PostgreSQL; of several one writes, the others stand by. It is configured by environment variables.

  --check      只检查配置，一行一个问题，有误则退出码 1 · only check the settings: one fault a line as JSON, exit code 1 when there is one
  --settings   以 Markdown 表格列出全部配置项 · all settings as a table in Markdown
  --help       显示本帮助 · show this

${settingsHelp()}
`;

type Running = Readonly<{ projector: LeasedProjector; reader: OpenReader; server: Server }>;

const run = async (settings: Settings, log: Logger): Promise<Running> => {
  const reader = await openLog(settings.store);
  let projector: LeasedProjector | undefined;
  try {
    projector = await LeasedProjector.start({
      url: settings.readModels,
      reader,
      leaseMs: settings.leaseSeconds * 1_000,
      onNotice: ({ code, projection, detail, messageZh, messageEn }) =>
        log.warn({ code, projection, detail }, `${messageZh} · ${messageEn}`),
    });
    const status = projector.status.bind(projector);
    const figures = new ProjectorFigures({ status, reader, nowMs: () => Date.now() });
    figures.watchProcess();
    const server = makeServer({ status, figures });
    server.listen(settings.port, settings.host);
    await once(server, 'listening');
    log.info({ address: server.address(), readModels: addressOf(settings.readModels) }, 'open');
    return { projector, reader, server };
  } catch (thrown) {
    await projector?.close();
    await reader.close();
    throw thrown;
  }
};

/** The commit that is under way ends; then another may begin at once. */
const stop = async ({ projector, reader, server }: Running, log: Logger): Promise<void> => {
  log.info('closing');
  await projector.close();
  await reader.close();
  server.closeAllConnections();
  server.close();
  log.info('closed');
};

const sayWhy = (log: Logger, thrown: unknown): void => {
  const fault = thrown instanceof Error ? thrown : new Error('not an error');
  log.error({ code: 'code' in fault ? fault.code : fault.name }, fault.message);
};

/** What is asked on the command line and answered without a projector; its exit code. */
const answered = (words: readonly string[]): number | undefined => {
  if (words.length === 0) return undefined;
  if (words.length > 1 || !['--help', '-h', '--check', '--settings'].includes(words[0] ?? '')) {
    process.stderr.write(HELP);
    return EXIT_USAGE;
  }
  if (words[0] === '--check') {
    const { faults } = readSettings(process.env);
    for (const fault of faults) process.stdout.write(`${JSON.stringify(fault)}\n`);
    return faults.length > 0 ? EXIT_FAULT : 0;
  }
  process.stdout.write(words[0] === '--settings' ? `${settingsTable()}\n` : HELP);
  return 0;
};

const main = async (): Promise<void> => {
  const code = answered(process.argv.slice(2));
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const { settings, faults } = readSettings(process.env);
  const log = pino({ level: settings.logLevel, base: { app: 'projector' } }, pino.destination({ fd: 2, sync: true }));
  for (const { setting, zh, en } of faults) log.error({ code: 'setting', setting }, `${zh} · ${en}`);
  if (faults.length > 0) process.exit(EXIT_FAULT);
  const asked = { signals: 0 };
  let running: Running | undefined;
  const onSignal = () => {
    asked.signals += 1;
    if (asked.signals > 1) process.exit(EXIT_FAULT);
    if (running !== undefined) void stop(running, log).then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    running = await run(settings, log);
    if (asked.signals > 0) await stop(running, log).then(() => process.exit(0)); // While it was starting.
    const fault = await running.projector.ended;
    sayWhy(log, fault);
    await stop(running, log);
    process.exit(EXIT_FAULT);
  } catch (thrown) {
    sayWhy(log, thrown);
    process.exit(EXIT_FAULT);
  }
};

void main();
