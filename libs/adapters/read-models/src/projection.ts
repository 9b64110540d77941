import type { EventMeta } from '#libs/application';
import type { ApplicationEvent } from '#libs/card-service';
import type { Recorded } from '#libs/kernel';
import type { MedicalAccountEvent, MedicalLeg, RelationInEvent } from '#libs/medical-account';

/** An event of an account as projections see it. */
export type ProjectedEvent = Recorded<MedicalAccountEvent> & Owing & Readonly<{ logIndex: number; accountId: string }>;

/** Of an act that leaves a voucher. */
export type Owing = Readonly<{ voucherOwed?: EventMeta['voucher'] }>;

/** An event of an application as projections see it. */
export type ProjectedApplication = Recorded<ApplicationEvent> & Owing & Readonly<{ logIndex: number; applicationId: string }>;

/** A voucher as projections see it. */
export type ProjectedVoucher = Readonly<{
  key: string;
  voucherNo: string;
  about: Readonly<{ stream: string; revision: number }>;
  logIndex: number;
}>;

/** An event of a relation that comes from another pooling area, as projections see it. */
export type ProjectedRelationIn = Recorded<RelationInEvent> & Readonly<{ logIndex: number }>;

export type Value = string | number | boolean | null;
export type Kind = 'text' | 'integer' | 'boolean' | 'text?' | 'integer?';
/** `only`: rows for which this column is true; an index of few rows costs nothing for the others. */
export type Index<Row> = Readonly<{ on: readonly (keyof Row & string)[]; only?: keyof Row & string }>;
/**
 * One table: a `?` marks a column that may be empty. `key` is also the order of a dump. `filedBy`: the place in the log of the event that made
 * the row. Rows are then kept in that order, each new one after all others; indexes hold it as their last column, and need not name it.
 */
export type Shape<Row> = Readonly<{
  columns: Readonly<Record<keyof Row & string, Kind>>;
  key: readonly (keyof Row & string)[];
  filedBy?: keyof Row & string;
  indexes: readonly Index<Row>[];
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
  /** The same of the vouchers of outlets. */
  applyVoucher?(rows: Rows<Row>, voucher: ProjectedVoucher): void;
  /** The same of applications for cards. */
  applyApplication?(rows: Rows<Row>, event: ProjectedApplication): void;
  /** The same of relations that come from elsewhere. */
  applyRelationIn?(rows: Rows<Row>, event: ProjectedRelationIn): void;
}

/** The row that an event builds on. @throws Error when it is not there: the log contradicts itself. */
export const standing = <Row>(row: Row | undefined, what: string): Row => {
  if (row === undefined) throw new Error(`${what} is not there`);
  return row;
};

/** What an institution is owed by these legs: account money drawn, less account money given back. Units: fen. */
export const payableFen = (legs: readonly MedicalLeg[]): number =>
  legs.reduce((sum, { account, amountFen }) => (account.startsWith('payable:') ? sum + amountFen : sum), 0);
