import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Connection, ReadCall } from './connection';
import { placeOf } from './verdict';

/** Where the server says that an event lies among all of its events; text, for it exceeds a safe integer. */
export type Position = Readonly<{ commit: string; prepare: string }>;
export const isSame = (a: Position, b: Position | undefined): boolean => a.commit === b?.commit && a.prepare === b.prepare;
/** An event as the server has it. `place`: its revision there. */
export type Raw = Readonly<{
  name: string;
  place: number;
  id: string;
  type: string;
  data: Uint8Array;
  metadata: Uint8Array;
  position: Position;
}>;

const { ReadDirection: Direction } = ReadReq.Options;
const ROOM = 256;
const SEARCH_WINDOW = 500;
const CHECKPOINT_WINDOWS = 4;

/** What has come of a call and is not read yet; the call is held up when that is much. */
const inbox = (call: ReadCall) => {
  let waiting: ReadResp[] = [];
  let end: 'open' | 'ended' | Error = 'open';
  let wake: () => void = () => undefined;
  const ends = (how: 'ended' | Error) => {
    if (end === 'open') end = how;
    wake();
  };
  call.on('data', (answer) => {
    waiting.push(answer);
    if (waiting.length >= ROOM) call.pause();
    wake();
  });
  call.on('error', ends);
  call.on('end', () => ends('ended'));
  return {
    stop: () => ends('ended'),
    /** What has come; undefined at the end. Throws: what ended the call. */
    next: async (): Promise<readonly ReadResp[] | undefined> => {
      while (waiting.length === 0) {
        if (end === 'ended') return undefined;
        if (end !== 'open') throw end;
        await new Promise<void>((resolve) => {
          wake = resolve;
          call.resume();
        });
      }
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
};

/** The answers of a call, until `signal` aborts; the call is cancelled when the reader stops. Throws: what ended it. */
export const answersOf = async function* (call: ReadCall, signal?: AbortSignal): AsyncGenerator<ReadResp> {
  const { next, stop } = inbox(call);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (let answers = await next(); answers && !isAborted(signal); answers = await next()) yield* untilAborted(answers, signal);
  } finally {
    signal?.removeEventListener('abort', stop);
    call.cancel();
  }
};
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted ?? false; // Asked again after a yield: it may have changed.
const untilAborted = function* (answers: readonly ReadResp[], signal: AbortSignal | undefined): Generator<ReadResp> {
  for (const answer of answers) {
    if (isAborted(signal)) return;
    yield answer;
  }
};

export const rawOf = (answer: ReadResp): Raw | undefined => {
  const event = answer.getEvent()?.getEvent();
  if (!event) return undefined;
  return {
    name: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    place: placeOf(event.getStreamRevision()),
    id: event.getId()?.getString() ?? '',
    type: event.getMetadataMap().get('type') ?? '',
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
    position: { commit: event.getCommitPosition(), prepare: event.getPreparePosition() },
  };
};

const request = (options: ReadReq.Options): ReadReq =>
  new ReadReq().setOptions(options.setResolveLinks(false).setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty())));

export type StreamPage = Readonly<{ name: string; from: number | 'end'; backwards?: boolean; count: number }>;

export const streamRequest = ({ name, from, backwards = false, count }: StreamPage): ReadReq => {
  const stream = new ReadReq.Options.StreamOptions().setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(name, 'utf8')));
  if (from === 'end') stream.setEnd(new Empty());
  else stream.setRevision(String(from));
  const options = new ReadReq.Options().setStream(stream).setCount(String(count)).setNoFilter(new Empty());
  return request(options.setReadDirection(backwards ? Direction.BACKWARDS : Direction.FORWARDS));
};

const allOptions = (prefix: string, at: Position | undefined): ReadReq.Options => {
  const all = new ReadReq.Options.AllOptions();
  if (at) all.setPosition(new ReadReq.Options.Position().setCommitPosition(at.commit).setPreparePosition(at.prepare));
  else all.setStart(new Empty());
  const expression = new ReadReq.Options.FilterOptions.Expression().setPrefixList([prefix]);
  const filter = new ReadReq.Options.FilterOptions()
    .setStreamIdentifier(expression)
    .setMax(SEARCH_WINDOW)
    .setCheckpointintervalmultiplier(CHECKPOINT_WINDOWS);
  return new ReadReq.Options().setAll(all).setFilter(filter).setReadDirection(Direction.FORWARDS);
};

/** The server begins at the position itself. */
export const allRequest = (prefix: string, at: Position | undefined, count: number): ReadReq =>
  request(allOptions(prefix, at).setCount(String(count)));

/** Any event at all: whether `$all` may be read, without looking for ours through all that others keep there. */
export const anyRequest = (): ReadReq => {
  const all = new ReadReq.Options.AllOptions().setStart(new Empty());
  return request(new ReadReq.Options().setAll(all).setNoFilter(new Empty()).setReadDirection(Direction.FORWARDS).setCount('1'));
};

/** The server begins after the position. */
export const followRequest = (prefix: string, after: Position | undefined): ReadReq =>
  request(allOptions(prefix, after).setSubscription(new ReadReq.Options.SubscriptionOptions()));

/** One page of a stream, newest or oldest first; empty where there is no stream. Throws: what ended the call. */
export const readPage = async (connection: Connection, page: StreamPage, deadlineMs: number): Promise<readonly Raw[]> => {
  const found: Raw[] = [];
  for await (const answer of answersOf(await connection.read(streamRequest(page), { leader: true, deadlineMs }))) {
    const raw = rawOf(answer);
    if (raw) found.push(raw);
  }
  return found;
};
