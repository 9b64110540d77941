import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './engine-process';
import { ended, type Workshop } from './workshop';

export type Postgres = Readonly<{ url: string; version: string; stop: () => Promise<void> }>;

const READY_DEADLINE_MS = 30_000;
const DEBIAN = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; undefined when it is not installed. */
const programs = (): string | undefined => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const asked = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  const folders = [...versions.map((version) => path.join(DEBIAN, version, 'bin')), asked.status === 0 ? asked.stdout.trim() : ''];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')));
};

/** PostgreSQL refuses to run as root: then as the user of its package, or as nobody. */
const owner = (): Readonly<{ uid?: number }> => {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const asked = spawnSync('id', ['-u', user], { encoding: 'utf8' });
    if (asked.status === 0) return { uid: Number(asked.stdout) };
  }
  return {};
};

const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
} as const;

/** A PostgreSQL of its own in a new folder, every commit synced. Undefined: there is none on this machine. */
export const startPostgres = async (workshop: Workshop): Promise<Postgres | undefined> => {
  const bin = programs();
  if (bin === undefined) return undefined;
  const as = owner();
  const folder = path.join(workshop.folder('postgres'), 'data');
  mkdirSync(folder);
  if (as.uid !== undefined) chownSync(folder, as.uid, -1);
  const run = { ...as, cwd: folder };
  execFileSync(path.join(bin, 'initdb'), ['-D', folder, '-U', 'bench', '--auth=trust', '--no-locale', '-E', 'UTF8'], {
    ...run,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = workshop.spawn(path.join(bin, 'postgres'), ['-D', folder, '-p', String(port), '-k', folder, ...settings], run);
  const until = performance.now() + READY_DEADLINE_MS;
  while (spawnSync(path.join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status !== 0) {
    if (child.exitCode !== null || performance.now() > until) throw new Error('PostgreSQL did not start');
    await sleep(100);
  }
  const version = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).trim();
  return { url: `postgresql://bench@127.0.0.1:${port}/postgres`, version, stop: () => ended(child, 'SIGINT') };
};
