import type { Engine } from '../engine';
import type { Tracing } from '../envelope';
import type { ReadModels } from '../read-models.port';

const PAGE_ROWS = 100;
const TRACING: Tracing = {
  actor: { principal: 'owed-vouchers', organisation: 'operator', door: 'job' },
  correlationId: 'owed-vouchers',
  causationId: 'owed-vouchers',
};

/**
 * Issues the vouchers of acts that have none yet: the act is recorded first, and a stop may come between. Those of acts that are being answered
 * just now are issued twice under one key, which is once. Throws: on outage.
 */
export const issueOwedVouchers = async ({ engine, readModels }: Readonly<{ engine: Engine; readModels: ReadModels }>): Promise<number> => {
  let issued = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await readModels.owedVouchers(cursor === undefined ? { limit: PAGE_ROWS } : { cursor, limit: PAGE_ROWS });
    for (const owed of page.rows) {
      const answer = await engine.cardService.issueOwed(owed, TRACING);
      if (answer.kind === 'done' && !answer.replayed) issued += 1;
    }
    cursor = page.next;
  }
  return issued;
};
