import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import {
  type AcceptLoss,
  type Doubt,
  isRestoreAbandoned,
  type Judgement,
  judgeLog,
  type Keeper,
  keepCheckpoints,
  Refused,
  resumeRestore,
} from '#libs/adapters/backup';
import { type AppendResult, type ContentStore, type Engine, type EventStore, Unavailable, type Vault } from '#libs/application';
import type { DoorLog } from './door-log';

type Environment = Readonly<Record<string, string | undefined>>;
export type GuardFault = Readonly<{ setting: string; zh: string; en: string }>;
export type GuardSettings = Readonly<{ checkpointFile: string | undefined; acceptLoss: AcceptLoss }>;

const CHECKPOINT = 'YIKA_CHECKPOINT_FILE';
const ACCEPT = 'YIKA_ACCEPT_LOSS';

/** What the guard is told by the environment, and all that is wrong with it. */
export const guardSettings = (env: Environment, dataFolder: string): GuardSettings & Readonly<{ faults: readonly GuardFault[] }> => {
  const faults: GuardFault[] = [];
  const named = env[CHECKPOINT]?.trim() || undefined;
  const checkpointFile = named === undefined ? undefined : resolve(named);
  if (checkpointFile !== undefined && isInside(checkpointFile, resolve(dataFolder)))
    faults.push({
      setting: CHECKPOINT,
      zh: `${CHECKPOINT} 须在数据目录之外：与数据一同丢失的检查点无用`,
      en: `${CHECKPOINT} must lie outside the data folder: a checkpoint that is lost with the data is none`,
    });
  else if (checkpointFile !== undefined && !existsSync(dirname(checkpointFile)))
    faults.push({
      setting: CHECKPOINT,
      zh: `${CHECKPOINT}：没有目录 ${dirname(checkpointFile)}（磁盘未挂载？）`,
      en: `${CHECKPOINT}: there is no folder ${dirname(checkpointFile)} (is its disk mounted?)`,
    });
  const acceptLoss = acceptLossFrom(env[ACCEPT]?.trim() ?? '');
  if (acceptLoss === undefined)
    faults.push({
      setting: ACCEPT,
      zh: `${ACCEPT} 须为日志现有的末位序号（见 /health/ready），空日志为 -1`,
      en: `${ACCEPT} must be the index at which the log now ends (see /health/ready); -1 for an empty log`,
    });
  return { checkpointFile, acceptLoss: acceptLoss ?? 'none', faults };
};

const isInside = (file: string, folder: string): boolean => {
  const way = relative(folder, file);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
};

/**
 * An index, so that a setting that is left behind accepts nothing else later; or `once-<process>` from the program that has just started this one,
 * which ends with it.
 */
const acceptLossFrom = (text: string): AcceptLoss | undefined => {
  if (text === '') return 'none';
  if (/^once-\d+$/.test(text)) return text === `once-${process.ppid}` ? 'any' : 'none';
  return /^(-1|\d{1,15})$/.test(text) ? Number(text) : undefined;
};

/** Ends a restore that was cut short, and says so; before anything in the folder is opened. Throws: Refused when it cannot. */
export const endInterruptedRestore = async (dataFolder: string, log: DoorLog): Promise<void> => {
  const ended = await resumeRestore(dataFolder);
  if (ended !== undefined) {
    const { backup, at, replaced } = ended;
    log.warn({ code: 'restore-finished', backup, at, replaced }, '上次恢复中断，现已续完 · a restore that was cut short has been finished');
  } else if (isRestoreAbandoned(dataFolder)) {
    log.warn(
      { code: 'restore-abandoned' },
      '上次恢复在生效前中断，数据目录保持原样 · a restore was cut short before it took effect: the data folder is as it was',
    );
  }
};

/** Lets the engine write, or not, and keeps the checkpoints. */
export type LogGuard = Readonly<{
  store: (store: EventStore) => EventStore;
  contents: (contents: ContentStore) => ContentStore;
  vault: (vault: Vault) => Vault;
  engine: (engine: Engine) => Engine;
  close: () => Promise<void>;
}>;
type Parts = Readonly<{ dataFolder: string; env: Environment; store: EventStore; log: DoorLog }>;

/** To be asked when the folder is held and before anything else in it is opened. Throws: Refused; on outage. */
export const guardLog = async ({ dataFolder, env, store, log }: Parts): Promise<LogGuard> => {
  const { checkpointFile, acceptLoss, faults } = guardSettings(env, dataFolder);
  if (faults.length > 0) throw new Refused(faults.map(({ zh, en }) => ({ code: 'setting', zh, en })));
  const now = () => new Date().toISOString();
  const { isShared } = store;
  const judged = await judgeLog({ folder: dataFolder, checkpointFile, reader: store, isShared, acceptLoss, now });
  tell(judged, log);
  if (judged.doubts.length > 0) return readOnly(judged.doubts);
  const keeper = await keepCheckpoints({
    folder: dataFolder,
    checkpointFile,
    reader: store,
    checkpoint: judged.checkpoint,
    now,
    onFault: (file, reason) => {
      if (reason === null) log.info({ file }, 'the checkpoint is written again');
      else log.warn({ code: 'checkpoint-not-written', file, reason }, '检查点无法写入 · the checkpoint cannot be written');
    },
  });
  return writing(keeper);
};

const tell = ({ doubts, accepted, checkpoint }: Judgement, log: DoorLog): void => {
  for (const { code, source, logIndex, messageZh, messageEn } of doubts)
    log.error({ code, source, logIndex, lastLogIndex: checkpoint.logIndex }, `${messageZh} · ${messageEn}`);
  for (const { code, source, logIndex } of accepted)
    log.warn(
      { code: 'loss-accepted', doubt: code, source, logIndex, lastLogIndex: checkpoint.logIndex },
      '操作员已接受丢失，并已记录 · an operator has accepted the loss; it is recorded',
    );
};

const writing = (keeper: Keeper): LogGuard => ({
  store: (store) => store,
  contents: (contents) => contents,
  vault: (vault) => vault,
  engine: (engine) => engine,
  close: keeper.close,
});

const readOnly = (doubts: readonly Doubt[]): LogGuard => ({
  store: (store) => refusing(store, /^append$/, () => Promise.resolve({ kind: 'unavailable', cause: 'readOnly' } satisfies AppendResult)),
  contents: (contents) => refusing(contents, /^put/, refuse),
  vault: (vault) => refusing(vault, /^(put|erase|apply)/, refuse), // Reads of personal data go on, and are logged.
  engine: (engine) => ({
    ...engine,
    readiness: async () => {
      const { reasons } = await engine.readiness();
      return { ready: false, reasons: [...doubts.map(({ code, messageZh, messageEn }) => ({ code, messageZh, messageEn })), ...reasons] };
    },
  }),
  close: () => Promise.resolve(),
});

const refuse = (): Promise<never> => Promise.reject(new Unavailable('readOnly', 'the log is in doubt'));

/** The same part, but for the methods of these names: also for those that it will have one day. */
const refusing = <Part extends object>(part: Part, names: RegExp, instead: () => Promise<unknown>): Part =>
  new Proxy(part, {
    get: (target, name) => {
      if (names.test(String(name))) return instead;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
