import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '#libs/kernel';
import { projectionNamed } from '../projections';
import { quoted } from '../views';
import { VIEWS_FILE } from './views-file';

/**
 * Every row of a read model as one line of canonical JSON, in the order of its key, from one snapshot: equal logs give equal dumps, whatever
 * store or history of rebuilds is behind them. @throws RangeError for an unknown name.
 */
export async function* dumpReadModel(folder: string, name: string): AsyncGenerator<string> {
  const { shape } = projectionNamed(name);
  const booleans = Object.keys(shape.columns).filter((column) => shape.columns[column] === 'boolean');
  const file = join(folder, VIEWS_FILE);
  await access(file);
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    for (const row of db.prepare(`SELECT * FROM ${quoted(name)} ORDER BY ${shape.key.map(quoted).join(', ')}`).iterate()) {
      yield canonicalJson({ ...row, ...Object.fromEntries(booleans.map((column) => [column, row[column] === 1])) });
    }
  } finally {
    db.close();
  }
}
