import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
const FENCED = /^```[\s\S]*?^```/gm;

const linksOf = (document: string): string[] =>
  [...readFileSync(join(ROOT, document), 'utf8').replace(FENCED, '').matchAll(LINK)].map(([, target = '']) => target);
const isLocal = (target: string) => !/^[a-z]+:/.test(target);

describe('the documents', () => {
  it.each(documents)('%s: every link to a file leads to one', (document) => {
    const lost = linksOf(document)
      .filter(isLocal)
      .filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    expect(lost).toStrictEqual([]);
  });

  it('every page below docs can be reached from the front page', () => {
    const reached = new Set(['README.md']);
    for (const document of reached)
      for (const target of linksOf(document).filter((link) => isLocal(link) && link.endsWith('.md')))
        if (existsSync(join(ROOT, dirname(document), target))) reached.add(relative(ROOT, join(ROOT, dirname(document), target)));
    expect(documents.filter((document) => !reached.has(document))).toStrictEqual([]);
  });
});

describe('the policy packs', () => {
  const PACKS = join(ROOT, 'libs/policy/packs');
  const numbers = new Set(
    [...readFileSync(join(ROOT, 'docs/reference/cities.md'), 'utf8').matchAll(/^\| ([A-Z]{1,2}\d+) \|/gm)].map(([, number]) => number),
  );

  it.each(readdirSync(PACKS))('%s cites only rules that are written down', (file) => {
    const cited = [...readFileSync(join(PACKS, file), 'utf8').matchAll(/\brule: (\w+)|\(([A-Z]{1,2}\d+)\)/g)].map(
      (found) => found[1] ?? found[2],
    );
    expect(cited).not.toStrictEqual([]);
    expect(cited.filter((number) => !numbers.has(number))).toStrictEqual([]);
  });
});
