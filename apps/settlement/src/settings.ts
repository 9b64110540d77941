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
  repeatedAttemptsMax: number;
  logLevel: string;
}>;
export type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** Reads the environment; every fault of it in one go. */
export const readSettings = (env: Environment): Readonly<{ settings: Settings; faults: readonly string[] }> => {
  const faults: string[] = [];
  const text = (name: string, otherwise: string) => env[name]?.trim() || otherwise;
  const whole = (name: string, otherwise: number, [min, max]: readonly [number, number]): number => {
    const given = text(name, String(otherwise));
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    faults.push(`${name} must be a whole number from ${min} to ${max}, not "${given}"`);
    return otherwise;
  };
  const choice = <T extends string>(name: string, values: readonly T[], otherwise: T): T => {
    const given = text(name, otherwise);
    if ((values as readonly string[]).includes(given)) return given as T;
    faults.push(`${name} must be one of ${values.join(', ')}, not "${given}"`);
    return otherwise;
  };
  const settings: Settings = {
    host: text('HOST', '127.0.0.1'),
    port: whole('PORT', 7300, [0, 65_535]),
    listen: choice('YIKA_LISTEN', ['tcp', 'none'], 'tcp'),
    dataFolder: text('YIKA_DATA', './data'),
    cacheMb: whole('YIKA_CACHE_MB', 256, [8, 65_536]),
    masterKey: env.YIKA_MASTER_KEY || undefined,
    masterKeyFile: env.YIKA_MASTER_KEY_FILE || undefined,
    ratePerSecond: whole('YIKA_RATE_PER_SECOND', 2_000, [1, 1_000_000]),
    rateBurst: whole('YIKA_RATE_BURST', 4_000, [1, 1_000_000]),
    repeatedAttemptsMax: whole('YIKA_REPEATED_ATTEMPTS_MAX', 60, [1, 1_000_000]),
    logLevel: choice('YIKA_LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (settings.masterKey && settings.masterKeyFile) faults.push('YIKA_MASTER_KEY and YIKA_MASTER_KEY_FILE exclude each other');
  return { settings, faults };
};
