import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Connection, ReadCall } from './connection';

/** Where the server says that an event lies among all of its events; text, for it exceeds a safe integer. */
export type Position = Readonly<{ commit: string; prepare: string }>;
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

const ROOM = 256;
const FORWARDS = 0;
const BACKWARDS = 1;
const SEARCH_WINDOW = 500;
const CHECKPOINT_WINDOWS = 4;

/** The answers of a call, no more than a few read ahead of the reader; the call is cancelled when the reader stops. Throws: what ended it. */
export const answersOf = async function* (call: ReadCall, signal?: AbortSignal): AsyncGenerator<ReadResp> {
  let waiting: ReadResp[] = [];
  let failed: Error | undefined;
  let ended = false;
  let wake: () => void = () => undefined;
  const stop = () => {
    ended = true;
    wake();
  };
  call.on('data', (answer) => {
    waiting.push(answer);
    if (waiting.length >= ROOM) call.pause();
    wake();
  });
  call.on('error', (error) => {
    failed ??= error;
    wake();
  });
  call.on('end', stop);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const taken = waiting;
      waiting = [];
      for (const answer of taken) {
        if (signal?.aborted) return;
        yield answer;
      }
      if (waiting.length > 0) continue;
      if (signal?.aborted) return;
      if (failed) throw failed;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        call.resume();
      });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    call.cancel();
  }
};

export const rawOf = (answer: ReadResp): Raw | undefined => {
  const event = answer.getEvent()?.getEvent();
  if (!event) return undefined;
  return {
    name: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    place: Number(event.getStreamRevision()),
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
  return request(options.setReadDirection(backwards ? BACKWARDS : FORWARDS));
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
  return new ReadReq.Options().setAll(all).setFilter(filter).setReadDirection(FORWARDS);
};

/** The server begins at the position itself. */
export const allRequest = (prefix: string, at: Position | undefined, count: number): ReadReq =>
  request(allOptions(prefix, at).setCount(String(count)));

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
