import fc from 'fast-check';
import type { CardRecord, MedicalAccountEvent } from '#libs/medical-account';
import { histories } from '../../../../test/support/account-histories';
import { packOf, play } from '../../../../test/support/account-play';
import { ACCOUNTS } from '../../../../test/support/account-steps';
import { runs, tally } from '../../../../test/support/property-runs';
import { cards, type StoredCard } from './cards.projection';
import type { ProjectedEvent, Rows } from './projection';

/** Rows of the projection over whole logs, by card. */
const projectedCards = (logs: readonly (readonly (MedicalAccountEvent & object)[])[]): Map<string, StoredCard> => {
  const rows = new Map<string, StoredCard>();
  const memory: Rows<StoredCard> = {
    get: (...key) => rows.get(key.join('|')),
    put: (row) => void rows.set(`${row.accountId}|${row.cardId}`, row),
  };
  let logIndex = 0;
  for (const [n, log] of logs.entries())
    for (const event of log)
      cards.apply(memory, { ...event, accountId: ACCOUNTS[n] ?? '', logIndex: logIndex++ } as unknown as ProjectedEvent);
  return rows;
};

const saidBy = ({ kind, carriesPersonalAccount, lastSwipedOn, successorCardId, timeline }: CardRecord): Partial<StoredCard> => ({
  kind,
  carriesPersonalAccount,
  lastSwipedOn,
  successorCardId,
  state: timeline.at(-1)?.state ?? null,
  stoppedAt: timeline.findLast(({ state }) => state === 'stopped')?.from ?? null,
});

const whatBecameOf = ({ timeline, lastSwipedOn, successorCardId }: CardRecord, row: StoredCard | undefined): string[] => [
  row?.stopPhase ? `stopped by ${row.stopPhase}` : String(timeline.at(-1)?.state),
  ...(lastSwipedOn && lastSwipedOn >= '2026-03-01' ? ['swiped'] : []),
  ...(successorCardId ? ['succeeded'] : []),
];

it('the read model of cards says of every card what the account itself says, whatever happened to it', () => {
  const seen = tally();
  // A phase that begins in the middle of many histories: swiped until shortly before, long ago, never.
  const cardStops = [
    { phase: 'first', at: '2026-03-04T16:00:00.000Z', cardKinds: ['labourSecurity' as const], inactiveYears: 1 },
    {
      phase: 'last',
      at: '2026-03-20T16:00:00.000Z',
      cardKinds: ['labourSecurity' as const, 'residentMedical' as const],
      inactiveYears: null,
    },
  ];
  fc.assert(
    fc.property(histories, (steps) => {
      const { logs, states } = play(
        steps,
        packOf({ firstSwipe: true, sealedTakesCredits: true, moves: 'now', parallel: 'none', pins: 'consecutive' }, { cardStops }),
        undefined,
        1_000,
      );
      const rows = projectedCards(logs);
      for (const [n, { holder, cards: own }] of states.entries()) {
        if (holder === null) continue;
        const ofAccount = [...rows].filter(([key]) => key.startsWith(`${ACCOUNTS[n] ?? ''}|`));
        expect(ofAccount).toHaveLength(own.size + 1);
        for (const [cardId, card] of own) {
          const row = rows.get(`${ACCOUNTS[n] ?? ''}|${cardId}`);
          for (const what of whatBecameOf(card, row)) seen.count(what);
          expect(row).toMatchObject(saidBy(card));
        }
      }
    }),
    runs(60, 40),
  );
  expect(
    seen.missing(
      ['stopped by first', 'stopped by last', 'stopped', 'cancelled', 'inUse', 'registered', 'temporarilyLost', 'swiped', 'succeeded'],
      3,
    ),
  ).toEqual([]);
});
