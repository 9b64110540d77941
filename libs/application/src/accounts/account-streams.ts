import {
  type AccountFacts,
  type AccountRefusal,
  type AccountState,
  decodeAccountEvent,
  encodeAccountEvent,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  shortCommand,
} from '#libs/medical-account';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Request } from '../streams/request';

export type AccountRunner = CommandRunner<MedicalAccountCommand, MedicalAccountEvent, AccountState, AccountRefusal, AccountFacts>;
export type AccountRequest = Request<MedicalAccountCommand, AccountState, AccountFacts>;

// Measured of heaps of many states: 1,260 bytes with one card, and the cache's own entry.
const STATE_BYTES = 1_024;
const CARD_BYTES = 640;
const FREEZE_BYTES = 640;

/** Units of `cacheBytes`: bytes, roughly. */
export const accountRunner = (parts: StreamParts, cacheBytes: number): AccountRunner =>
  new CommandRunner({
    ...parts,
    cacheBytes,
    aggregate: {
      decider: medicalAccount,
      decode: decodeAccountEvent,
      encode: { event: encodeAccountEvent, command: shortCommand },
      sizeOf: ({ cards, freezes }) => STATE_BYTES + cards.size * CARD_BYTES + freezes.size * FREEZE_BYTES,
    },
  });

export const poolingAreaOf = ({ holder }: AccountState): string | null => holder?.poolingArea ?? null;
export const personIdOf = ({ holder }: AccountState): string | null => holder?.personId ?? null;
/** The account that a stream belongs to. */
export const accountIdOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
