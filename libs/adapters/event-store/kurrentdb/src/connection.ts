import { EventStoreDBClient } from '@eventstore/db-client';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { KurrentDbStartUpError } from './errors';

/** The few events of a gRPC call that are used here. */
export type ReadCall = Readonly<{
  on(event: 'data', hear: (response: ReadResp) => void): unknown;
  on(event: 'error', hear: (error: Error) => void): unknown;
  on(event: 'end', hear: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
  cancel(): void;
}>;
export type BatchCall = Readonly<{
  on(event: 'data', hear: (response: BatchAppendResp) => void): unknown;
  on(event: 'error', hear: (error: Error) => void): unknown;
  on(event: 'end', hear: () => void): unknown;
  write(request: BatchAppendReq): boolean;
  end(): unknown;
  cancel(): void;
}>;

type CallOptions = Readonly<{ deadline: number | Date }>;
type CallArguments = [metadata: never, options: never];
/**
 * What the client keeps to itself and is used here: connecting, finding the leader, credentials. Its own calls for appending and reading are
 * not used, for these reasons, all seen in version 6.2.1, which package.json pins:
 * - all clients of a process share one table of appends that wait: an error of one rejects those of all, and an answer that is no longer
 *   waited for, or comes twice, throws where nobody can catch it and ends the process;
 * - it tells the server the deadline by its own clock: with that behind the server's, every append is a timeout;
 * - it parses the data of an event and forgets its bytes; it cannot read `$all` through a filter.
 */
type Inside = Readonly<{
  GRPCStreamCreator<Call>(client: typeof StreamsClient, name: string, create: (client: StreamsClient) => Call): () => Promise<Call>;
  getGRPCClient<Kind>(client: new (...args: never[]) => Kind, name: string): Promise<Kind>;
  callArguments(base: Readonly<{ requiresLeader?: boolean; deadline?: number }>, options?: CallOptions): CallArguments;
  handleError(client: unknown, error: Error): Promise<void>;
  dispose(): Promise<void>;
  getChannel(): Promise<Readonly<{ close(): void }>>;
}>;
const INSIDE = ['GRPCStreamCreator', 'getGRPCClient', 'callArguments', 'handleError', 'dispose', 'getChannel'] as const;

export type Connection = Readonly<{
  /** One call that carries many appends. Throws: when there is nobody to connect to. */
  batches: () => Promise<BatchCall>;
  /** Units: deadlineMs in milliseconds; none: until it is cancelled. Throws: when there is nobody to connect to. */
  read: (request: ReadReq, options: Readonly<{ leader: boolean; deadlineMs?: number }>) => Promise<ReadCall>;
  supported: (deadlineMs: number) => Promise<SupportedMethods>;
  /** Gives up the connection: it is open and nobody answers. */
  renew: () => Promise<void>;
  close: () => Promise<void>;
}>;

const ALIASES = /^(?:kurrentdb|kurrent|kdb)(\+discover)?:\/\//;

/** @throws KurrentDbStartUpError when the connection string, or a certificate that it names, cannot be read. */
const clientOf = (url: string): Inside => {
  try {
    const client = EventStoreDBClient.connectionString(url.replace(ALIASES, 'esdb$1://')) as unknown as Inside;
    for (const member of INSIDE) if (typeof client[member] !== 'function') throw new Error(`this version of the client has no ${member}`);
    return client;
  } catch (thrown) {
    // The client's own words may quote the password.
    const { message } = thrown as Error;
    const why = /certificate|this version/.test(message) ? message : 'esdb://user:password@host:2113?tls=true';
    throw new KurrentDbStartUpError(
      'kurrentdb-url',
      `KurrentDB 的连接串无法使用：${why}`,
      `The connection string of KurrentDB cannot be used: ${why}`,
    );
  }
};

const ADDRESS = /^(?:esdb|kurrentdb|kurrent|kdb)(?:\+discover)?:\/\/\S+$/;
/** What is wrong with an address at first sight, in Chinese and English. */
export const kurrentDbAddressFault = (url: string): readonly [zh: string, en: string] | undefined =>
  ADDRESS.test(url) ? undefined : ['须为 sqlite 或 esdb://用户:密码@主机:端口', 'must be sqlite or esdb://user:password@host:port'];

/** A connection that finds the leader and finds it again; nothing is sent before the first call. */
export const connect = (url: string): Connection => {
  const client = clientOf(url);
  const streams = () => client.getGRPCClient(StreamsClient, 'streams');
  return {
    batches: () =>
      client.GRPCStreamCreator(StreamsClient, 'batchAppend', (grpc) =>
        grpc.batchAppend(...client.callArguments({ requiresLeader: true }, { deadline: Number.POSITIVE_INFINITY })),
      )(),
    read: (request, { leader, deadlineMs }) =>
      client.GRPCStreamCreator(StreamsClient, 'read', (grpc) =>
        grpc.read(request, ...client.callArguments({ requiresLeader: leader }, { deadline: deadlineAt(deadlineMs) })),
      )(),
    supported: async (deadlineMs) => {
      const features = await client.getGRPCClient(ServerFeaturesClient, 'serverFeatures');
      return new Promise((resolve, reject) => {
        const [metadata, options] = client.callArguments({}, { deadline: deadlineAt(deadlineMs) });
        features.getSupportedMethods(new Empty(), metadata, options, (error, methods) => {
          if (!error) return resolve(methods);
          void client.handleError(features, error);
          reject(error);
        });
      });
    },
    renew: async () => client.handleError(await streams(), Object.assign(new Error('silent'), { code: UNAVAILABLE, details: 'silent' })),
    close: async () => {
      await client.dispose();
      (await client.getChannel().catch(() => undefined))?.close();
    },
  };
};

const UNAVAILABLE = 14;
const deadlineAt = (deadlineMs: number | undefined): number | Date =>
  deadlineMs === undefined ? Number.POSITIVE_INFINITY : new Date(Date.now() + deadlineMs);
