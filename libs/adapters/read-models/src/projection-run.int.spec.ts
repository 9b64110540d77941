import { DatabaseSync } from 'node:sqlite';
import type { LoggedEvent } from '#libs/application';
import type { Projection } from './projection';
import { credited, storedEvents, type Told } from './projection.fixture';
import { decoded, ProjectionRun } from './projection-run';
import type { PlainRow } from './projections';
import { checkpointOf, createGeneration, inTransaction, openViewsFile } from './views-file';

/** Writes two rows an event, and fails between them at the one that is told to. */
const halfway = (failsAt: number): Projection<PlainRow> => ({
  name: 'halfway',
  version: 1,
  shape: { columns: { half: 'text', n: 'integer' }, key: ['half'], indexes: [] },
  apply(rows, { logIndex }) {
    rows.put({ half: 'first', n: logIndex });
    if (logIndex === failsAt) throw new Error('cannot be');
    rows.put({ half: 'second', n: logIndex });
  },
});

const logged = (count: number): LoggedEvent[] =>
  storedEvents(
    Array.from({ length: count }, (): Told => credited('A1', 'K1', 1)),
    new Map(),
  ).map((event, logIndex) => ({ ...event, logIndex }));

let db: DatabaseSync;
const start = (projection: Projection<PlainRow>) =>
  new ProjectionRun(
    db,
    projection,
    inTransaction(db, () => createGeneration(db, projection, 'live')),
  );
const apply = (run: ProjectionRun, events: readonly LoggedEvent[]) => inTransaction(db, () => run.apply(events.map(decoded)))();
const rows = () => db.prepare('SELECT half, n FROM halfway ORDER BY half').all();

beforeEach(() => {
  db = openViewsFile(':memory:');
});
afterEach(() => db.close());

describe('projection run', () => {
  it('stops before the failing event: nothing of it stands, not even the half that it had put', () => {
    const run = start(halfway(3));
    apply(run, logged(6));
    expect(rows()).toEqual([
      { half: 'first', n: 2 },
      { half: 'second', n: 2 },
    ]);
    expect([run.logIndex, checkpointOf(db, 'halfway', 'live')?.logIndex]).toEqual([2, 2]);
    expect(run.failure).toEqual({ logIndex: 3, type: 'AccountCredited.v1', reason: 'cannot be' });
  });
  it('once stopped it takes nothing more', () => {
    const run = start(halfway(0));
    apply(run, logged(1));
    apply(run, logged(4));
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
  it('a row that cannot be written undoes the batch; what it left in memory is not taken along', () => {
    let complete = false;
    const projection: Projection<PlainRow> = {
      ...halfway(-1),
      apply: (into, { logIndex }) => into.put(complete ? { half: 'kept', n: logIndex } : { half: 'stale', n: 1.5 }),
    };
    const run = start(projection);
    expect(() => apply(run, logged(1))).toThrow();
    complete = true;
    apply(run, logged(1));
    expect(rows()).toEqual([{ half: 'kept', n: 0 }]);
  });
  it('a column without a value is told: SQLite would take it for empty', () => {
    const projection: Projection<PlainRow> = { ...halfway(-1), apply: (into) => into.put({ half: 'first' }) };
    const run = start(projection);
    expect(() => apply(run, logged(1))).toThrow('no value for column n');
  });
});
