import type { Pool } from 'pg';

export type AskedRebuild = Readonly<{ id: number; name: string }>;
type Standing = Readonly<{ state: 'asked' | 'building' | 'done' | 'failed'; detail: string | null; doneEvents: number | null }>;

/** Asks whichever projector leads to build a projection anew; the order is kept until it is done. Returns its number. Throws: on outage. */
export const askRebuild = async (pool: Pool, name: string): Promise<number> => {
  const { rows } = await pool.query<{ id: number }>('INSERT INTO "askedRebuilds" (name) VALUES ($1) RETURNING id', [name]);
  return rows[0]?.id ?? 0;
};

/** How far it is; `doneEvents`: events in the new generation while it is being built. Throws: on outage. */
export const standingOf = async (pool: Pool, id: number): Promise<Standing> => {
  const { rows } = await pool.query<Standing>(
    `SELECT asked.state, asked.detail, shadow."logIndex" + 1 AS "doneEvents" FROM "askedRebuilds" asked
     LEFT JOIN projections shadow ON shadow.name = asked.name AND shadow.role = 'shadow' WHERE asked.id = $1`,
    [id],
  );
  return rows[0] ?? { state: 'failed', detail: 'the order is gone', doneEvents: null };
};

/** What a new leader begins with: what was asked, and what the one before it had begun. Throws: on outage. */
export const rebuildsToDo = async (pool: Pool): Promise<readonly AskedRebuild[]> => {
  const { rows } = await pool.query<AskedRebuild>(`SELECT id, name FROM "askedRebuilds" WHERE state IN ('asked', 'building') ORDER BY id`);
  return rows;
};

/** Throws: on outage. */
export const tellRebuild = async (pool: Pool, id: number, state: Standing['state'], detail: string | null = null): Promise<void> => {
  await pool.query('UPDATE "askedRebuilds" SET state = $2, detail = $3 WHERE id = $1', [id, state, detail]);
};
