import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckName } from '#libs/audit';
import type { Pen } from './recorded-folder';

export const withoutViews = ({ folder }: Pen): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(folder, `views.db${end}`), { force: true });
  writeFileSync(path.join(folder, 'manifest.json'), '{}');
};

/** All of it from the prior year, where there is enough. */
const ofPriorYear = (legs: unknown, institutionCode: string) => {
  const account = String((legs as [string, number][])[0]?.[0]).replace(/[^:]+$/, 'priorYear');
  return [
    [account, -2000],
    [`payable:${institutionCode}`, 2000],
  ];
};

/** What was done to the folder, and every check that turns red of it; all others stay green. */
export const TAMPERED: readonly (readonly [what: string, red: readonly CheckName[], change: (pen: Pen) => void])[] = [
  [
    'a byte flipped, the crc left',
    ['bytes'],
    (pen) => {
      const { logIndex, bytes } = pen.at('DirectoryEntryAdded.v1');
      const flipped = Buffer.from(bytes.toString().replace('"correlationId":"c', '"correlationId":"d'));
      pen.events.prepare('UPDATE events SET bytes = ? WHERE log_index = ?').run(flipped, logIndex);
    },
  ],
  [
    'a column that says other than the bytes',
    ['bytes'],
    (pen) => pen.run("UPDATE events SET type = 'CardEnabled.v1' WHERE type = 'FreezePlaced.v1'"),
  ],
  [
    'white space, with a fitting crc',
    ['canonical'],
    (pen) => {
      const { logIndex, bytes } = pen.at('FreezePlaced.v1');
      pen.write(logIndex, Buffer.from(bytes.toString().replace('{"data":', '{"data": ')));
    },
  ],
  [
    'members in another order',
    ['canonical'],
    (pen) => {
      const { logIndex, bytes } = pen.at('FreezePlaced.v1');
      pen.write(logIndex, Buffer.from(bytes.toString().replace(/^\{(.*),("type":"[^"]*")\}$/, '{$2,$1}')));
    },
  ],
  [
    'no UTF-8',
    ['canonical'],
    (pen) => {
      const { logIndex, bytes } = pen.at('ReceiptPrinted.v1');
      bytes[bytes.indexOf('correlation"') + 2] = 0xff;
      pen.write(logIndex, bytes);
    },
  ],
  [
    'a member more',
    ['form'],
    (pen) =>
      pen.change(pen.at('ReceiptPrinted.v1'), ({ data }) => {
        data.more = 1;
      }),
  ],
  [
    'an unknown type',
    ['form'],
    (pen) =>
      pen.change(pen.at('ReceiptPrinted.v1'), (event) => {
        event.type = 'ReceiptLost.v1';
      }),
  ],
  [
    'a revision left out',
    ['order'],
    (pen) =>
      pen.change(pen.at('ReceiptPrinted.v1'), (event) => {
        event.revision = 1;
      }),
  ],
  [
    'an id that does not follow from its command',
    ['ids'],
    (pen) =>
      pen.change(pen.at('AccessKeyCreated.v1'), (event) => {
        event.id = `${event.id.slice(0, -1)}${event.id.endsWith('0') ? '1' : '0'}`;
      }),
  ],
  [
    'an id that stands twice',
    ['bytes', 'ids'],
    (pen) => {
      const other = pen.at('AttemptRefused.v1').event.id;
      const { logIndex, bytes, event } = pen.at('ReceiptPrinted.v1');
      pen.write(logIndex, Buffer.from(bytes.toString().replace(event.id, other))); // The index of ids keeps its column.
    },
  ],
  [
    'an append cut off at its end',
    ['appends'],
    (pen) => {
      withoutViews(pen);
      pen.run('DELETE FROM events WHERE log_index = (SELECT max(log_index) FROM events)');
    },
  ],
  [
    'an event that says it came of another message than its append',
    ['appends'],
    (pen) =>
      pen.change(pen.at('CardCancelled.v1'), ({ meta }) => {
        meta.correlationId = 'another';
      }),
  ],
  ['a claim taken out', ['claims'], (pen) => pen.run("DELETE FROM claims WHERE key LIKE 'invoice-%#0'")],
  ['a claim put in', ['claims'], (pen) => pen.claim('settlement-H1-FALSE', '1:x', 3)],
  ['a claim with another hash', ['claims'], (pen) => pen.run("UPDATE claims SET command_hash = '1:x' WHERE key LIKE 'visit-%#1'")],
  ['a claim that names another event', ['claims'], (pen) => pen.run("UPDATE claims SET log_index = 0 WHERE key LIKE 'visit-%#1'")],
  [
    'a fen taken from one leg',
    ['legs', 'closings', 'decisions'],
    (pen) =>
      pen.change(pen.at('AccountCredited.v1'), ({ data }) => {
        const legs = data.legs as [string, number][];
        legs[1] = [legs[1]?.[0] ?? '', (legs[1]?.[1] ?? 0) - 1];
      }),
  ],
  [
    'an amount and its legs raised alike',
    ['closings', 'decisions', 'projections'],
    (pen) =>
      pen.change(pen.at('AccountCredited.v1'), ({ data }) => {
        data.legs = (data.legs as [string, number][]).map(([account, amountFen]) => [account, amountFen * 2]);
      }),
  ],
  [
    'a terminal that is not registered',
    ['decisions'],
    (pen) =>
      pen.change(pen.at('SwipeSettled.v1'), ({ data }) => {
        data.terminalCode = 'T7';
      }),
  ],
  [
    'a pack approved by who proposed it',
    ['packs', 'decisions'],
    (pen) =>
      pen.change(pen.at('PackPublished.v1'), ({ data }) => {
        data.approvedBy = data.proposedBy;
      }),
  ],
  [
    'a commitment that is none',
    ['commitments'],
    (pen) =>
      pen.change(pen.at('CardRegistered.v1', 1), ({ data }) => {
        data.commitments = { cardNumber: 'A10000002' };
      }),
  ],
  [
    'a closing that carries a fen more',
    ['closings', 'decisions'],
    (pen) =>
      pen.change(pen.at('YearRolledOver.v1'), ({ data }) => {
        const carried = data.carried as { balances: [string, number][] };
        carried.balances = carried.balances.map(([account, amountFen]) => [account, amountFen + 1]);
      }),
  ],
  [
    'a settlement with a stopped card whose money is sealed',
    ['cards', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-U1'),
        'U2',
      ),
  ],
  [
    'a settlement with a card in use whose money is sealed',
    ['cards', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-W1'),
        'W2',
      ),
  ],
  [
    'a settlement with a card that was replaced',
    ['legs', 'cards', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-T1'),
        'T2',
      ),
  ],
  [
    'a settlement at an institution that was suspended',
    ['agreements', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-S4'),
        'H1',
        (event) => {
          const legs = ofPriorYear(event.data.legs, 'H37020000001');
          event.data = { ...event.data, institutionCode: 'H37020000001', legs };
          delete event.data.replacesKey;
          event.meta = { ...event.meta, actor: { principal: 'x' }, facts: { institution: 3, packs: 1 } };
          delete event.meta.append;
          event.decidedAt = '2026-02-02T02:02:00.000Z';
          event.data.occurredAt = event.decidedAt;
        },
      ),
  ],
  [
    'a settlement undone a second time',
    ['settlements', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SettlementCancelled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-C1'),
        'C9',
      ),
  ],
  [
    'a visit settled again that was not undone',
    ['settlements', 'decisions'],
    (pen) =>
      pen.forge(
        pen.at('SwipeSettled.v1', 0, ({ data }) => data.key === 'settlement-P37020000001-S4'),
        'S8',
        (event) => {
          const legs = ofPriorYear(event.data.legs, 'P37020000001');
          event.data = { ...event.data, legs, visitNo: 'V1', chargeBatchNo: '1', invoiceNo: 'I1', occurredAt: event.decidedAt };
          delete event.data.replacesKey;
          delete event.meta.append;
          event.meta.facts = { institution: 2, packs: 1 };
          event.meta.claims = ['visit-P37020000001-V1-1#2', 'invoice-P37020000001-I1#2'];
          const last = (pen.events.prepare('SELECT max(log_index) AS n FROM events').get() as { n: number }).n;
          for (const key of event.meta.claims as string[]) pen.claim(key, String(event.data.commandHash), last + 1);
        },
      ),
  ],
  [
    'a row of a read model',
    ['projections'],
    (pen) => pen.in('views.db', "UPDATE settlements_1 SET state = 'undone' WHERE serial LIKE '%S3'"),
  ],
  ['a row of a read model taken out', ['projections'], (pen) => pen.in('views.db', 'DELETE FROM freezes_1')],
  [
    'what an institution is owed for a day',
    ['projections', 'institutionDays'],
    (pen) => pen.in('views.db', 'UPDATE institutionDays_1 SET accountPaidFen = accountPaidFen + 100'),
  ],
  [
    'a read model made from another event',
    ['seen', 'projections'],
    (pen) => pen.in('views.db', "UPDATE projections SET eventHash = 'x' WHERE name = 'balances'"),
  ],
  [
    'a log shorter than a read model has seen',
    ['seen', 'projections'],
    (pen) => pen.run('DELETE FROM events WHERE log_index >= (SELECT max(log_index) - 1 FROM events)'),
  ],
  [
    'less received from another account than it sent',
    ['legs', 'handOvers', 'decisions'],
    (pen) =>
      pen.change(pen.at('RefundReceived.v1'), ({ data }) => {
        const legs = data.legs as [string, number][];
        data.legs = legs.map(([account, fen]) => [account, fen + (fen < 0 ? 1_00 : -1_00)]);
      }),
  ],
  [
    'one operator for both pairs of eyes',
    ['handOvers', 'decisions'],
    (pen) => {
      const { event } = pen.at('PersonCaseApproved.v1');
      pen.change(
        pen.at('PersonCaseProposed.v1', 0, ({ data }) => data.caseId === event.data.caseId),
        ({ data }) => {
          data.proposedBy = event.data.approvedBy;
        },
      );
    },
  ],
  ['the lines of a bill', ['contents'], (pen) => pen.in('content.db', "UPDATE content SET bytes = x'00'")],
  [
    'an event in the middle taken out',
    ['log', 'order', 'claims'],
    (pen) =>
      pen.run(
        "DELETE FROM events WHERE type = 'CardEnabled.v1' AND log_index = (SELECT min(log_index) FROM events WHERE type = 'CardEnabled.v1')",
      ),
  ],
];
