/** A setting as it is told in the help and in the documents; `range` or `choices` is what a value is held against. */
export type Setting = Readonly<{
  name: string;
  otherwise: string | null;
  zh: string;
  en: string;
  range?: readonly [min: number, max: number];
  choices?: readonly string[];
}>;

const text = (name: string, otherwise: string | null, [zh, en]: readonly [string, string]): Setting => ({ name, otherwise, zh, en });
const whole = (name: string, otherwise: number, range: readonly [number, number], [zh, en]: readonly [string, string]): Setting => ({
  name,
  otherwise: String(otherwise),
  zh,
  en,
  range,
});
const choice = (name: string, otherwise: string, choices: readonly string[], [zh, en]: readonly [string, string]): Setting => ({
  name,
  otherwise,
  zh,
  en,
  choices,
});

/** Every setting of the engine. Units: in the names. */
export const SETTINGS = {
  host: text('HOST', '127.0.0.1', ['监听地址', 'address to listen on']),
  port: whole('PORT', 7300, [0, 65_535], ['端口；0 为任一空闲端口', 'port; 0: any free one']),
  listen: choice('YIKA_LISTEN', 'tcp', ['tcp', 'none'], ['none：只开管理套接字', 'none: no public door, only the admin socket']),
  dataFolder: text('YIKA_DATA', './data', ['数据目录，不存在则新建', 'data folder; made if missing']),
  masterKey: text('YIKA_MASTER_KEY', null, [
    '保险库主密钥：32 字节，64 位十六进制或 base64',
    "the vault's master key: 32 bytes, as 64 hex digits or base64",
  ]),
  masterKeyFile: text('YIKA_MASTER_KEY_FILE', null, ['主密钥文件；与上项二选一', 'file with the master key; excludes the one above']),
  cacheMb: whole('YIKA_CACHE_MB', 128, [8, 65_536], ['账户状态缓存上限，MB', 'most memory for states of accounts, in MB']),
  ratePerSecond: whole(
    'YIKA_RATE_PER_SECOND',
    2_000,
    [1, 1_000_000],
    ['每把密钥每秒请求数（批量按行计），超出答 429', 'requests a second for each access key, lines of a batch counted; then 429'],
  ),
  rateBurst: whole('YIKA_RATE_BURST', 4_000, [1, 1_000_000], ['其中可一次用掉的数目', 'how many of them at once']),
  unknownKeysPerSecond: whole(
    'YIKA_UNKNOWN_KEYS_PER_SECOND',
    50,
    [1, 1_000_000],
    [
      '每个来源地址每秒可试的无效密钥数，超出答 429',
      'wrong access keys a second from one address; then 429 for keys that have never been right',
    ],
  ),
  repeatedAttemptsMax: whole(
    'YIKA_REPEATED_ATTEMPTS_MAX',
    60,
    [1, 1_000_000],
    ['同一被拒业务每分钟可重复次数', 'how often in a minute the same refused attempt may be repeated'],
  ),
  connectionsMax: whole(
    'YIKA_CONNECTIONS_MAX',
    12_000,
    [16, 1_000_000],
    ['同时连接数上限；到顶时先关空闲连接', 'connections at once; at the limit idle ones are closed to make room'],
  ),
  streamsPerKey: whole(
    'YIKA_STREAMS_PER_KEY',
    16,
    [1, 10_000],
    ['每把密钥同时进行的批量与跟读数', 'batches and followed logs at once for each access key'],
  ),
  headSeconds: whole('YIKA_HEAD_SECONDS', 10, [1, 300], ['请求头须在几秒内到齐', 'seconds in which the head of a request must be here']),
  bodySeconds: whole('YIKA_BODY_SECONDS', 30, [1, 3_600], ['JSON 报文须在几秒内到齐', 'seconds in which a JSON body must be here']),
  stallSeconds: whole(
    'YIKA_STALL_SECONDS',
    120,
    [1, 86_400],
    ['批量无新行、或答复无人读取，几秒后断开', 'seconds after which a batch that sends nothing, or an answer that nobody reads, is cut'],
  ),
  idleSeconds: whole('YIKA_IDLE_SECONDS', 75, [1, 3_600], ['空闲连接保留几秒', 'seconds for which an idle connection is kept']),
  bodyKib: whole('YIKA_BODY_KIB', 1_024, [16, 65_536], ['JSON 报文上限，KiB', 'largest JSON body, in KiB']),
  store: text('YIKA_STORE', 'sqlite', [
    '日志所在：sqlite（数据目录中的 events.db），或 KurrentDB 的连接串（esdb://…）',
    'where the log stands: sqlite (events.db in the data folder), or the connection string of a KurrentDB (esdb://…)',
  ]),
  readModels: text('YIKA_READ_MODELS', null, [
    '读模型所在的 PostgreSQL（postgres://…，由投影进程写入）；不填则用数据目录中的 views.db',
    'the PostgreSQL that has the read models (postgres://…, a projector writes them); without it they are in views.db in the data folder',
  ]),
  vault: text('YIKA_VAULT', null, [
    '几个引擎共用的保险库所在的 PostgreSQL（postgres://…），须另给主密钥，且日志在 KurrentDB；不填则用数据目录中的 vault.db',
    'the PostgreSQL that has the vault of several engines (postgres://…); needs a master key of yours, and a log in KurrentDB; without it vault.db',
  ]),
  checkpointFile: text('YIKA_CHECKPOINT_FILE', null, [
    '检查点文件，须在数据目录之外：记下日志到了哪里，日志变短时只读启动',
    'a small file outside the data folder that remembers how far the log was: a log that is shorter starts read-only',
  ]),
  acceptLoss: text('YIKA_ACCEPT_LOSS', null, [
    '接受日志止于此序号（只对该序号有效，会记录）；npm start 用 --accept-loss',
    'accept that the log ends at this index, and at no other; it is recorded. With npm start: --accept-loss',
  ]),
  simulation: text('YIKA_SIMULATION', null, [
    '模拟：空目录写开始时刻（此后永为模拟），已有的模拟写 continue；npm start 用 --simulation',
    'simulation: the instant at which it begins, on an empty folder, which is one for ever then; `continue` to go on. With npm start: --simulation',
  ]),
  logLevel: choice('YIKA_LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error', 'silent'], ['日志级别', 'level of the log']),
} as const satisfies Readonly<Record<string, Setting>>;

const allowedText = ({ range, choices }: Setting): string => (range ? `${range[0]}–${range[1]}` : (choices ?? []).join(', '));

/** The settings as a page of plain text, for whoever asks the engine for help. */
export const settingsHelp = (): string =>
  Object.values<Setting>(SETTINGS)
    .map((setting) => {
      const { name, otherwise, zh, en } = setting;
      const facts = [otherwise ?? '–', allowedText(setting)].filter((fact) => fact !== '').join('; ');
      return `  ${name}  (${facts})\n      ${zh}\n      ${en}`;
    })
    .join('\n');

/** The same as rows of a table in Markdown, for the documents. */
export const settingsTable = (): string =>
  [
    '| variable | default | allowed | meaning |',
    '|---|---|---|---|',
    ...Object.values<Setting>(SETTINGS).map((setting) => {
      const { name, otherwise, zh, en } = setting;
      return `| \`${name}\` | ${otherwise === null ? '–' : `\`${otherwise}\``} | ${allowedText(setting)} | ${en} · ${zh} |`;
    }),
  ].join('\n');
