import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { programOf } from './program';

type Named = Readonly<{ name: string; command: Command }>;

/** Those that do something by themselves, by the words with which they are given. */
const commandsOf = (command: Command, above = ''): Named[] =>
  command.commands.flatMap((below) => {
    const name = `${above}${below.name()}`;
    const acts = below.commands.length === 0 || below.registeredArguments.length > 0;
    return [...(acts ? [{ name, command: below }] : []), ...commandsOf(below, `${name} `)];
  });

const all = commandsOf(programOf());
const PAGE = readFileSync(path.resolve(__dirname, '../../../docs/reference/cli.md'), 'utf8');

describe('the command line', () => {
  it('has the commands that operators know', () => {
    const names = all.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['keys create', 'events tail', 'backup', 'backup check', 'restore', 'verify', 'credits run']),
    );
  });

  it.each(all)('stands in the reference with its arguments and options: $name', ({ name, command }) => {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\` `) || line.startsWith(`| \`${name} `));
    expect(row).toBeDefined();
    for (const { long } of command.options) expect(row).toContain(long);
    for (const argument of command.registeredArguments) expect(row).toContain(`<${argument.name()}>`);
  });

  it.each(all)('says what it does in Chinese and English: $name', ({ command }) => {
    expect(command.description()).toMatch(/\p{Script=Han}.*[a-z]{2}/su);
  });
});
