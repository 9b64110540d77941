const path = require('node:path');
const base = require('../../jest.config.js');

// Stryker runs this in a copy of the tree, in which every mutant of the room is compiled in behind a switch.
const { reporters: _, maxWorkers: __, workerIdleMemoryLimit: ___, ...settings } = base;

/** @type {import('jest').Config} */
module.exports = {
  ...settings,
  roots: (process.env.YIKA_MUTATION_SPECS ?? 'libs').split(',').map((folder) => path.join(settings.rootDir, folder)),
  testSequencer: path.join(__dirname, 'exact-specs-first.cjs'),
};
