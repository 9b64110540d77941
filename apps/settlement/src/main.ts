import 'reflect-metadata';
import { listenLocally } from './admin-socket';
import { type Door, makeDoor } from './door';
import { type DoorLog, stderrLog } from './door-log';
import { readSettings, type Settings } from './settings';
import { type Wired, wire } from './wiring';

const DRAIN_DEADLINE_MS = 20_000;

type Running = Readonly<{ wired: Wired; door: Door; stopListeningLocally: () => Promise<void> }>;

const run = async (settings: Settings, log: DoorLog): Promise<Running> => {
  const wired = await wire(settings, process.env, log);
  let stopListeningLocally = () => Promise.resolve();
  try {
    const { engine, readModels } = wired;
    const { ratePerSecond, rateBurst } = settings;
    const door = await makeDoor({ engine, readModels, log, ratePerSecond, rateBurst, nowMs: () => performance.now() });
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

const main = async (): Promise<void> => {
  process.umask(0o077); // Log, bills and vault are for the engine's user alone.
  const { settings, faults } = readSettings(process.env);
  const log = stderrLog(settings.logLevel);
  for (const fault of faults) log.error({ code: 'setting' }, fault);
  if (faults.length > 0) process.exit(1);
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
