import { randomBytes } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, type OpenReadModels, openPostgresReadModels, openReadModels, type ReaderSource } from '#libs/adapters/read-models';
import { loadMasterKey } from '#libs/adapters/vault';
import { type Engine, type EventReader, makeEngine, type Vault } from '#libs/application';
import type { DoorLog } from './door-log';
import type { StoreMetrics } from './health/store-metrics';
import { endInterruptedRestore, guardLog } from './log-guard';
import { openLogPlace } from './log-place';
import type { Environment, Settings } from './settings';
import { demandClock, type EngineClock, openClock } from './simulation/clock';
import { openVaultPlace } from './vault-place';

/** `close`: read models first, then the log and what stands beside it, the vault last; the doors are closed before. */
export type Wired = Readonly<{ engine: Engine; readModels: OpenReadModels; clock: EngineClock; close: () => Promise<void> }>;
type Closable = Readonly<{ close: () => Promise<void> }>;

const COMMAND_DEADLINE_MS = 5_000;
const PAUSE_MS_MAX = 50;

/** Opens every adapter of the embedded deployment and puts the engine together. Throws: when one cannot be opened; then none is left open. */
export const wire = async (settings: Settings, env: Environment, log: DoorLog, metrics?: StoreMetrics): Promise<Wired> => {
  const folder = settings.dataFolder;
  const open: { readModels?: Closable; contents?: Closable; guard?: Closable; store?: Closable; vault?: Closable } = {};
  const close = async () => {
    for (const part of [open.readModels, open.contents, open.guard, open.store, open.vault]) await part?.close();
  };
  try {
    await endInterruptedRestore(folder, log);
    // The log first: whoever has it has the folder, and nobody else makes a master key in it.
    const place = await openLogPlace({ folder, where: settings.store, ...(metrics ? { onCommit: metrics.countCommit } : {}) });
    const opened = place.store;
    open.store = opened;
    const { simulation: wish } = settings;
    await demandClock({ store: opened, wish }); // Before anything is written for the wrong clock.
    const guard = await guardLog({ dataFolder: folder, env, store: opened, log });
    open.guard = guard;
    const store = guard.store(metrics?.watched(opened) ?? opened);
    const clock = await openClock({ store, wish, pause, deadlineMs: COMMAND_DEADLINE_MS });
    if (clock.manual)
      log.warn({ code: 'simulation', startedAt: clock.manual.startedAt }, '模拟：时钟由人拨动 · a simulation: the clock is moved by hand');
    const vault = guard.vault(await openVaultOf(settings, env, log));
    open.vault = vault;
    const contents = guard.contents(await place.openContents());
    open.contents = contents;
    const engine = await makeEngine({
      store,
      contents,
      vault,
      time: { nowMs: clock.nowMs, pause, elapsedMs: () => performance.now() },
      deadlineMs: COMMAND_DEADLINE_MS,
      cacheBytes: settings.cacheMb * 1024 * 1024,
      repeatedAttemptsMax: settings.repeatedAttemptsMax,
      randomBytes,
      freeBytes: () => freeBytesAt(folder),
      sawAccountState: metrics?.countState,
    });
    const readModels = await readModelsOf(settings, { log: opened, reader: place.reader }, log);
    open.readModels = readModels;
    return { engine: guard.engine(engine), readModels, clock, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

const openVaultOf = (settings: Settings, env: Environment, log: DoorLog): Promise<Vault> => {
  const { dataFolder: folder, vault: url } = settings;
  if (url !== undefined) log.info({ vault: addressOf(url) }, 'vault');
  return openVaultPlace({ folder, url, masterKey: () => masterKeyOf(settings, env, log) });
};

/** Without any setting a key is made beside the data, so that two commands are enough to try; a key file that is named must be there. */
const masterKeyOf = (settings: Settings, env: Environment, log: DoorLog): Uint8Array => {
  const { masterKeyFile, dataFolder, vault } = settings;
  const file = masterKeyFile ?? join(dataFolder, 'master.key');
  // A new key would open nothing of a vault that is there already: then the old one has to be found.
  const createIfMissing = masterKeyFile === undefined && vault === undefined && !existsSync(join(dataFolder, 'vault.db'));
  const { key, origin, readableByOthers } = loadMasterKey({ file, env, createIfMissing });
  log.info({ origin }, 'master key');
  if (origin === 'created')
    log.warn(
      { file },
      '主密钥已生成在数据旁；录入真实人员之前，请移到别处保管 · a master key was made beside the data; keep it elsewhere before real persons come in',
    );
  if (readableByOthers)
    log.warn({ file }, '主密钥文件可被其他用户读取，请 chmod 600 · other users can read the master key file: chmod 600 it');
  return key;
};

/** In PostgreSQL a projector keeps them, and this process only asks; without it they are kept here, beside the log. */
const readModelsOf = (
  { dataFolder: folder, readModels: url }: Settings,
  { log, reader }: Readonly<{ log: EventReader; reader: ReaderSource }>,
  doorLog: DoorLog,
) => {
  if (url !== undefined) {
    doorLog.info({ readModels: addressOf(url) }, 'read models');
    return openPostgresReadModels({ url, lastLogIndex: () => log.lastLogIndex() });
  }
  return openReadModels({
    folder,
    reader,
    onNotice: ({ code, projection, detail, messageEn }) => doorLog.warn({ code, projection, detail }, messageEn),
  });
};

const freeBytesAt = (folder: string): number | undefined => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
};

/** Longer with every try, and never the same for two that race. */
const pause = async (attempt: number): Promise<void> => {
  await sleep(Math.random() * Math.min(PAUSE_MS_MAX, 2 ** attempt));
};
