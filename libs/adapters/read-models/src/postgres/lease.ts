import type { Pool, PoolClient } from 'pg';

/** Another projector has taken over, or may have. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('another projector has the lease');
  }
}

export type LeaseTerms = Readonly<{
  /** So long the lease holds without being renewed. Units: milliseconds, by the server's clock. */
  heldMs: number;
  holder: string;
}>;

/**
 * The right to write, for one projector at a time. Its token grows with every holder and is demanded in the same transaction as every
 * write: one that stood still while another took over writes nothing any more, whatever its own clock says.
 */
export class Lease {
  private constructor(
    private readonly pool: Pool,
    private readonly heldMs: number,
    readonly token: number,
  ) {}

  /** Undefined: another has it. Throws: on outage. */
  static async take(pool: Pool, { heldMs, holder }: LeaseTerms): Promise<Lease | undefined> {
    const { rows } = await pool.query<{ token: number }>(
      `UPDATE "projectorLease" SET token = token + 1, holder = $1, "heldUntil" = clock_timestamp() + $2 * interval '1 millisecond'
       WHERE "heldUntil" < clock_timestamp() RETURNING token`,
      [holder, heldMs],
    );
    return rows[0] && new Lease(pool, heldMs, rows[0].token);
  }

  /** Renews the lease in the caller's transaction, which keeps it from everybody until it ends. Throws: LeaseLostError; on outage. */
  async demand(client: PoolClient | Pool = this.pool): Promise<void> {
    const { rowCount } = await client.query(
      `UPDATE "projectorLease" SET "heldUntil" = clock_timestamp() + $2 * interval '1 millisecond' WHERE token = $1`,
      [this.token, this.heldMs],
    );
    if (rowCount !== 1) throw new LeaseLostError();
  }

  /** Lets the next one begin at once. Idempotency: of one that is lost already, nothing happens. */
  async release(): Promise<void> {
    await this.pool.query(`UPDATE "projectorLease" SET "heldUntil" = '-infinity' WHERE token = $1`, [this.token]);
  }
}
