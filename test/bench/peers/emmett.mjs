// The same work by Emmett on PostgreSQL: read the account's stream, fold it, decide, append at the expected version; in process, no HTTP.
// Usage: node emmett.mjs '{"url", "accounts", "inFlight", "connections", "warmUpSeconds", "seconds"}'; the last line is {"perSecond"}.
import { CommandHandler } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

const { url, accounts, inFlight, connections, warmUpSeconds, seconds } = JSON.parse(process.argv[2]);

const OPENING_FEN = 1_000_000;
const initialState = () => ({ balanceFen: OPENING_FEN, settled: new Set() });
const evolve = (state, { type, data }) => {
  if (type !== 'SwipeSettled') return state;
  state.settled.add(data.serial);
  return { ...state, balanceFen: data.balanceAfterFen };
};
const decide = ({ serial, totalFeeFen, ...command }, { balanceFen, settled }) => {
  if (settled.has(serial)) return [];
  const accountPaidFen = Math.min(balanceFen, totalFeeFen);
  const legs = [
    { account: 'subAccount:card:currentYear', amountFen: -accountPaidFen },
    { account: `payable:${command.institutionCode}`, amountFen: accountPaidFen },
  ];
  const amounts = { totalFeeFen, accountPaidFen, cashPaymentFen: totalFeeFen - accountPaidFen };
  return [
    {
      type: 'SwipeSettled',
      data: { ...command, serial, ...amounts, balanceBeforeFen: balanceFen, balanceAfterFen: balanceFen - accountPaidFen, legs },
    },
  ];
};

const pool = new pg.Pool({ connectionString: url, max: connections });
const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
const handle = CommandHandler({ evolve, initialState });

let random = 0x9e3779b9;
const below = (limit) => {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return (random >>> 0) % limit;
};
let swipes = 0;
const settle = async () => {
  const account = below(accounts);
  const serial = `PEER-${String(++swipes).padStart(19, '0')}`;
  const command = {
    serial,
    institutionCode: 'P37020000001',
    occurredAt: new Date().toISOString(),
    cardId: `card-${account}`,
    insuranceType: 'employee',
    medicalCategory: 'pharmacyPurchase',
    totalFeeFen: 100 + below(900),
    fundPaidFen: 0,
    operatorCode: 'O1',
    terminalCode: 'T1',
    settlementId: crypto.randomUUID(),
    businessDate: new Date().toISOString().slice(0, 10),
    key: `settlement-P37020000001-${serial}`,
    commandHash: `1:${serial.padEnd(64, '0')}`,
  };
  await handle(store, `medicalAccount-${account}`, (state) => decide(command, state), {
    retry: { onVersionConflict: 10 },
  });
};

await store.schema.migrate();
const begins = performance.now() + warmUpSeconds * 1_000;
const ends = begins + seconds * 1_000;
let settled = 0;
const worker = async () => {
  for (let now = performance.now(); now < ends; now = performance.now()) {
    await settle();
    if (now >= begins) settled += 1;
  }
};
await Promise.all(Array.from({ length: inFlight }, worker));
const perSecond = settled / ((performance.now() - begins) / 1_000);
await store.close();
await pool.end();
console.log(JSON.stringify({ perSecond }));
process.exit(0);
