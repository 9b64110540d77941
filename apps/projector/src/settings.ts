import { addressFault } from '#libs/adapters/read-models';

export type Environment = Readonly<Record<string, string | undefined>>;
/** What the projector is started with. */
export type Settings = Readonly<{
  host: string;
  port: number;
  /** The data folder of an engine on this machine, or `esdb://…` (also `esdb+discover://…`). */
  store: string;
  readModels: string;
  leaseSeconds: number;
  logLevel: string;
}>;
/** What is wrong with one setting. The value is told, except of an address, which may hold a password. */
export type SettingFault = Readonly<{ setting: string; zh: string; en: string }>;

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];
const PORT_MAX = 65_535;
const LEASE_SECONDS_MAX = 60;

type Row = Readonly<{ name: string; otherwise: string | null; allowed: string; zh: string; en: string }>;
const SETTINGS: readonly Row[] = [
  {
    name: 'YIKA_READ_MODELS',
    otherwise: null,
    allowed: 'postgres://…',
    zh: '读模型数据库（必填）；口令可放 PGPASSWORD 或 PGPASSFILE',
    en: 'database of the read models (required); the password may stand in PGPASSWORD or PGPASSFILE',
  },
  {
    name: 'YIKA_STORE',
    otherwise: 'sqlite',
    allowed: 'sqlite, esdb://…, esdb+discover://…',
    zh: '事件日志所在：sqlite 即 YIKA_DATA 目录，或 KurrentDB',
    en: 'where the log is: sqlite, that is in YIKA_DATA, or a KurrentDB',
  },
  {
    name: 'YIKA_DATA',
    otherwise: './data',
    allowed: '',
    zh: '本机引擎的数据目录，只读',
    en: 'data folder of an engine on this machine; only read',
  },
  {
    name: 'YIKA_LEASE_SECONDS',
    otherwise: '5',
    allowed: `1–${LEASE_SECONDS_MAX}`,
    zh: '写入权的有效期：进程死后备用进程最迟多久接手',
    en: 'how long the lease holds: how late a standby takes over from a process that died',
  },
  { name: 'HOST', otherwise: '127.0.0.1', allowed: '', zh: '健康与指标的监听地址', en: 'address for health and metrics' },
  { name: 'PORT', otherwise: '7310', allowed: `0–${PORT_MAX}`, zh: '端口；0 为任一空闲端口', en: 'port; 0: any free one' },
  { name: 'YIKA_LOG_LEVEL', otherwise: 'info', allowed: LEVELS.join(', '), zh: '日志级别', en: 'level of the log' },
];

/** The settings as a page of plain text. */
export const settingsHelp = (): string =>
  SETTINGS.map(({ name, otherwise, allowed, zh, en }) => {
    const facts = [otherwise ?? '–', allowed].filter((fact) => fact !== '').join('; ');
    return `  ${name}  (${facts})\n      ${zh}\n      ${en}`;
  }).join('\n');

/** The same as rows of a table in Markdown, for the documents. */
export const settingsTable = (): string =>
  [
    '| variable | default | allowed | meaning |',
    '|---|---|---|---|',
    ...SETTINGS.map(
      ({ name, otherwise, allowed, zh, en }) =>
        `| \`${name}\` | ${otherwise === null ? '–' : `\`${otherwise}\``} | ${allowed} | ${en} · ${zh} |`,
    ),
  ].join('\n');

/** Reads the environment; every fault of it in one go. */
export const readSettings = (env: Environment): Readonly<{ settings: Settings; faults: readonly SettingFault[] }> => {
  const faults: SettingFault[] = [];
  const tell = (setting: string, zh: string, en: string) => void faults.push({ setting, zh: `${setting} ${zh}`, en: `${setting} ${en}` });
  const given = (name: string): string => env[name]?.trim() || (SETTINGS.find((row) => row.name === name)?.otherwise ?? '');
  const whole = (name: string, min: number, max: number): number => {
    const text = given(name);
    const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
    if (value >= min && value <= max) return value;
    tell(name, `须为 ${min} 至 ${max} 的整数，不是“${text}”`, `must be a whole number from ${min} to ${max}, not "${text}"`);
    return min;
  };
  const readModels = given('YIKA_READ_MODELS');
  if (readModels === '')
    tell('YIKA_READ_MODELS', '未设置：投影进程只写 PostgreSQL', 'is missing: the projector writes to PostgreSQL and to nothing else');
  else {
    const [zh, en] = addressFault(readModels) ?? [];
    if (zh !== undefined && en !== undefined) tell('YIKA_READ_MODELS', zh, en);
  }
  const kurrent = given('YIKA_STORE');
  if (kurrent !== 'sqlite' && !/^esdb(\+discover)?:\/\/\S+$/.test(kurrent))
    tell(
      'YIKA_STORE',
      '须为 sqlite 或 esdb://用户:口令@主机:2113?tls=true',
      'must be sqlite or look like esdb://user:password@host:2113?tls=true',
    );
  const logLevel = given('YIKA_LOG_LEVEL');
  if (!LEVELS.includes(logLevel)) tell('YIKA_LOG_LEVEL', `须为 ${LEVELS.join(', ')} 之一`, `must be one of ${LEVELS.join(', ')}`);
  const settings: Settings = {
    host: given('HOST'),
    port: whole('PORT', 0, PORT_MAX),
    store: kurrent === 'sqlite' ? given('YIKA_DATA') : kurrent,
    readModels,
    leaseSeconds: whole('YIKA_LEASE_SECONDS', 1, LEASE_SECONDS_MAX),
    logLevel,
  };
  return { settings, faults };
};
