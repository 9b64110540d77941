import { Code } from '@eventstore/db-client/generated/code_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import {
  AccessDenied,
  Empty,
  MaximumAppendSizeExceeded,
  StreamIdentifier,
  Timeout,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendReq, BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Server } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import type { Event, Kept } from './memory-log';

export type { Server };
export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export const eventsOf = (request: BatchAppendReq): Event[] =>
  request.getProposedMessagesList().map((message) => ({
    id: message.getId()?.getString() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    json: message.getMetadataMap().get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }));

/** -1: no stream. */
export const afterOf = (request: BatchAppendReq): number => {
  const options = request.getOptions();
  if (options?.getExpectedStreamPositionCase() === BatchAppendReq.Options.ExpectedStreamPositionCase.STREAM_POSITION)
    return Number.parseInt(options.getStreamPosition(), 10);
  if (options?.hasNoStream()) return -1;
  throw new Error('an append without an exact place');
};

const answerTo = (request: BatchAppendReq): BatchAppendResp => {
  const answer = new BatchAppendResp().setCorrelationId(request.getCorrelationId());
  return answer.setStreamIdentifier(request.getOptions()?.getStreamIdentifier());
};

export const successOf = (request: BatchAppendReq, last: Kept): BatchAppendResp =>
  answerTo(request).setSuccess(new BatchAppendResp.Success().setCurrentRevision(String(last.place)));

const PACKAGE = 'event_store.client.';
const errorOf = (request: BatchAppendReq, message: string, name: string, detail: { serializeBinary(): Uint8Array }): BatchAppendResp => {
  const details = new Any();
  details.pack(detail.serializeBinary(), name);
  return answerTo(request).setError(new Status().setCode(Code.UNKNOWN).setMessage(message).setDetails(details));
};
export const wrongOf = (request: BatchAppendReq, current: number): BatchAppendResp => {
  const detail = new WrongExpectedVersion();
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  if (current < 0) detail.setCurrentNoStream(new Empty());
  else detail.setCurrentStreamRevision(String(current));
  return errorOf(request, '', `${PACKAGE}WrongExpectedVersion`, detail);
};
export const timeoutOf = (request: BatchAppendReq) => errorOf(request, 'Timeout', `${PACKAGE}Timeout`, new Timeout());
export const deniedOf = (request: BatchAppendReq) => errorOf(request, '', `${PACKAGE}AccessDenied`, new AccessDenied());
export const tooLargeOf = (request: BatchAppendReq, most: number) =>
  errorOf(request, '', `${PACKAGE}MaximumAppendSizeExceeded`, new MaximumAppendSizeExceeded().setMaxappendsize(most));
/** What a node answers that has not begun with it. */
export const notHandledOf = (request: BatchAppendReq, word: string) => errorOf(request, word, 'google.protobuf.Empty', new Empty());

export const readEventOf = (kept: Kept): ReadResp => {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(kept.id))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(kept.name, 'utf8')))
    .setStreamRevision(String(kept.place))
    .setCommitPosition(String(kept.commit))
    .setPreparePosition(String(kept.prepare))
    .setData(kept.data)
    .setCustomMetadata(kept.metadata);
  recorded
    .getMetadataMap()
    .set('type', kept.type)
    .set('content-type', kept.json ? 'application/json' : 'application/octet-stream')
    .set('created', '0');
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(kept.commit)));
};

export const featuresOf = (version: string, canBatch: boolean): SupportedMethods => {
  const methods = ['read', 'append', 'delete', 'tombstone', ...(canBatch ? ['batchappend'] : [])];
  return new SupportedMethods()
    .setEventStoreServerVersion(version)
    .setMethodsList(methods.map((name) => new SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name)));
};
