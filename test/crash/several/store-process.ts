import { openSqliteContentStore, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { type Mishap, openStoreServer } from '../../support/store-server/server';
import { seeded } from '../seeded';

/** The store server as a process of its own: `node store-process.js <folder> <port> <seed>`; it hears which share of appends meets something. */
const [folder = '', port = '0', seed = '0'] = process.argv.slice(2);
const MISHAPS: readonly Mishap[] = ['questionLost', 'answerLost', 'answerLate', 'landsLate', 'cut'];
const LATE_MS = 600;

const main = async (): Promise<void> => {
  const random = seeded(Number(seed));
  const [store, contents] = [await openSqliteEventStore({ folder }), await openSqliteContentStore({ folder })];
  let share = 0;
  process.on('message', (told: { mishapShare: number }) => {
    share = told.mishapShare;
  });
  const mishap = (): Mishap => (random() < share ? (MISHAPS[Math.floor(random() * MISHAPS.length)] ?? 'none') : 'none');
  const server = await openStoreServer({ store, contents, port: Number(port), mishap, lateMs: LATE_MS });
  process.send?.({ port: server.port });
  process.once('disconnect', () => process.exit());
};

void main();
