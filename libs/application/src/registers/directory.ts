import type { Command, Decider, Event, Recorded } from '#libs/kernel';
import { answerOf } from '../answers';
import type { Answer } from '../engine';
import type { Tracing } from '../envelope';
import { clockOnly, type DecidedAt } from '../streams/clock-only';
import { CommandRunner, type StreamParts } from '../streams/command-runner';

type AddEntry = Command<'AddEntry', { entry: string }>;
export type DirectoryEntryAdded = Event<'DirectoryEntryAdded.v1', { entry: string }>;
type State = Map<string, Recorded<DirectoryEntryAdded>>;

const notHere = (): never => {
  throw new Error('a kept entry has no answer of its own');
};

const directoryDecider: Decider<AddEntry, DirectoryEntryAdded, State, never, DecidedAt> = {
  decide: ({ data }, entries, { decidedAt }) => {
    const original = entries.get(data.entry);
    return original ? { kind: 'replayed', original } : { kind: 'accepted', events: [{ type: 'DirectoryEntryAdded.v1', decidedAt, data }] };
  },
  due: () => [],
  evolve: (entries, event) => entries.set(event.data.entry, event),
  initialState: () => new Map(),
  isClosing: () => false,
};

export const decodeDirectoryEvent = (type: string, data: unknown): Pick<DirectoryEntryAdded, 'type' | 'data'> => {
  if (type !== 'DirectoryEntryAdded.v1') throw new Error(`unknown event type ${type} in a directory`);
  return { type, data: data as DirectoryEntryAdded['data'] };
};

/** What a store cannot list by itself: stream names of one kind, in the stream `directory-<kind>`. */
export type Directory = Readonly<{
  /** Before the first event of what it names; an entry that nothing followed is inert. Idempotency: by entry. Undefined: kept; else why not. */
  add: (entry: string, tracing: Tracing) => Promise<Answer<never> | undefined>;
  list: () => Promise<readonly string[]>;
}>;

export const directoryOf = (parts: StreamParts, kind: 'poolingAreas' | 'accessKeys'): Directory => {
  const stream = `directory-${kind}`;
  const runner = new CommandRunner<AddEntry, DirectoryEntryAdded, State, never, DecidedAt>({
    ...parts,
    cacheBytes: 64_000_000,
    aggregate: { decider: directoryDecider, decode: decodeDirectoryEvent, sizeOf: (entries) => 1_000 + entries.size * 300 },
  });
  const list = async () => [...(await runner.glance(stream)).state.keys()];
  const add = async (entry: string, tracing: Tracing) => {
    if ((await runner.load(stream)).state.has(entry)) return undefined;
    const outcome = await runner.run({
      stream,
      key: `${stream}-${entry}`,
      command: { type: 'AddEntry', data: { entry } },
      gather: clockOnly(),
      tracing,
      lane: 'interactive',
    });
    if (outcome.kind === 'recorded' || outcome.kind === 'replayed') return undefined;
    return answerOf<DirectoryEntryAdded, never>(outcome, notHere, notHere);
  };
  return { add, list };
};
