// The whole contract suite of an event store against a real server; where there is none it says so and does not pass.
'use strict';
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const NOT_RUN = 77; // What test runners commonly take for "skipped", and nobody for "passed".
const root = path.resolve(__dirname, '..', '..');

if (!process.env.KURRENTDB_URL) {
  process.stderr.write(
    'KurrentDB：未运行，未指定服务器。请设 KURRENTDB_URL=esdb://user:password@host:2113?tls=true\n' +
      'KurrentDB: not run, no server is named. Set KURRENTDB_URL=esdb://user:password@host:2113?tls=true\n' +
      '0 passed, 0 failed, not run\n',
  );
  process.exit(NOT_RUN);
}
const jest = path.join(root, 'node_modules', '.bin', 'jest');
const { status } = spawnSync(jest, ['--maxWorkers=1', '--testMatch', '**/test/kurrentdb/*.suite.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
