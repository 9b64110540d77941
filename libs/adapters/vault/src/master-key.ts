import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { VaultError } from './vault-error';

export const MASTER_KEY_VARIABLE = 'YIKA_MASTER_KEY';

/** `origin` is for the log at start; `readableByOthers` asks for a warning there. */
export type MasterKey = Readonly<{
  key: Uint8Array;
  origin: 'environment' | 'file' | 'created';
  file: string | null;
  readableByOthers: boolean;
}>;
type Where = Readonly<{ file: string; env: Readonly<Record<string, string | undefined>>; createIfMissing?: boolean }>;

/**
 * Reads the master key from YIKA_MASTER_KEY, else from the key file; makes a random one (mode 0600) when asked and there is none.
 * @throws VaultError master-key-missing, master-key-form.
 */
export const loadMasterKey = ({ file, env, createIfMissing = false }: Where): MasterKey => {
  const text = env[MASTER_KEY_VARIABLE];
  if (text !== undefined && text.trim() !== '') {
    return { key: parseMasterKey(text), origin: 'environment', file: null, readableByOthers: false };
  }
  if (!existsSync(file)) {
    if (!createIfMissing) throw new VaultError('master-key-missing', `${MASTER_KEY_VARIABLE}, ${MASTER_KEY_VARIABLE}_FILE, ${file}`);
    try {
      return { key: createKeyFile(file), origin: 'created', file, readableByOthers: false };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // Another process was first: its key counts.
    }
  }
  return { key: parseMasterKey(readFileSync(file, 'utf8')), origin: 'file', file, readableByOthers: (statSync(file).mode & 0o077) !== 0 };
};

/** Reads 32 bytes from 64 hex digits or base64. @throws VaultError master-key-form. */
export const parseMasterKey = (text: string): Uint8Array => {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : Buffer.alloc(0);
  if (bytes.length !== 32) throw new VaultError('master-key-form');
  return bytes;
};

/** Durable before the first person is encrypted under it: a key lost in a power cut would take everything with it. */
const createKeyFile = (file: string): Uint8Array => {
  const key = randomBytes(32);
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, `${key.toString('hex')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return key;
};
