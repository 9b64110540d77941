import { createHash } from 'node:crypto';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';

/** An event as the server takes it. */
export type Proposed = Readonly<{ id: string; type: string; json: boolean; data: Uint8Array; metadata: Uint8Array }>;
/** `after`: the place after which the events go; -1 where there is no stream. */
export type WireAppend = Readonly<{ name: string; after: number; events: readonly Proposed[] }>;

const uuid = (text: string): UUID => new UUID().setString(text);

const messageOf = ({ id, type, json, data, metadata }: Proposed): BatchAppendReq.ProposedMessage => {
  const message = new BatchAppendReq.ProposedMessage().setId(uuid(id)).setData(data).setCustomMetadata(metadata);
  message
    .getMetadataMap()
    .set('type', type)
    .set('content-type', json ? 'application/json' : 'application/octet-stream');
  return message;
};

/** Without a deadline: the server would hold it against its own clock. It ends every append by its own bounds. */
export const requestOf = ({ name, after, events }: WireAppend, correlationId: string): BatchAppendReq => {
  const options = new BatchAppendReq.Options().setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(name, 'utf8')));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- two classes of that name, nothing in either.
  if (after < 0) options.setNoStream(new Empty());
  else options.setStreamPosition(String(after));
  return new BatchAppendReq()
    .setCorrelationId(uuid(correlationId))
    .setOptions(options)
    .setProposedMessagesList(events.map(messageOf))
    .setIsFinal(true);
};

/**
 * The id under which the server knows an event: made from all that is stored of it, so that the server's own check of ids at a place is a
 * check of bytes. Source: RFC 9562, 5.8 (UUIDv8).
 */
export const wireId = (type: string, data: Uint8Array, metadata: Uint8Array): string => {
  const digest = createHash('sha256').update(`${type}\n${metadata.byteLength}\n`).update(metadata).update(data).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const NONE = new Uint8Array(0);
/** An event of this adapter's own: small JSON. */
export const proposedJson = (type: string, body: object): Proposed => {
  const data = Buffer.from(JSON.stringify(body), 'utf8');
  return { id: wireId(type, data, NONE), type, json: true, data, metadata: NONE };
};
