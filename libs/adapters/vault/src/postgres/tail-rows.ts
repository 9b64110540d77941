import type { Pool } from 'pg';
import type { VaultKeeper } from '../rows';
import { VaultOutage } from '../vault-error';

type TailRow = Awaited<ReturnType<VaultKeeper['tailRow']>>;
type Asked = Readonly<{ cardId: string; resolve: (row: TailRow) => void; reject: (fault: Error) => void }>;

const TAILS = `SELECT card_id AS "cardId", person_id AS "personId", wrapped, sealed, tail FROM vault_cards JOIN vault_keys USING (person_id)
  WHERE card_id = ANY($1) AND wrapped IS NOT NULL`;
const ANSWER_WITHIN_MS = 500;

/** Asks for all tails together that are wanted since the last question. A till is waiting: who is not answered soon is told of an outage. */
export class TailRows {
  private asked: Asked[] = [];
  private isAsking = false;

  constructor(private readonly pool: Pool) {}

  of(cardId: string): Promise<TailRow> {
    return new Promise<TailRow>((resolve, reject) => {
      const late = setTimeout(() => reject(new VaultOutage('outage')), ANSWER_WITHIN_MS);
      const inTime =
        <Answer>(tell: (answer: Answer) => void) =>
        (answer: Answer) => {
          clearTimeout(late);
          tell(answer);
        };
      this.asked.push({ cardId, resolve: inTime(resolve), reject: inTime(reject) });
      if (this.isAsking) return;
      this.isAsking = true;
      setImmediate(() => void this.askAll());
    });
  }

  private async askAll(): Promise<void> {
    while (this.asked.length > 0) {
      const { asked } = this;
      this.asked = [];
      await this.ask(asked);
    }
    this.isAsking = false;
  }

  private async ask(asked: readonly Asked[]): Promise<void> {
    try {
      const cardIds = [...new Set(asked.map(({ cardId }) => cardId))];
      const { rows } = await this.pool.query<NonNullable<TailRow> & { cardId: string }>(TAILS, [cardIds]);
      const found = new Map(rows.map((row) => [row.cardId, row]));
      for (const { cardId, resolve } of asked) resolve(found.get(cardId));
    } catch {
      for (const { reject } of asked) reject(new VaultOutage('outage'));
    }
  }
}
