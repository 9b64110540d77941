import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { sha256Of, sizeOf } from '../durable-files';
import { FILES, openForReading, reasonOf } from '../layouts';
import { type FileEntry, type LogPlace, type Manifest, readManifest } from '../manifest';
import { type Fault, fault, goOn, Refused, Stopped, type Work } from '../words';
import { holdsIn, namedBy } from './named-by-log';
import { surveyLog } from './survey';

/** `faults` empty: the backup is what its manifest says, whole, and can be restored. */
export type Checked = Readonly<{ manifest: Manifest; faults: readonly Fault[] }>;
export type Depth = 'whole' | 'files';

const NAMED_SHOWN = 5;
const CONTENTS_A_TURN = 5_000;

/**
 * Checks a backup without restoring it: its files against the manifest, each database's own integrity, every event, what the log names in
 * the other files. `files`: sizes and hashes alone, for what was checked wholly before. Idempotency: reads only. Throws: Refused when there is no
 * manifest; Stopped.
 */
export const checkBackup = async (folder: string, work: Work, depth: Depth = 'whole'): Promise<Checked> => {
  const manifest = readManifest(folder);
  const faults: Fault[] = [];
  for (const entry of manifest.files) faults.push(...(await fileFaults(folder, entry, work)));
  if (faults.length === 0 && depth === 'whole') faults.push(...(await databaseFaults(folder, manifest, work)));
  return { manifest, faults };
};

const fileFaults = async (folder: string, { name, bytes, sha256 }: FileEntry, work: Work): Promise<readonly Fault[]> => {
  const file = join(folder, name);
  if (!existsSync(file)) return [fault('file-missing', `缺少 ${name}`, `${name} is missing`)];
  const besides = ['-wal', '-journal'].filter((end) => existsSync(file + end));
  if (besides.length > 0)
    return [
      fault(
        'file-beside',
        `${name} 旁有 ${name}${besides[0] ?? ''}，备份被改动过`,
        `${name}${besides[0] ?? ''} stands beside ${name}: somebody wrote to the backup`,
      ),
    ];
  const found = sizeOf(file);
  if (found !== bytes)
    return [fault('file-size', `${name} 应为 ${bytes} 字节，实为 ${found}`, `${name} should have ${bytes} bytes and has ${found}`)];
  const same = (await sha256Of(file, name, work)) === sha256;
  return same ? [] : [fault('file-hash', `${name} 的 SHA-256 与清单不符`, `the SHA-256 of ${name} is not that of the manifest`)];
};

const databaseFaults = async (folder: string, manifest: Manifest, work: Work): Promise<readonly Fault[]> => {
  const open: DatabaseSync[] = [];
  try {
    const [events, contents, vault] = FILES.map((name) => {
      const db = openForReading(folder, name);
      open.push(db);
      return db;
    }) as [DatabaseSync, DatabaseSync, DatabaseSync];
    const faults: Fault[] = [];
    for (const [i, db] of open.entries()) {
      work.report('integrity', FILES[i] ?? '', i, open.length);
      await turn();
      goOn(work);
      faults.push(...integrityFaults(FILES[i] ?? '', db));
    }
    work.report('integrity', 'vault.db', open.length, open.length);
    if (faults.length > 0) return faults;
    return [
      ...(await logFaults(events, manifest.log, { contents, vault }, work)),
      ...claimFaults(events),
      ...(await contentFaults(contents, work)),
    ];
  } catch (error) {
    if (error instanceof Stopped) throw error;
    if (error instanceof Refused) return error.faults;
    return [fault('file-unreadable', `备份无法读取：${reasonOf(error)}`, `the backup cannot be read: ${reasonOf(error)}`)];
  } finally {
    for (const db of open) db.close();
  }
};

const integrityFaults = (name: string, db: DatabaseSync): readonly Fault[] => {
  const found = db
    .prepare('PRAGMA integrity_check(5)')
    .all()
    .map((row) => String(Object.values(row)[0]));
  return found.length === 1 && found[0] === 'ok'
    ? []
    : found.map((text) => fault('integrity', `${name} 已损坏：${text}`, `${name} is damaged: ${text}`));
};

const logFaults = async (
  events: DatabaseSync,
  told: LogPlace,
  beside: Readonly<{ contents: DatabaseSync; vault: DatabaseSync }>,
  work: Work,
): Promise<readonly Fault[]> => {
  const holds = holdsIn(beside.contents, beside.vault);
  const missing: string[] = [];
  let missed = 0;
  const found = await surveyLog(events, work, (event) => {
    const named = namedBy(event);
    if (named === undefined || holds(named)) return;
    missed += 1;
    if (missing.length < NAMED_SHOWN) missing.push(`${event.logIndex} → ${named.file} ${named.what}`);
  });
  const faults = (Object.keys(found) as (keyof LogPlace)[])
    .filter((member) => found[member] !== told[member])
    .map((member) =>
      fault(
        'log-differs',
        `清单 ${member} 为 ${String(told[member])}，日志为 ${String(found[member])}`,
        `${member} is ${String(told[member])} in the manifest and ${String(found[member])} in the log`,
      ),
    );
  if (missed > 0)
    faults.push(
      fault(
        'named-missing',
        `日志引用的 ${missed} 项不在备份中（${missing.join('；')}）`,
        `${missed} things that the log names are not in the backup (${missing.join('; ')})`,
      ),
    );
  return faults;
};

const claimFaults = (events: DatabaseSync): readonly Fault[] => {
  const { n } = events
    .prepare('SELECT count(*) AS n FROM claims c WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.log_index = c.log_index)')
    .get() as { n: number };
  return n === 0 ? [] : [fault('claims-adrift', `${n} 个占用指向不存在的事件`, `${n} claims name events that are not there`)];
};

const contentFaults = async (contents: DatabaseSync, work: Work): Promise<readonly Fault[]> => {
  let wrong = 0;
  let seen = 0;
  const { n: total } = contents.prepare('SELECT count(*) AS n FROM content').get() as { n: number };
  for (const row of contents.prepare('SELECT hash, bytes FROM content').iterate()) {
    const { hash, bytes } = row as unknown as Readonly<{ hash: string; bytes: Uint8Array }>;
    if (createHash('sha256').update(bytes).digest('hex') !== hash) wrong += 1;
    seen += 1;
    if (seen % CONTENTS_A_TURN !== 0) continue;
    work.report('reading', 'content.db', seen, total);
    await turn();
    goOn(work);
  }
  work.report('reading', 'content.db', seen, total);
  return wrong === 0
    ? []
    : [fault('content-damaged', `content.db 有 ${wrong} 项与其摘要不符`, `${wrong} contents of content.db are not what their hash says`)];
};
