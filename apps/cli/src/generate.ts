import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packJsonSchema } from '#libs/policy';
import { demand } from './commands/with-engine';
import { engineClient } from './engine/client';
import { EngineDidNotStart, startEngine } from './engine/process';
import { citiesPage } from './reference/cities-page';
import { eventSchemas } from './reference/event-schemas';
import { type FieldWords, fieldTable, type Schema, withFieldTable } from './reference/pack-fields';
import { type Catalogue, refusalsPage } from './reference/refusals-page';
import { sortedJson } from './reference/sorted-json';

const ROOT = path.resolve(__dirname.replace(/[\\/]dist(?=[\\/]apps[\\/])/, ''), '../../..');
const REFERENCE = path.join(ROOT, 'docs', 'reference');

/** What an engine says of itself, asked of one that runs for the moment on an empty folder. Throws: EngineDidNotStart. */
const askedOfAnEngine = async (): Promise<Readonly<{ openapi: unknown; catalogue: Catalogue }>> => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'yika-generate-'));
  try {
    const engine = await startEngine({ dataFolder, listen: 'none', logFile: path.join(dataFolder, 'engine.log') });
    const client = engineClient(engine.address);
    try {
      const openapi = await demand(client, { method: 'GET', path: '/docs-json' });
      const catalogue = (await demand(client, { method: 'GET', path: '/problems' })) as Catalogue;
      return { openapi, catalogue };
    } finally {
      await client.close();
      await engine.stop();
    }
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
};

const generate = async (): Promise<void> => {
  const { openapi, catalogue } = await askedOfAnEngine();
  const files: Readonly<Record<string, string>> = {
    'openapi.json': sortedJson(openapi),
    'refusals.md': refusalsPage(catalogue),
    'event-schemas.json': sortedJson(eventSchemas(path.join(ROOT, 'libs'))),
    'policy-pack.schema.json': sortedJson(packJsonSchema()),
  };
  mkdirSync(REFERENCE, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(path.join(REFERENCE, name), text);
    process.stdout.write(`docs/reference/${name}\n`);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const words = JSON.parse(readFileSync(path.join(REFERENCE, 'pack-field-words.json'), 'utf8')) as FieldWords;
  const addACity = path.join(ROOT, 'docs/how-to/add-a-city.md');
  writeFileSync(addACity, withFieldTable(readFileSync(addACity, 'utf8'), fieldTable(packJsonSchema() as Schema, words)));
  process.stdout.write('docs/how-to/add-a-city.md\n');
  write('cities.md', citiesPage(ROOT)); // Last: it may ask for the scenarios to be run first.
};

generate().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof EngineDidNotStart ? thrown.lastWords : String(thrown)}\n`);
  process.exitCode = 1;
});
