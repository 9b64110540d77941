// Changes the rules one small step at a time and asks whether a spec sees it: npm run mutation [-- --room kernel] [--resume] [--static]
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const root = path.resolve(__dirname, '../..');
const WORK = 'dist/mutation';
const AT_LEAST_PERCENT = 85;
const LOT_LINES = 400;
const HISTORIES = 'test/property';
const ACCOUNT = 'libs/medical-account';

/** The pure rooms, money first, each with the folders whose specs are asked. */
const ROOMS = {
  'medical-account': [ACCOUNT, HISTORIES],
  institution: ['libs/institution'],
  'card-service': ['libs/card-service'],
  policy: ['libs/policy'],
  access: ['libs/access'],
  kernel: ['libs/kernel', 'test/support'],
};

const USAGE = `npm run mutation [-- options]
  --room <name>   one room, may be given again; without it all: ${Object.keys(ROOMS).join(', ')}
  --resume        takes results over from ${WORK} where neither the code nor its specs have changed
  --static        also changes what is evaluated once, as a module loads: slow, each such mutant meets every spec
  --cores <n>     processes at once; 2 without it
Exit code: 0 every room has at least ${AT_LEAST_PERCENT} %, 1 one has less, 2 the options are wrong, 3 it could not run`;

/** Files of a room in lots of some hundred lines: a run that is stopped loses no more than the lot it was at. */
const lotsOf = (room) => {
  const lots = [];
  let lines = 0;
  const files = fs
    .readdirSync(path.join(root, 'libs', room, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && path.basename(file) !== 'index.ts')
    .map((file) => `libs/${room}/src/${file}`)
    .sort();
  for (const file of files) {
    const length = fs.readFileSync(path.join(root, file), 'utf8').split('\n').length;
    if (lots.length === 0 || lines + length > LOT_LINES) {
      lots.push([]);
      lines = 0;
    }
    lots.at(-1).push(file);
    lines += length;
  }
  return lots;
};

const reportOf = (room) => path.join(root, WORK, `${room}.json`);

const optionsOf = (room, mutate, { statics, cores }) => ({
  packageManager: 'npm',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  mutate,
  ignoreStatic: !statics,
  ignorePatterns: ['dist', 'data', 'docs', 'docker', 'coverage', '.ci', 'test/bench', 'test/crash', 'test/e2e'],
  tempDirName: `${WORK}/copy`,
  incremental: true,
  incrementalFile: `${WORK}/${room}.json`,
  concurrency: cores,
  timeoutMS: 8_000,
  maxTestRunnerReuse: 150, // Each run leaves modules behind in its process.
  reporters: ['progress-append-only'],
  allowConsoleColors: false,
  logLevel: 'warn',
});

const textAt = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join(' ').replace(/\s+/g, ' ').slice(0, 160);
};

/** What is kept of a room: how many mutants by outcome, and each that no spec saw. */
const outcomeOf = (room) => {
  const { files } = JSON.parse(fs.readFileSync(reportOf(room), 'utf8'));
  const counts = { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, Ignored: 0 };
  const survivors = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const { status, location, mutatorName, replacement } of mutants) {
      counts[status] = (counts[status] ?? 0) + 1;
      if (status !== 'Survived' && status !== 'NoCoverage') continue;
      survivors.push(`${file}:${location.start.line}:${location.start.column} ${mutatorName}${status === 'NoCoverage' ? ' (no spec comes here)' : ''}
    - ${textAt(source, location)}
    + ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 160)}`);
    }
  }
  const killed = counts.Killed + counts.Timeout;
  const all = killed + counts.Survived + counts.NoCoverage;
  return { room, all, killed, counts, survivors: survivors.sort(), percent: all === 0 ? 100 : (100 * killed) / all };
};

const STRYKER = path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');

const runRoom = (room, how) => {
  if (!how.resume) fs.rmSync(reportOf(room), { force: true });
  process.env.YIKA_MUTATION_SPECS = ROOMS[room].join(',');
  const lots = lotsOf(room);
  for (const [nth, lot] of lots.entries()) {
    console.log(`${new Date().toISOString().slice(11, 19)} ${room}: lot ${nth + 1} of ${lots.length}, ${lot.length} files`);
    const options = path.join(WORK, 'options.json');
    fs.writeFileSync(options, JSON.stringify(optionsOf(room, lot, how)));
    const { status } = spawnSync(process.execPath, [STRYKER, 'run', options], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`Stryker ended with ${status ?? 'a signal'}: lots before this one are kept, --resume goes on`);
  }
  return outcomeOf(room);
};

/** @throws Error naming what is wrong with the options. */
const asked = () => {
  const flag = { type: 'boolean', default: false };
  const room = { type: 'string', multiple: true };
  const cores = { type: 'string', default: '2' };
  const { values } = parseArgs({ options: { room, resume: flag, static: flag, help: flag, cores } });
  const unknown = (values.room ?? []).filter((name) => !Object.hasOwn(ROOMS, name));
  if (unknown.length > 0) throw new Error(`no pure room: ${unknown.join(', ')}`);
  if (!/^[1-9]\d?$/.test(values.cores)) throw new Error('--cores is a whole number from 1 to 99');
  return values;
};

const main = (values) => {
  if (values.help) return console.log(USAGE);
  const rooms = values.room ?? Object.keys(ROOMS);
  process.chdir(root);
  process.env.YIKA_RUNS ??= '0.03'; // Some random histories a mutant; thousands a mutant would take days.
  fs.mkdirSync(path.join(root, WORK), { recursive: true });
  const how = { resume: values.resume, statics: values.static, cores: Number(values.cores) };
  const outcomes = rooms.map((room) => runRoom(room, how));
  for (const { survivors } of outcomes) for (const survivor of survivors) console.log(survivor);
  for (const { room, all, killed, counts, percent } of outcomes) {
    console.log(
      `${room.padEnd(16)} ${percent.toFixed(1).padStart(5)} %  ${killed} of ${all} killed (${counts.Timeout} by time), ${counts.NoCoverage} never met, ${counts.Ignored} left out`,
    );
  }
  if (outcomes.some(({ percent }) => percent < AT_LEAST_PERCENT)) process.exitCode = 1;
};

let options = null;
try {
  options = asked();
} catch (fault) {
  console.error(`${fault.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
try {
  if (options) main(options);
} catch (fault) {
  console.error(fault.message);
  process.exitCode = 3;
}
