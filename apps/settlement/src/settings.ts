import { existsSync, readFileSync } from 'node:fs';
import { addressFault } from '#libs/adapters/read-models';
import { parseMasterKey } from '#libs/adapters/vault';
import type { SimulationWish } from '#libs/application';
import { isBusinessDate, isInstant } from '#libs/kernel';
import { guardSettings } from './log-guard';
import { IN_THE_FOLDER, placeFault } from './log-place';
import { SETTINGS, type Setting } from './settings-table';

/** What the engine is started with. */
export type Settings = Readonly<{
  host: string;
  port: number;
  listen: 'tcp' | 'none';
  dataFolder: string;
  cacheMb: number;
  masterKey: string | undefined;
  masterKeyFile: string | undefined;
  ratePerSecond: number;
  rateBurst: number;
  unknownKeysPerSecond: number;
  repeatedAttemptsMax: number;
  connectionsMax: number;
  streamsPerKey: number;
  headSeconds: number;
  bodySeconds: number;
  stallSeconds: number;
  idleSeconds: number;
  bodyKib: number;
  store: string;
  readModels: string | undefined;
  vault: string | undefined;
  simulation: SimulationWish;
  logLevel: string;
}>;
export type Environment = Readonly<Record<string, string | undefined>>;
/** What is wrong with one setting. The value is told, except of a key. */
export type SettingFault = Readonly<{ setting: string; zh: string; en: string }>;
export type ReadSettings = Readonly<{
  settings: Settings;
  faults: readonly SettingFault[];
  /** Names that look like settings and are none: most likely mistyped. */
  unknown: readonly string[];
}>;

// Read by others who hand their environment down to the engine: `npm start`, specs, benchmarks.
const OF_OTHERS = /^YIKA_((SAMPLE|TEST|BENCH|FUZZ)_.*|SEED|RUNS|ACTS|CUTS|ROUNDS)$/;

/** Reads the environment; every fault of it in one go. */
export const readSettings = (env: Environment): ReadSettings => {
  const faults: SettingFault[] = [];
  const given = ({ name, otherwise }: Setting): string => env[name]?.trim() || (otherwise ?? '');
  const whole = (setting: Setting): number => {
    const text = given(setting);
    const [min, max] = setting.range ?? [0, Number.MAX_SAFE_INTEGER];
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    faults.push({
      setting: setting.name,
      zh: `${setting.name} 须为 ${min} 至 ${max} 的整数，不是“${text}”`,
      en: `${setting.name} must be a whole number from ${min} to ${max}, not "${text}"`,
    });
    return Number(setting.otherwise);
  };
  const choice = (setting: Setting): string => {
    const text = given(setting);
    if ((setting.choices ?? []).includes(text)) return text;
    const choices = (setting.choices ?? []).join(', ');
    faults.push({
      setting: setting.name,
      zh: `${setting.name} 须为 ${choices} 之一，不是“${text}”`,
      en: `${setting.name} must be one of ${choices}, not "${text}"`,
    });
    return setting.otherwise ?? '';
  };
  const settings: Settings = {
    host: given(SETTINGS.host),
    port: whole(SETTINGS.port),
    listen: choice(SETTINGS.listen) === 'none' ? 'none' : 'tcp',
    dataFolder: given(SETTINGS.dataFolder),
    cacheMb: whole(SETTINGS.cacheMb),
    masterKey: given(SETTINGS.masterKey) || undefined,
    masterKeyFile: given(SETTINGS.masterKeyFile) || undefined,
    ratePerSecond: whole(SETTINGS.ratePerSecond),
    rateBurst: whole(SETTINGS.rateBurst),
    unknownKeysPerSecond: whole(SETTINGS.unknownKeysPerSecond),
    repeatedAttemptsMax: whole(SETTINGS.repeatedAttemptsMax),
    connectionsMax: whole(SETTINGS.connectionsMax),
    streamsPerKey: whole(SETTINGS.streamsPerKey),
    headSeconds: whole(SETTINGS.headSeconds),
    bodySeconds: whole(SETTINGS.bodySeconds),
    stallSeconds: whole(SETTINGS.stallSeconds),
    idleSeconds: whole(SETTINGS.idleSeconds),
    bodyKib: whole(SETTINGS.bodyKib),
    store: given(SETTINGS.store),
    readModels: given(SETTINGS.readModels) || undefined,
    vault: given(SETTINGS.vault) || undefined,
    simulation: simulationFrom(given(SETTINGS.simulation), faults),
    logLevel: choice(SETTINGS.logLevel),
  };
  const names = new Set(Object.values<Setting>(SETTINGS).map(({ name }) => name));
  const unknown = Object.keys(env).filter((name) => name.startsWith('YIKA_') && !names.has(name) && !OF_OTHERS.test(name));
  return {
    settings,
    faults: [
      ...faults,
      ...faultsOfKey(settings),
      ...faultsOfStore(settings),
      ...faultsOfReadModels(settings),
      ...faultsOfVault(settings),
      ...guardSettings(env, settings.dataFolder).faults,
    ],
    unknown,
  };
};

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

const simulationFrom = (text: string, faults: SettingFault[]): SimulationWish => {
  if (text === '') return null;
  if (text === 'continue') return 'continue';
  const ms = WITH_ZONE.test(text) && isBusinessDate(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  const startsAt = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  if (isInstant(startsAt)) return { startsAt };
  const setting = SETTINGS.simulation.name;
  faults.push({
    setting,
    zh: `${setting} 须为带时区的时刻（如 2017-03-31T08:00:00+08:00）或 continue，不是“${text}”`,
    en: `${setting} must be an instant with its zone (such as 2017-03-31T08:00:00+08:00) or continue, not "${text}"`,
  });
  return null;
};

const faultsOfStore = ({ store }: Settings): readonly SettingFault[] => {
  const fault = placeFault(store);
  const setting = SETTINGS.store.name;
  return fault === undefined ? [] : [{ setting, zh: `${setting} ${fault[0]}`, en: `${setting} ${fault[1]}` }];
};

/** The address itself is never told: it may hold a password. */
const faultsOfReadModels = ({ readModels }: Settings): readonly SettingFault[] => {
  const fault = readModels === undefined ? undefined : addressFault(readModels);
  const setting = SETTINGS.readModels.name;
  return fault === undefined ? [] : [{ setting, zh: `${setting} ${fault[0]}`, en: `${setting} ${fault[1]}` }];
};

/** What several engines share belongs to a log that they share; and a key that each would make for itself opens nothing of the others'. */
const faultsOfVault = ({ vault, store, masterKey, masterKeyFile }: Settings): readonly SettingFault[] => {
  if (vault === undefined) return [];
  const setting = SETTINGS.vault.name;
  const told = ([zh, en]: readonly [string, string]): SettingFault => ({ setting, zh: `${setting} ${zh}`, en: `${setting} ${en}` });
  const fault = addressFault(vault);
  const withoutKey = masterKey === undefined && masterKeyFile === undefined;
  return [
    ...(fault === undefined ? [] : [told(fault)]),
    ...(withoutKey
      ? [
          told([
            '须另给主密钥：请设 YIKA_MASTER_KEY 或 YIKA_MASTER_KEY_FILE',
            'needs a master key from outside: set YIKA_MASTER_KEY or YIKA_MASTER_KEY_FILE',
          ]),
        ]
      : []),
    ...(store === IN_THE_FOLDER
      ? [
          told([
            '只与共用的日志同用：请设 YIKA_STORE=esdb://…；日志在数据目录中时，保险库也在其中',
            'goes with a log that is shared: set YIKA_STORE=esdb://…; where the log is in the data folder, so is the vault',
          ]),
        ]
      : []),
  ];
};

/** The key itself is never told: what is told may end up in a log. */
const faultsOfKey = ({ masterKey, masterKeyFile }: Settings): readonly SettingFault[] => {
  if (masterKey !== undefined && masterKeyFile !== undefined) {
    return [
      {
        setting: 'YIKA_MASTER_KEY',
        zh: 'YIKA_MASTER_KEY 与 YIKA_MASTER_KEY_FILE 只能设其一',
        en: 'YIKA_MASTER_KEY and YIKA_MASTER_KEY_FILE exclude each other',
      },
    ];
  }
  if (masterKey !== undefined) return isMasterKey(masterKey) ? [] : [keyFault('YIKA_MASTER_KEY', ['', ''])];
  if (masterKeyFile === undefined) return [];
  const setting = 'YIKA_MASTER_KEY_FILE';
  if (!existsSync(masterKeyFile)) {
    return [{ setting, zh: `${setting}：没有文件 ${masterKeyFile}`, en: `${setting}: there is no file ${masterKeyFile}` }];
  }
  try {
    return isMasterKey(readFileSync(masterKeyFile, 'utf8'))
      ? []
      : [keyFault(setting, [`文件 ${masterKeyFile} `, `the file ${masterKeyFile} `])];
  } catch {
    return [{ setting, zh: `${setting}：读不到文件 ${masterKeyFile}`, en: `${setting}: cannot read ${masterKeyFile}` }];
  }
};

const keyFault = (setting: string, [zh, en]: readonly [string, string]): SettingFault => ({
  setting,
  zh: `${setting}：${zh}须为 32 字节，64 位十六进制或 base64`,
  en: `${setting}: ${en}must be 32 bytes, as 64 hex digits or base64`,
});

const isMasterKey = (text: string): boolean => {
  try {
    parseMasterKey(text);
    return true;
  } catch {
    return false;
  }
};
