import 'reflect-metadata';
import { listenLocally } from './admin-socket';
import { type Door, makeDoor } from './door';
import { type DoorLog, stderrLog } from './door-log';
import { DoorMetrics } from './health/metrics';
import { StoreMetrics } from './health/store-metrics';
import { readSettings, type Settings } from './settings';
import { settingsHelp, settingsTable } from './settings-table';
import { connectionsWithin } from './wire/open-files';
import { type Wired, wire } from './wiring';

const DRAIN_DEADLINE_MS = 20_000;
const EXIT_SETTINGS = 1;
const EXIT_USAGE = 2;

const HELP = `node dist/apps/settlement/src/main.js [--check | --settings] [--help]

医保个人账户结算引擎，由环境变量配置 · The settlement engine; it is configured by environment variables.

  --check      只检查配置，一行一个问题，有误则退出码 1；不存在的 YIKA_ 名称只作提醒
               only check the settings: one fault a line as JSON, exit code 1 when there is one; a name with YIKA_
               that is no setting is told, and is no fault
  --settings   以 Markdown 表格列出全部配置项 · all settings as a table in Markdown
  --help       显示本帮助 · show this

${settingsHelp()}

  平时请用 npm start · For everyday use: npm start -- --help
`;

type Running = Readonly<{ wired: Wired; door: Door; stopListeningLocally: () => Promise<void> }>;

const run = async (settings: Settings, log: DoorLog): Promise<Running> => {
  const metrics = new DoorMetrics();
  metrics.watchProcess();
  const wired = await wire(settings, process.env, log, new StoreMetrics(metrics.registry, settings.dataFolder));
  let stopListeningLocally = () => Promise.resolve();
  try {
    const door = await makeDoor({
      ...wired,
      log,
      metrics,
      ratePerSecond: settings.ratePerSecond,
      rateBurst: settings.rateBurst,
      limits: { ...settings, bodyBytesMax: settings.bodyKib * 1_024, connectionsMax: connectionsOf(settings, log) },
      nowMs: () => performance.now(),
    });
    stopListeningLocally = await listenLocally(door.localServer, settings.dataFolder);
    if (settings.listen === 'tcp') await door.app.listen({ host: settings.host, port: settings.port });
    log.info({ address: door.app.getHttpServer().address(), dataFolder: settings.dataFolder }, 'open');
    return { wired, door, stopListeningLocally };
  } catch (thrown) {
    await stopListeningLocally();
    await wired.close();
    throw thrown;
  }
};

const connectionsOf = ({ connectionsMax }: Settings, log: DoorLog): number => {
  const within = connectionsWithin(connectionsMax);
  if (within < connectionsMax) {
    log.warn(
      { code: 'open-files', connectionsMax, within },
      'the system allows fewer open files (ulimit -n): the door takes fewer connections',
    );
  }
  return within;
};

/** Takes nothing new, answers what is under way, then lets go of everything in order. */
const stop = async ({ wired, door, stopListeningLocally }: Running, log: DoorLog): Promise<void> => {
  log.info('closing');
  const { app, localServer, streams } = door;
  const late = setTimeout(() => {
    log.warn('some requests did not end in time; their connections are cut');
    app.getHttpServer().closeAllConnections();
    localServer.closeAllConnections();
  }, DRAIN_DEADLINE_MS);
  streams.closeAll();
  await wired.engine.drain();
  await Promise.all([app.close(), stopListeningLocally()]);
  clearTimeout(late);
  await wired.close();
  log.info('closed');
};

/** Why the engine does not start, without a stack for what an operator can mend. */
const sayWhy = (log: DoorLog, thrown: unknown): void => {
  const fault = thrown instanceof Error ? thrown : new Error('not an error');
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.name;
  log.error(code === 'Error' || fault instanceof TypeError ? { code, stack: fault.stack } : { code }, fault.message);
};

/** A name that is mistyped does nothing, and what it was meant to do is left undone: so it is said. */
const unknownWords = (setting: string): Readonly<{ zh: string; en: string }> => ({
  zh: `没有此配置项，未起作用：${setting}`,
  en: `there is no setting ${setting}: it does nothing`,
});

/** The settings, or the end of the process with all that is wrong with them. */
const demandSettings = (): Readonly<{ settings: Settings; log: DoorLog }> => {
  const { settings, faults, unknown } = readSettings(process.env);
  const log = stderrLog(settings.logLevel);
  for (const { setting, zh, en } of faults) log.error({ code: 'setting', setting }, `${zh} · ${en}`);
  if (faults.length > 0) process.exit(EXIT_SETTINGS);
  for (const setting of unknown)
    log.warn({ code: 'setting-unknown', setting }, `${unknownWords(setting).zh} · ${unknownWords(setting).en}`);
  return { settings, log };
};

/** What is asked on the command line and answered without an engine; its exit code. */
const answered = (words: readonly string[]): number | undefined => {
  if (words.length === 0) return undefined;
  if (words.length > 1 || !['--help', '-h', '--check', '--settings'].includes(words[0] ?? '')) {
    process.stderr.write(HELP);
    return EXIT_USAGE;
  }
  if (words[0] === '--check') {
    const { faults, unknown } = readSettings(process.env);
    for (const fault of faults) process.stdout.write(`${JSON.stringify(fault)}\n`);
    for (const setting of unknown) process.stdout.write(`${JSON.stringify({ setting, unknown: true, ...unknownWords(setting) })}\n`);
    return faults.length > 0 ? EXIT_SETTINGS : 0;
  }
  process.stdout.write(words[0] === '--settings' ? `${settingsTable()}\n` : HELP);
  return 0;
};

/** An engine that a command has started ends with it, also when the command was killed: nobody else knows of it, and it holds the folder. */
const whenStarterHasGone = (stopped: () => void): void => {
  if (process.send === undefined) return; // Started by a person or a service.
  process.once('disconnect', stopped);
  process.channel?.unref();
  if (!process.connected) stopped();
};

const main = async (): Promise<void> => {
  const code = answered(process.argv.slice(2));
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  process.umask(0o077); // Log, bills and vault are for the engine's user alone.
  const { settings, log } = demandSettings();
  // After a fault that nobody caught, memory is not to be trusted, the log is: go, and be started again.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      log.error({ code: event, at: thrown instanceof Error ? thrown.stack?.split('\n').slice(1, 12) : null }, 'a fault that nobody caught');
      process.exit(1);
    });
  }
  const asking = { asked: false };
  let stopRunning: (() => Promise<void>) | undefined;
  const onSignal = () => {
    if (asking.asked) process.exit(1);
    asking.asked = true;
    void stopRunning?.();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  whenStarterHasGone(() => {
    if (!asking.asked) onSignal();
  });
  try {
    const running = await run(settings, log);
    stopRunning = () => stop(running, log).then(() => process.exit(0));
    if (asking.asked) await stopRunning(); // While it was starting.
  } catch (thrown) {
    sayWhy(log, thrown);
    process.exit(1);
  }
};

void main();
