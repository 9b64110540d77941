import type { SignedBy } from '#libs/card-service';
import type { Json } from '#libs/kernel';

/** Who asked: the access key and its organisation. No person is named here. */
export type Actor = Readonly<{ principal: string; organisation: string; door: 'http' | 'batch' | 'admin' | 'job' | 'gateway' }>;
/** Correlation: one piece of business over several messages. Causation: the message that led to this one. */
export type Tracing = Readonly<{ actor: Actor; correlationId: string; causationId: string; voucher?: VoucherOwed }>;
/** That the act under this key leaves a voucher: kept with the act's own event, so that it is never lost, whatever happens in between. */
export type VoucherOwed = Readonly<{ actKey: string; outletCode: string; signedBy: SignedBy }>;

/**
 * What stands beside the data of an event. The first event of an append (`index` 0) holds command and facts, so that a replay can decide
 * again; claims stand on the event that they name.
 */
export type EventMeta = Readonly<{
  append: Readonly<{ index: number; count: number }>;
  actor: Actor;
  correlationId: string;
  causationId: string;
  command?: Json;
  facts?: Json;
  claims?: readonly Readonly<{ key: string; commandHash: string }>[];
  voucher?: Omit<VoucherOwed, 'actKey'>;
}>;

/** The stored envelope. Its RFC 8785 bytes are what the log keeps, hashes and proves. */
export type Envelope = Readonly<{
  id: string;
  stream: string;
  revision: number;
  type: string;
  decidedAt: string;
  data: Json;
  meta: EventMeta;
}>;
