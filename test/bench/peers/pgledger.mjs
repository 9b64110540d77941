// A transfer from a holder to an institution in pgledger: balances and entries in PostgreSQL functions, one round trip; in process, no HTTP.
// Usage: node pgledger.mjs '{"url", "accounts", "inFlight", "connections", "warmUpSeconds", "seconds"}'; the last line is {"perSecond"}.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const { url, accounts, inFlight, connections, warmUpSeconds, seconds } = JSON.parse(process.argv[2]);

const pool = new pg.Pool({ connectionString: url, max: connections });
for (const file of ['uuid-to-ulid.sql', 'pgledger.sql']) {
  await pool.query(readFileSync(new URL(`vendor/pgledger/${file}`, import.meta.url), 'utf8'));
}
const open = async (name, count) => {
  const sql = `SELECT (pgledger_create_account('${name}' || n, 'CNY')).id FROM generate_series(1, $1) AS n`;
  return (await pool.query(sql, [count])).rows.map(({ id }) => id);
};
const holders = await open('holder', accounts);
const institutions = await open('institution', inFlight); // One for each in flight, so that none waits for the lock on another's row.
await pool.query('ANALYZE');

const transfer = { name: 'transfer', text: 'SELECT id FROM pgledger_create_transfer($1, $2, $3)' };
const begins = performance.now() + warmUpSeconds * 1_000;
const ends = begins + seconds * 1_000;
let made = 0;
const worker = async (institution) => {
  for (let now = performance.now(); now < ends; now = performance.now()) {
    const holder = holders[Math.floor(Math.random() * holders.length)];
    await pool.query({ ...transfer, values: [holder, institution, (1 + Math.random() * 9).toFixed(2)] });
    if (now >= begins) made += 1;
  }
};
await Promise.all(institutions.map(worker));
const perSecond = made / ((performance.now() - begins) / 1_000);
await pool.end();
console.log(JSON.stringify({ perSecond }));
