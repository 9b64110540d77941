import type { Recorded } from '#libs/kernel';
import type { MedicalAccountEvent, MedicalLeg } from '#libs/medical-account';

/** An event of an account as projections see it. */
export type ProjectedEvent = Recorded<MedicalAccountEvent> & Readonly<{ logIndex: number; accountId: string }>;

export type Value = string | number | boolean | null;
export type Kind = 'text' | 'integer' | 'boolean' | 'text?' | 'integer?';
/** One table: a `?` marks a column that may be empty. `key` is also the order of a dump. */
export type Shape<Row> = Readonly<{
  columns: Readonly<Record<keyof Row & string, Kind>>;
  key: readonly (keyof Row & string)[];
  indexes: readonly (readonly (keyof Row & string)[])[];
}>;

/** The rows of one projection. Rows are replaced, never changed: `put` a new one. */
export interface Rows<Row> {
  get(...key: readonly (string | number)[]): Row | undefined;
  put(row: Row): void;
}

/**
 * A read model as a pure function of the log. A change of what `apply` does or of the shape is a new `version`: the read model is built anew.
 * `apply` throws when the log says what cannot be: the projection stops there, it never skips.
 */
export interface Projection<Row> {
  readonly name: string;
  readonly version: number;
  readonly shape: Shape<Row>;
  apply(rows: Rows<Row>, event: ProjectedEvent): void;
}

/** The row that an event builds on. @throws Error when it is not there: the log contradicts itself. */
export const standing = <Row>(row: Row | undefined, what: string): Row => {
  if (row === undefined) throw new Error(`${what} is not there`);
  return row;
};

/** What an institution is owed by these legs: account money drawn, less account money given back. Units: fen. */
export const payableFen = (legs: readonly MedicalLeg[]): number =>
  legs.reduce((sum, { account, amountFen }) => (account.startsWith('payable:') ? sum + amountFen : sum), 0);
