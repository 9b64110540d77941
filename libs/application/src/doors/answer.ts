import type { NonEmpty, RefusalRow } from '#libs/kernel';
import type { CredentialKind } from '#libs/medical-account';

/** Every reason is the catalogue's row for its code, with the facts that the refusal carries (amounts still in fen, names ending in `Fen`). */
export type Reason = Readonly<{ code: string }> & Readonly<Record<string, unknown>>;
export type Catalogue = Readonly<Record<string, RefusalRow>>;

/** What a door gets back from a write. Nothing else can come back; a bug throws. */
export type Answer<T> =
  | Readonly<{ kind: 'done'; replayed: boolean; value: T }>
  | Readonly<{ kind: 'refused'; reasons: NonEmpty<Reason> }>
  | Readonly<{ kind: 'throttled'; retryAfterSeconds: number }> // The same refused attempt too often: counted, not decided again.
  | Readonly<{ kind: 'contended' }> // Others kept winning until the deadline; nothing of this command is stored.
  | Readonly<{ kind: 'outcomeUnknown' }> // Never to be told as "not settled".
  | Readonly<{ kind: 'unavailable'; cause: 'full' | 'closing' | 'readOnly' | 'busy' | 'outage' | 'stale' }>;

export type Credential = Readonly<{ kind: CredentialKind; number: string }>;
