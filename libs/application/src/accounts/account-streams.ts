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

const STATE_BYTES = 4 * 1024;
const CARD_BYTES = 512;
const POSTING_BYTES = 2 * 1024;

/** Units of `cacheBytes`: bytes, roughly. */
export const accountRunner = (parts: StreamParts, cacheBytes: number): AccountRunner =>
  new CommandRunner({
    ...parts,
    cacheBytes,
    aggregate: {
      decider: medicalAccount,
      decode: decodeAccountEvent,
      encode: { event: encodeAccountEvent, command: shortCommand },
      sizeOf: ({ postings, cards }) => STATE_BYTES + postings.size * POSTING_BYTES + cards.size * CARD_BYTES,
    },
  });

export const poolingAreaOf = ({ holder }: AccountState): string | null => holder?.poolingArea ?? null;
export const personIdOf = ({ holder }: AccountState): string | null => holder?.personId ?? null;
/** The account that a stream belongs to. */
export const accountIdOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
