import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const COMPILER_OPTIONS = { module: 'nodenext', target: 'es2023', strict: true, types: [], experimentalDecorators: true };

/** A small tree of its own with files planted in it, which the project's checkers judge by the project's own rules. */
export const plantTree = (files: Readonly<Record<string, string>>) => {
  const tree = mkdtempSync(join(tmpdir(), 'yika-rules-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  cpSync(join(ROOT, 'package.json'), join(tree, 'package.json'));
  write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['apps', 'libs', 'test'] }));
  for (const [file, text] of Object.entries(files)) write(file, text);
  const run = (tool: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules', tool), ...args], { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return {
    /** Violations of the import rules as "file → target: rule". */
    importViolations: (): string[] => {
      const { stdout, stderr } = run(
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        ...['apps', 'libs', 'test', '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json'],
      );
      if (!stdout.startsWith('{')) throw new Error(`the import checker did not answer: ${stderr}`);
      const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };
      return summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`);
    },
    /** Messages of the linter by file: "rule: message". */
    lintMessages: (): Record<string, string[]> => {
      const { stdout, stderr } = run(
        'eslint/bin/eslint.js',
        ...['--no-error-on-unmatched-pattern', '--config', join(ROOT, 'eslint.config.mjs'), '--format', 'json', 'libs'],
      );
      if (!stdout.startsWith('[')) throw new Error(`the linter did not answer: ${stderr}`);
      const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string | null; message: string }[] }[];
      return Object.fromEntries(
        results.map(({ filePath, messages }) => [
          filePath.slice(filePath.indexOf('libs/')),
          messages.map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`),
        ]),
      );
    },
    fell: () => rmSync(tree, { recursive: true, force: true }),
  };
};
