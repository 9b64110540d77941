import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './durable-files';
import { FILES, type FileName, reasonOf } from './layouts';
import { fault, Refused } from './words';

export const MANIFEST_FILE = 'manifest.json';

/** `lastEventHash` is the leaf hash of the last event, `rootHash` the RFC 6962 root over all of them. Hashes in hex. */
export type LogPlace = Readonly<{
  lastLogIndex: number;
  lastEventHash: string | null;
  lastDecidedAt: string | null;
  rootHash: string;
  events: number;
  claims: number;
}>;
export type FileEntry = Readonly<{ name: FileName; bytes: number; sha256: string }>;
/** What a backup says of itself. It is written last: a folder without it is no backup. */
export type Manifest = Readonly<{
  format: 'yika-backup';
  formatVersion: 1;
  madeAt: string;
  engineVersion: string;
  log: LogPlace;
  files: readonly FileEntry[];
}>;

export const writeManifest = (folder: string, manifest: Manifest): Promise<void> =>
  writeAtomically(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);

/** Throws: Refused when the folder is no whole backup, or one of a later version. */
export const readManifest = (folder: string): Manifest => {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST_FILE), 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Refused([
      missing
        ? fault(
            'no-backup',
            `${folder} 不是备份：没有 ${MANIFEST_FILE}（备份未完成或目录有误）`,
            `${folder} is no backup: it has no ${MANIFEST_FILE}; it was not finished, or is another folder`,
          )
        : fault(
            'manifest-unreadable',
            `${MANIFEST_FILE} 无法读取：${reasonOf(error)}`,
            `${MANIFEST_FILE} cannot be read: ${reasonOf(error)}`,
          ),
    ]);
  }
  const manifest = parsed(text);
  if (manifest === undefined)
    throw new Refused([
      fault('manifest-form', `${MANIFEST_FILE} 不是本版本认识的备份清单`, `${MANIFEST_FILE} is no manifest that this version knows`),
    ]);
  return manifest;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isPlace = (log: unknown): boolean =>
  isObject(log) &&
  isCount(log.events) &&
  isCount(log.claims) &&
  log.lastLogIndex === (log.events as number) - 1 &&
  (log.events === 0
    ? log.lastEventHash === null && log.lastDecidedAt === null
    : isHash(log.lastEventHash) && typeof log.lastDecidedAt === 'string') &&
  isHash(log.rootHash);

const parsed = (text: string): Manifest | undefined => {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(found) || found.format !== 'yika-backup' || found.formatVersion !== 1) return undefined;
  if (typeof found.madeAt !== 'string' || typeof found.engineVersion !== 'string' || !isPlace(found.log)) return undefined;
  const files = Array.isArray(found.files) ? (found.files as unknown[]) : [];
  const sound = files.every((file) => isObject(file) && isCount(file.bytes) && isHash(file.sha256));
  const names = files.map((file) => (isObject(file) ? file.name : undefined));
  return sound && names.length === FILES.length && FILES.every((name) => names.includes(name)) ? (found as unknown as Manifest) : undefined;
};
