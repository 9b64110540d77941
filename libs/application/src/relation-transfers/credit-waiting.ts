import type { Engine } from '../engine';
import type { Tracing } from '../envelope';
import type { ReadModels } from '../read-models.port';

const PAGE_ROWS = 100;
const TO_CREDIT: ReadonlySet<string> = new Set(['matched', 'crediting']);
const TRACING: Tracing = {
  actor: { principal: 'waiting-transfers', organisation: 'operator', door: 'job' },
  correlationId: 'waiting-transfers',
  causationId: 'waiting-transfers',
};
type Parts = Readonly<{ engine: Pick<Engine, 'relationTransfers'>; readModels: Pick<ReadModels, 'relationTransfers'> }>;

/**
 * Credits the transfers in that waited and can be credited by now: the person has an account, a freeze has ended, an own transfer is confirmed,
 * or a stop came between order and credit. Idempotency: each is credited once, whoever asks. Throws: on outage.
 */
export const creditWaitingTransfers = async ({ engine, readModels }: Parts, tracing = TRACING): Promise<number> => {
  let credited = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const asked = cursor === undefined ? { limit: PAGE_ROWS } : { cursor, limit: PAGE_ROWS };
    const page = await readModels.relationTransfers({ direction: 'in', isOpen: true }, asked);
    for (const { transferId, stage } of page.rows) {
      if (!TO_CREDIT.has(stage)) continue;
      const answer = await engine.relationTransfers.credit(transferId, tracing);
      if (answer.kind === 'done' && !answer.replayed && answer.value.stage === 'credited') credited += 1;
    }
    cursor = page.next;
  }
  return credited;
};
