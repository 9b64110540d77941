import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Workshop } from './workshop';

const SOURCES = path.resolve(__dirname, __dirname.includes(`${path.sep}dist${path.sep}`) ? '../../../../test/bench/peers' : '../peers');
const INSTALL_MS = 180_000;

/** The folder of the peers with their packages, installed once beside the ready-made cities; else why not. */
export const installedPeers = (workshop: Workshop): Readonly<{ folder: string }> | Readonly<{ why: string }> => {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'emmett.mjs', 'pgledger.mjs']) hash.update(readFileSync(path.join(SOURCES, file)));
  const folder = path.join(path.dirname(workshop.cities), `peers-${hash.digest('hex').slice(0, 12)}`);
  const installed = path.join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(installed)) return { folder };
  const place = path.dirname(folder);
  for (const old of readdirSync(place)) if (old.startsWith('peers-')) rmSync(path.join(place, old), { recursive: true, force: true });
  workshop.say('installing the peers');
  cpSync(SOURCES, folder, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
  const install = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: INSTALL_MS,
  });
  if (install.status === 0) return { folder };
  rmSync(folder, { recursive: true, force: true });
  return { why: `npm ci in test/bench/peers failed: ${install.stderr.trim().split('\n').at(-1) ?? ''}` };
};
