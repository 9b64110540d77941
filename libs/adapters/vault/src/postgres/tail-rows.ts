import type { Pool } from 'pg';
import type { VaultKeeper } from '../rows';
import { VaultOutage } from '../vault-error';

type TailRow = Awaited<ReturnType<VaultKeeper['tailRow']>>;
type Asked = Readonly<{ cardId: string; resolve: (row: TailRow) => void; reject: (fault: Error) => void }>;

const TAILS = `SELECT card_id AS "cardId", person_id AS "personId", wrapped, sealed, tail FROM vault_cards JOIN vault_keys USING (person_id)
  WHERE card_id = ANY($1) AND wrapped IS NOT NULL`;
const ANSWER_WITHIN_MS = 500;

/** Asks for tails together that are asked for in the same moment. A till is waiting: who is not answered soon is told of an outage. */
export class TailRows {
  private asked: Asked[] = [];

  constructor(private readonly pool: Pool) {}

  of(cardId: string): Promise<TailRow> {
    return new Promise<TailRow>((resolve, reject) => {
      this.asked.push({ cardId, resolve, reject });
      if (this.asked.length === 1) setImmediate(() => void this.ask());
    });
  }

  private async ask(): Promise<void> {
    const { asked } = this;
    this.asked = [];
    const late = setTimeout(() => {
      for (const { reject } of asked) reject(new VaultOutage('outage'));
    }, ANSWER_WITHIN_MS);
    try {
      const { rows } = await this.pool.query<NonNullable<TailRow> & { cardId: string }>(TAILS, [
        [...new Set(asked.map(({ cardId }) => cardId))],
      ]);
      const found = new Map(rows.map((row) => [row.cardId, row]));
      for (const { cardId, resolve } of asked) resolve(found.get(cardId));
    } catch {
      for (const { reject } of asked) reject(new VaultOutage('outage'));
    } finally {
      clearTimeout(late);
    }
  }
}
