import { plantTree } from './planted-tree';

const PURE_ROOMS = ['kernel', 'medical-account', 'institution', 'access', 'card-service', 'disbursement', 'cross-province', 'policy'];

/** What a rule about money must not do, and the word the checker has for it. */
const BANNED: readonly (readonly [what: string, code: string, word: string])[] = [
  ['reads the clock', 'export const at = (): number => Date.now();', 'No clock'],
  ['makes a date of now', 'export const at = (): Date => new Date();', 'No clock'],
  ['rolls dice', 'export const roll = (): number => Math.random();', 'No randomness'],
  ['waits', 'export const later = async (): Promise<number> => await Promise.resolve(1);', 'plain, synchronous functions'],
  ['has a class', 'export class Account { fen = 0; }', 'plain, synchronous functions'],
  ['reads the environment', 'export const home = (): unknown => process.env;', "Unexpected use of 'process'"],
  ['prints', 'export const tell = (): void => { console.log(1); };', "Unexpected use of 'console'"],
  ['asks the network', "export const ask = (): unknown => fetch('x');", "Unexpected use of 'fetch'"],
  ['asks the zone of the machine', 'export const hour = (at: Date): number => at.getHours();', 'zone and language'],
  [
    'sorts by the language of the machine',
    'export const order = (a: string, b: string): number => a.localeCompare(b);',
    'zone and language',
  ],
  ['makes money of text by itself', 'export const money = (text: string): number => Number(text);', 'parseYuan'],
];
const cases = PURE_ROOMS.flatMap((room) =>
  BANNED.map(([what, code, word], i) => ({ room, what, word, code, file: `libs/${room}/src/planted-${i}.ts` })),
);
const PLAIN = `export const sumFen = (amounts: readonly number[]): number => amounts.reduce((sum, fen) => sum + fen, 0);\n`;
const MONEY_IN_ADAPTER: Readonly<Record<string, string>> = {
  'libs/adapters/vault/src/reads-text.ts': 'export const money = (text: string): number => Number(text);\n',
  'libs/adapters/vault/src/parses-text.ts': 'export const money = (text: string): number => Number.parseFloat(text);\n',
  'libs/adapters/vault/src/writes-text.ts': 'export const text = (yuan: number): string => yuan.toFixed(2);\n',
};
const COUNT_IN_ADAPTER = 'libs/adapters/vault/src/counts.ts';

describe('what code about money may not do', () => {
  let messages: Record<string, string[]> = {};
  const of = (file: string) => messages[file]?.join('\n') ?? 'the linter did not see the file';

  beforeAll(() => {
    const tree = plantTree({
      ...Object.fromEntries(cases.map(({ file, code }) => [file, `${code}\n`])),
      ...Object.fromEntries(PURE_ROOMS.map((room) => [`libs/${room}/src/plain.ts`, PLAIN])),
      ...MONEY_IN_ADAPTER,
      [COUNT_IN_ADAPTER]: 'export const count = (rows: bigint): number => Number(rows);\n',
    });
    messages = tree.lintMessages();
    tree.fell();
  });

  it.each(cases)('a rule in $room that $what is denied', ({ file, word }) => {
    expect(of(file)).toContain(word);
  });

  it.each(PURE_ROOMS)('a plain sum of fen in %s passes', (room) => {
    expect(of(`libs/${room}/src/plain.ts`)).toBe('');
  });

  it.each(Object.keys(MONEY_IN_ADAPTER))('money as a float is denied outside the pure rooms too: %s', (file) => {
    expect(of(file)).toContain('yika/exact-money');
  });

  it('a count that the store gives as a bigint may become a number', () => {
    expect(of(COUNT_IN_ADAPTER)).toBe('');
  });
});
