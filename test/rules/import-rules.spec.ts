import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plantTree } from './planted-tree';

const ROOMS = ['kernel', 'medical-account', 'institution', 'access', 'card-service', 'disbursement', 'policy', 'application', 'audit'];
const ADAPTERS = ['event-store/sqlite', 'read-models/sqlite', 'vault'];
const PACKAGES = ['pg', 'yaml', 'zod', 'undici', '@nestjs/common', 'decimal.js'];
const empty = 'export const here = 1;\n';

const stub = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'exports.here = 1;\n',
});
const SCENERY: Readonly<Record<string, string>> = {
  'apps/settlement/src/main.ts': empty,
  'libs/application/src/inside.ts': empty,
  'libs/kernel/src/inside.ts': empty,
  'test/support/fixture.ts': empty,
  ...Object.fromEntries(
    [...ROOMS, ...ADAPTERS.map((adapter) => `adapters/${adapter}`)].map((room) => [`libs/${room}/src/index.ts`, empty]),
  ),
  ...Object.fromEntries(PACKAGES.flatMap((name) => Object.entries(stub(name)))),
};

type Planted = readonly [file: string, imported: string];
const FORBIDDEN: readonly Planted[] = [
  ['libs/kernel/src/planted.ts', '#libs/medical-account'],
  ['libs/kernel/src/planted.ts', 'node:fs'],
  ['libs/kernel/src/planted.ts', 'zod'],
  ['libs/medical-account/src/planted.ts', '#libs/disbursement'],
  ['libs/medical-account/src/planted.spec.ts', '#libs/disbursement'],
  ['libs/disbursement/src/planted.ts', '#libs/medical-account'],
  ['libs/disbursement/src/planted.spec.ts', '#libs/medical-account'],
  ['libs/medical-account/src/planted.ts', '#libs/institution'],
  ['libs/medical-account/src/planted.ts', '#libs/policy'],
  ['libs/medical-account/src/planted.ts', 'decimal.js'],
  ['libs/medical-account/src/planted.ts', 'node:crypto'],
  ['libs/medical-account/src/planted.ts', '../../kernel/src/inside'],
  ['libs/access/src/planted.ts', 'node:crypto'],
  ['libs/card-service/src/planted.ts', '#libs/medical-account'],
  ['libs/card-service/src/planted.ts', '#libs/policy'],
  ['libs/policy/src/planted.ts', 'node:fs'],
  ['libs/policy/src/planted.ts', '#libs/application'],
  ['libs/application/src/planted.ts', '@nestjs/common'],
  ['libs/application/src/planted.ts', '#libs/adapters/vault'],
  ['libs/application/src/planted.ts', 'node:fs'],
  ['libs/audit/src/planted.ts', '#libs/application'],
  ['libs/adapters/vault/src/planted.ts', '#libs/adapters/event-store/sqlite'],
  ['libs/adapters/event-store/sqlite/src/planted.ts', '#libs/adapters/read-models/sqlite'],
  ['libs/adapters/vault/src/planted.ts', '#libs/policy'],
  ['libs/adapters/vault/src/planted.ts', '@nestjs/common'],
  ['libs/adapters/vault/src/planted.ts', '../../../application/src/inside'],
  ['apps/settlement/src/planted.ts', 'pg'],
  ['apps/settlement/src/planted.ts', '../../../libs/application/src/inside'],
  ['apps/cli/src/planted.ts', '#libs/application'],
  ['apps/cli/src/planted.ts', '#libs/adapters/event-store/sqlite'],
  ['apps/cli/src/planted.ts', '../../settlement/src/main'],
  ['apps/auditor/src/planted.ts', '#libs/adapters/event-store/sqlite'],
  ['apps/unlisted/src/planted.ts', '#libs/kernel'],
  ['libs/medical-account/src/planted.spec.ts', '../../application/src/inside'],
  ['test/scenarios/planted.ts', '../../libs/application/src/inside'],
  ['libs/kernel/src/planted.ts', './nowhere'],
];
const ALLOWED: readonly Planted[] = [
  ['libs/kernel/src/welcome.ts', 'decimal.js'],
  ['libs/medical-account/src/welcome.ts', '#libs/kernel'],
  ['libs/policy/src/welcome.ts', '#libs/medical-account'],
  ['libs/policy/src/welcome.ts', 'yaml'],
  ['libs/policy/src/welcome.ts', 'zod'],
  ['libs/application/src/welcome.ts', '#libs/policy'],
  ['libs/application/src/welcome.ts', 'node:crypto'],
  ['libs/adapters/vault/src/welcome.ts', '#libs/application'],
  ['libs/adapters/vault/src/welcome.ts', 'node:fs'],
  ['apps/settlement/src/welcome.ts', '#libs/adapters/event-store/sqlite'],
  ['apps/settlement/src/welcome.ts', '@nestjs/common'],
  ['apps/cli/src/welcome.ts', '#libs/kernel'],
  ['apps/cli/src/welcome.ts', 'undici'],
  ['libs/medical-account/src/welcome.spec.ts', '../../../test/support/fixture'],
  ['test/scenarios/welcome.ts', '#libs/application'],
  ['test/scenarios/welcome.ts', '../../apps/settlement/src/main'],
];

/** One file an import, so that one finding cannot hide behind another. */
const fileOf = ([file]: Planted, index: number) => file.replace(/(planted|welcome)/, `$1-${index}`);

describe('the rooms: who may import whom', () => {
  const all = [...FORBIDDEN, ...ALLOWED];
  const planted = Object.fromEntries(all.map((pair, i) => [fileOf(pair, i), `export { here } from '${pair[1]}';\n`]));
  const circle = {
    'libs/kernel/src/circle-a.ts': "export { b } from './circle-b';\nexport const a = 1;\n",
    'libs/kernel/src/circle-b.ts': "export { a } from './circle-a';\nexport const b = 1;\n",
  };
  let violations: readonly string[] = [];

  beforeAll(() => {
    const tree = plantTree({ ...SCENERY, ...planted, ...circle });
    violations = tree.importViolations();
    tree.fell();
  });

  it.each(FORBIDDEN.map((pair, i) => [pair[0], pair[1], fileOf(pair, i)] as const))('denies %s → %s', (_file, _imported, at) => {
    expect(violations.filter((violation) => violation.startsWith(`${at} → `))).not.toStrictEqual([]);
  });

  it.each(ALLOWED.map((pair, i) => [pair[0], pair[1], fileOf(pair, i + FORBIDDEN.length)] as const))(
    'lets %s → %s pass',
    (_file, _imported, at) => {
      expect(violations.filter((violation) => violation.startsWith(`${at} → `))).toStrictEqual([]);
    },
  );

  it('says by name that medical and financial money never meet', () => {
    const met = violations.filter((violation) => violation.includes('never meets'));
    expect(met).toHaveLength(4);
  });

  it('denies a circle', () => {
    expect(violations.filter((violation) => violation.endsWith(': no circle'))).not.toStrictEqual([]);
  });
});

describe('the rooms: none without a rule', () => {
  it('every folder of apps and libs is a listed room', () => {
    const root = resolve(__dirname, '../..');
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>(join(root, '.dependency-cruiser.cjs'));
    const folders = ['apps', 'libs'].flatMap((top) => readdirSync(join(root, top)).map((folder) => `${top}/${folder}`));
    const listed = forbidden.map(({ name }) => name);
    expect(folders.filter((folder) => !listed.includes(`${folder} imports`))).toStrictEqual([]);
  });
});
