import { canonicalJson } from '#libs/kernel';
import { projectionNamed } from '../projections';
import { quoted } from '../views';
import { WITH_OTHER_READERS } from './generations';
import { openPool } from './pool';

const PAGE_ROWS = 1_000;
const STATEMENT_WITHIN_MS = 60_000;

/** The same lines that the dump of views.db gives for the same log, in the same order, from one snapshot. @throws RangeError for an unknown name. */
export async function* dumpPostgresReadModel(url: string, name: string): AsyncGenerator<string> {
  const { shape } = projectionNamed(name);
  const booleans = Object.keys(shape.columns).filter((column) => shape.columns[column] === 'boolean');
  const pool = openPool(url, { connectionsMax: 1, applicationName: 'yika-dump', statementWithinMs: STATEMENT_WITHIN_MS });
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(WITH_OTHER_READERS);
    const order = shape.key.map(quoted).join(', ');
    await client.query(`DECLARE dumped NO SCROLL CURSOR FOR SELECT * FROM ${quoted(name)} ORDER BY ${order}`);
    for (;;) {
      const { rows } = await client.query<Record<string, string | number | null>>(`FETCH ${PAGE_ROWS} FROM dumped`);
      for (const row of rows) yield canonicalJson({ ...row, ...Object.fromEntries(booleans.map((column) => [column, row[column] === 1])) });
      if (rows.length < PAGE_ROWS) return;
    }
  } finally {
    client.release(true);
    await pool.end();
  }
}
