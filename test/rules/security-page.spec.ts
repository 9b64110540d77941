import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const PAGE = 'docs/explanation/security.md';
const page = readFileSync(join(ROOT, PAGE), 'utf8');

const CITED = /\[([^\]]+)\]\(([^)\s]+\.spec\.ts)\)/g;
const citations = [...page.matchAll(CITED)].map(([, name = '', file = '']) => ({ name, file: join(ROOT, 'docs/explanation', file) }));

/** Titles of the tests that a file runs: what is skipped or still to be written holds nothing. */
const titlesIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?:\bit\(|\)\()\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , title = '']) => title);

/** Rows of the tables that answer: what an attacker could, what stands in the way, what holds it. */
const answers = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.split(' | ').length === 3 && !line.includes('what stands in the way'));

describe('the security page', () => {
  it('names a test for every answer', () => {
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter((row) => row.search(CITED) < 0)).toStrictEqual([]);
  });

  it('names tests that are there, by their titles', () => {
    const missing = citations.filter(({ name, file }) => !titlesIn(readFileSync(file, 'utf8')).some((title) => title.includes(name)));
    expect(missing.map(({ name }) => name)).toStrictEqual([]);
  });

  it('finds no test that is skipped, and none in a comment or a body', () => {
    const source =
      "it('holds', f);\nit.skip('skipped', f);\nit.todo('later');\nit.each([1])('each %i', f);\n// it was 'said'\nconst x = 'in a body';";
    expect(titlesIn(source)).toStrictEqual(['holds', 'each %i']);
  });
});
