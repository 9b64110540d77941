import { DatabaseSync } from 'node:sqlite';
import type { LoggedEvent } from '#libs/application';
import type { Projection } from '../projection';
import { credited, storedEvents, type Told } from '../projection.fixture';
import { decoded, ProjectionRun } from '../projection-run';
import type { PlainRow } from '../projections';
import { SqliteKeeper } from './sqlite-keeper';
import { checkpointOf, openViewsFile } from './views-file';

/** Writes two rows an event, and fails between them at the one that is told to. */
const halfway = (failsAt: number): Projection<PlainRow> => ({
  name: 'halfway',
  version: 1,
  shape: { columns: { half: 'text', n: 'integer' }, key: ['half'], indexes: [] },
  apply(rows, { logIndex }) {
    rows.put({ half: `${logIndex} first`, n: 1 });
    if (logIndex === failsAt) throw new Error('cannot be');
    rows.put({ half: `${logIndex} second`, n: 2 });
  },
});

const logged = (count: number): LoggedEvent[] =>
  storedEvents(
    Array.from({ length: count }, (): Told => credited('A1', 'K1', 1)),
    new Map(),
  ).map((event, logIndex) => ({ ...event, logIndex }));

let db: DatabaseSync;
let keeper: SqliteKeeper;
const start = (projection: Projection<PlainRow>) => new ProjectionRun(projection, keeper.create(projection, 'live'));
const apply = (run: ProjectionRun, events: readonly LoggedEvent[]) => keeper.write([run], events.map(decoded));
const rows = () => db.prepare('SELECT half, n FROM halfway ORDER BY half').all();

beforeEach(() => {
  db = openViewsFile(':memory:');
  keeper = new SqliteKeeper(db);
});
afterEach(() => db.close());

describe('projection run', () => {
  it('stops before the failing event: nothing of it stands, not even the half that it had put', () => {
    const run = start(halfway(1));
    apply(run, logged(4));
    expect(rows()).toEqual([
      { half: '0 first', n: 1 },
      { half: '0 second', n: 2 },
    ]);
    expect([run.logIndex, checkpointOf(db, 'halfway', 'live')?.logIndex]).toEqual([0, 0]);
    expect(run.failure).toEqual({ logIndex: 1, type: 'AccountCredited.v1', reason: 'cannot be' });
  });
  it('once stopped it takes nothing more', () => {
    const run = start(halfway(0));
    apply(run, logged(1));
    apply(run, logged(4).slice(2));
    expect([rows(), run.logIndex, run.failure?.logIndex]).toEqual([[], -1, 0]);
  });
  it('events that it has already are left out; a gap is an outage, not a skip', () => {
    const run = start(halfway(-1));
    const events = logged(5);
    apply(run, events.slice(0, 3));
    apply(run, events.slice(1, 4));
    expect(run.logIndex).toBe(3);
    const later = { ...events[4], logIndex: 5 } as LoggedEvent;
    expect(() => apply(run, [later])).toThrow('jumps from 3 to 5');
    expect([run.logIndex, run.failure]).toEqual([3, null]);
  });
  it('when the transaction fails, nothing of it is known: the same batch again does the same', () => {
    const counting: Projection<PlainRow> = {
      ...halfway(-1),
      apply: (into) => into.put({ half: 'first', n: ((into.get('first')?.n as number | undefined) ?? 0) + 1 }),
    };
    const run = start(counting);
    const broken = jest.spyOn(db, 'exec').mockImplementationOnce((sql) => DatabaseSync.prototype.exec.call(db, sql));
    broken.mockImplementationOnce(() => {
      throw new Error('no commit');
    });
    expect(() => apply(run, logged(3))).toThrow('no commit');
    broken.mockRestore();
    expect([rows(), run.logIndex]).toEqual([[], -1]);
    apply(run, logged(3));
    expect([rows(), run.logIndex]).toEqual([[{ half: 'first', n: 3 }], 2]);
  });
  it('an outage half way is not held against the event; what it left in memory is not taken along', () => {
    let away = true;
    const projection: Projection<PlainRow> = {
      ...halfway(-1),
      apply: (into, { logIndex }) => {
        into.put(away ? { half: 'stale', n: 1 } : { half: 'kept', n: logIndex });
        if (away) throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
      },
    };
    const run = start(projection);
    expect(() => apply(run, logged(1))).toThrow('disk I/O error');
    expect([run.logIndex, run.failure]).toEqual([-1, null]);
    away = false;
    apply(run, logged(1));
    expect(rows()).toEqual([{ half: 'kept', n: 0 }]);
  });
  it('a column without a value is told: SQLite would take it for empty', () => {
    const projection: Projection<PlainRow> = { ...halfway(-1), apply: (into) => into.put({ half: 'first' }) };
    const run = start(projection);
    expect(() => apply(run, logged(1))).toThrow('no value for column n');
  });
});
