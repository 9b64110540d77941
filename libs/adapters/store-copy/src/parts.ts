import type { ContentStore, EventReader, EventStore } from '#libs/application';
import { CopyStopped } from './words';

export type CopyStage = 'copying' | 'comparing' | 'balances';
/** Units: events; of `balances` streams. */
export type CopyReport = (stage: CopyStage, done: number, total: number) => void;
export type CopyParts = Readonly<{
  source: EventReader;
  target: EventStore;
  sourceContents: Pick<ContentStore, 'get'>;
  targetContents: ContentStore;
  /** Appends under way at once; 1 where the target keeps no order between them. */
  inFlightMax: number;
  report: CopyReport;
  signal: AbortSignal;
}>;
/** What was copied and held against the source. `hash`: SHA-256 over the SHA-256 of each event, in log order. Units: fen. */
export type Copied = Readonly<{
  events: number;
  /** Of them, those that this run has copied; the others stood there. */
  copiedNow: number;
  claims: number;
  contents: number;
  streams: number;
  balanceFen: number;
  hash: string;
  /** What the source has got since: copy again, when nobody writes there any more. */
  sourceGrownBy: number;
}>;

/** Throws: CopyStopped. */
export const goOn = ({ signal }: CopyParts, copied: number): void => {
  if (signal.aborted) throw new CopyStopped(copied);
};
