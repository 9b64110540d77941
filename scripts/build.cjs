// Compiles apps, libs and test into dist with swc (YAML, JSON and other files beside the source are copied), and drops what has no source any
// more. dist itself is never emptied: a running engine loads its worker threads from there.
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const ROOTS = ['apps', 'libs', 'test'].filter((dir) => fs.existsSync(path.join(root, dir)));
const bin = path.join(root, 'node_modules', '.bin', 'swc');
const options = ['-d', 'dist', '--ignore', '**/*.spec.ts', '--copy-files', '--quiet'];

const { status } = spawnSync(bin, [...ROOTS, ...options], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const sourcesOf = (file) => {
  const plain = file.replace(/\.map$/, '');
  return [plain, plain.replace(/\.js$/, '.ts')];
};
for (const dir of ROOTS) {
  const built = path.join(root, 'dist', dir);
  if (!fs.existsSync(built)) continue;
  for (const entry of fs.readdirSync(built, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.relative(path.join(root, 'dist'), path.join(entry.parentPath, entry.name));
    const alive = !/\.spec\.js(\.map)?$/.test(file) && sourcesOf(file).some((source) => fs.existsSync(path.join(root, source)));
    if (!alive) fs.rmSync(path.join(root, 'dist', file), { force: true });
  }
}
