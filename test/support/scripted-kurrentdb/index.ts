import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  type BatchAppendReq,
  type BatchAppendResp,
  type DeleteReq,
  DeleteResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { isAfter, type Kept, MemoryLog } from './memory-log';
import {
  afterOf,
  deniedOf,
  eventsOf,
  featuresOf,
  nameOf,
  notHandledOf,
  readEventOf,
  successOf,
  timeoutOf,
  tooLargeOf,
  wrongOf,
} from './protocol';

/**
 * What happens to one append. `lose…`: nothing comes back; `dropped…`: the call ends with an error; `late`: it waits until it is let go, and
 * nothing comes back.
 */
export type Fault =
  | 'loseRequest'
  | 'loseAnswer'
  | 'late'
  | 'twice'
  | 'timeoutStored'
  | 'timeoutLost'
  | 'droppedBefore'
  | 'droppedAfter'
  | 'notReady'
  | 'busy'
  | 'denied'
  | Readonly<{ notLeader: number }>;
export type Asked = Readonly<{ name: string; after: number; ids: readonly string[]; deadline: boolean }>;

export type ScriptedOptions = Readonly<{
  version?: string;
  canBatch?: boolean;
  /** User and password; none: everybody. */
  login?: string;
  mayReadAll?: boolean;
  mayWrite?: boolean;
  readOnly?: boolean;
  tls?: Readonly<{ key: Buffer; certificate: Buffer }>;
  port?: number;
  log?: MemoryLog;
  maxAppendSize?: number;
}>;

const failure = (code: number, details: string, metadata: Record<string, string> = {}) => {
  const carried = new Metadata();
  for (const [key, value] of Object.entries(metadata)) carried.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata: carried });
};
const NO_LEADER = 'No leader info available in response';

/** A server that speaks the published protocol over a log in memory, and does with appends and calls what a spec scripts. */
export class ScriptedKurrentDb {
  readonly log: MemoryLog;
  readonly asked: Asked[] = [];
  /** Events handed to subscriptions: what the flow control of the wire has let through. */
  followed = 0;
  reads = 0;
  calls = 0;
  private readonly script: { fault: Fault; matches: (name: string) => boolean }[] = [];
  private held: (() => void)[] = [];
  private readonly open = new Set<Readonly<{ emit(event: 'error', error: Error): boolean }>>();
  private readonly server = new Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
  private readonly maxAppendSize: number;
  port = 0;

  constructor(private readonly options: ScriptedOptions = {}) {
    this.log = options.log ?? new MemoryLog();
    this.maxAppendSize = options.maxAppendSize ?? 1_024 * 1_024;
  }

  static async start(options: ScriptedOptions = {}): Promise<ScriptedKurrentDb> {
    const scripted = new ScriptedKurrentDb(options);
    await scripted.listen(options.port ?? 0);
    return scripted;
  }

  get url(): string {
    const { tls, login } = this.options;
    return `esdb://${login ? `${login}@` : ''}localhost:${this.port}?tls=${tls ? 'true' : 'false'}`;
  }

  /** The next append to a stream with this in its name: by itself, to an event's in the log of specs. */
  next(fault: Fault, part = 'spec:', times = 1): void {
    for (let n = 0; n < times; n++) this.script.push({ fault, matches: (name) => name.includes(part) && !name.startsWith('$$') });
  }

  /** Faults that have not happened yet. */
  get toCome(): number {
    return this.script.length;
  }

  /** Appends that came late are stored now. */
  letGo(): void {
    for (const go of this.held) go();
    this.held = [];
  }

  /** Ends every call that is open, as a node does that goes away. */
  dropCalls(): void {
    for (const call of [...this.open]) call.emit('error', failure(status.UNAVAILABLE, 'the node goes away'));
    this.open.clear();
  }

  /** Gone at once, with every connection; what it has kept is in `log`. */
  kill(): void {
    this.server.forceShutdown();
  }

  private async listen(port: number): Promise<void> {
    this.server.addService(ServerFeaturesService, { getSupportedMethods: this.getSupportedMethods });
    this.server.addService(StreamsService, { read: this.read, batchAppend: this.batchAppend, delete: this.delete });
    const { tls } = this.options;
    const credentials = tls
      ? ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.certificate }])
      : ServerCredentials.createInsecure();
    this.port = await new Promise((resolve, reject) => {
      this.server.bindAsync(`localhost:${port}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  }

  private refusal(metadata: Metadata): Error | undefined {
    const { login } = this.options;
    if (login === undefined) return undefined;
    const [word] = metadata.get('authorization');
    return word === `Basic ${Buffer.from(login).toString('base64')}` ? undefined : failure(status.UNAUTHENTICATED, 'Unauthenticated');
  }

  private readonly getSupportedMethods = (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void => {
    const refused = this.refusal(call.metadata);
    if (refused) answer(refused);
    else answer(null, featuresOf(this.options.version ?? '24.6.0.0', this.options.canBatch ?? true));
  };

  private readonly delete = (call: ServerUnaryCall<DeleteReq, DeleteResp>, answer: sendUnaryData<DeleteResp>): void => {
    this.log.delete(nameOf(call.request.getOptions()?.getStreamIdentifier()));
    answer(null, new DeleteResp());
  };

  private readonly batchAppend = (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    this.calls++;
    const refused = this.refusal(call.metadata);
    if (refused) return void call.emit('error', refused);
    this.open.add(call);
    const gone = () => this.open.delete(call);
    call.on('data', (request: BatchAppendReq) => this.take(call, request));
    call.on('end', () => {
      gone();
      call.end();
    });
    call.on('cancelled', gone);
    call.on('error', gone);
  };

  private store(request: BatchAppendReq): BatchAppendResp {
    const name = nameOf(request.getOptions()?.getStreamIdentifier());
    const events = eventsOf(request);
    const size = events.reduce((sum, { data, metadata }) => sum + data.byteLength + metadata.byteLength, 0);
    if (size > this.maxAppendSize) return tooLargeOf(request, this.maxAppendSize);
    const result = this.log.append(name, afterOf(request), events);
    return result.kind === 'done' ? successOf(request, result.last) : wrongOf(request, result.current);
  }

  private take(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>, request: BatchAppendReq): void {
    const options = request.getOptions();
    const name = nameOf(options?.getStreamIdentifier());
    const ids = request.getProposedMessagesList().map((message) => message.getId()?.getString() ?? '');
    this.asked.push({ name, after: afterOf(request), ids, deadline: options?.hasDeadline() ?? false });
    if (this.options.mayWrite === false) return void call.write(deniedOf(request));
    if (this.options.readOnly) return void call.write(notHandledOf(request, NO_LEADER));
    const at = this.script.findIndex(({ matches }) => matches(name));
    const fault = at < 0 ? undefined : this.script.splice(at, 1)[0]?.fault;
    if (fault === undefined) return void call.write(this.store(request));
    this.play(fault, call, request);
  }

  private play(fault: Fault, call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>, request: BatchAppendReq): void {
    const away = () => call.emit('error', failure(status.UNAVAILABLE, 'the node goes away'));
    const say = (...answers: BatchAppendResp[]) => {
      for (const answer of answers) call.write(answer);
    };
    if (typeof fault === 'object') {
      const leader = { exception: 'not-leader', 'leader-endpoint-host': 'localhost', 'leader-endpoint-port': String(fault.notLeader) };
      return void call.emit('error', failure(status.NOT_FOUND, 'Leader info available', leader));
    }
    const acts: Readonly<Record<typeof fault, () => unknown>> = {
      loseRequest: () => undefined,
      loseAnswer: () => this.store(request),
      late: () => this.held.push(() => this.store(request)),
      twice: () => {
        const answer = this.store(request);
        say(answer, answer);
      },
      timeoutStored: () => {
        this.store(request);
        say(timeoutOf(request));
      },
      timeoutLost: () => say(timeoutOf(request)),
      droppedBefore: away,
      droppedAfter: () => {
        this.store(request);
        away();
      },
      notReady: () => say(notHandledOf(request, 'Server Is Not Ready')),
      busy: () => say(notHandledOf(request, 'Server Is Busy')),
      denied: () => say(deniedOf(request)),
    };
    acts[fault]();
  }

  private readonly read = (call: ServerWritableStream<ReadReq, ReadResp>): void => {
    this.reads++;
    const refused = this.refusal(call.metadata) ?? this.readRefusal(call);
    if (refused) return void call.emit('error', refused);
    const options = call.request.getOptions() as ReadReq.Options;
    if (options.hasStream()) this.readStream(call, options);
    else this.readAll(call, options);
  };

  private readRefusal(call: ServerWritableStream<ReadReq, ReadResp>): Error | undefined {
    if (this.options.readOnly && call.metadata.get('requires-leader')[0] === 'true') return failure(status.UNKNOWN, NO_LEADER);
    const isAll = call.request.getOptions()?.hasAll() ?? false;
    return isAll && this.options.mayReadAll === false
      ? failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })
      : undefined;
  }

  private readStream(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): void {
    const asked = options.getStream() as ReadReq.Options.StreamOptions;
    const stream = this.log.stream(nameOf(asked.getStreamIdentifier()));
    const count = Number.parseInt(options.getCount(), 10);
    const from = asked.hasEnd() ? stream.length - 1 : Number.parseInt(asked.getRevision(), 10);
    const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
    const found = backwards ? stream.slice(Math.max(0, from + 1 - count), from + 1).reverse() : stream.slice(from, from + count);
    if (stream.length === 0) call.write(new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound()));
    for (const event of found) call.write(readEventOf(event));
    call.end();
  }

  private readAll(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): void {
    const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [];
    const isWanted = ({ name }: Kept): boolean => !options.hasFilter() || prefixes.some((prefix) => name.startsWith(prefix));
    const position = options.getAll()?.getPosition();
    const at = position && {
      commit: Number.parseInt(position.getCommitPosition(), 10),
      prepare: Number.parseInt(position.getPreparePosition(), 10),
    };
    if (options.hasSubscription()) return void this.follow(call, isWanted, at ?? { commit: -1, prepare: -1 });
    const from = at ? this.log.all.filter((event) => isAfter(event, { ...at, prepare: at.prepare - 1 })) : this.log.all;
    for (const event of from.filter(isWanted).slice(0, Number.parseInt(options.getCount(), 10))) call.write(readEventOf(event));
    call.end();
  }

  /** Catches up and goes on, as fast as the reader takes it. */
  private async follow(
    call: ServerWritableStream<ReadReq, ReadResp>,
    isWanted: (event: Kept) => boolean,
    from: Readonly<{ commit: number; prepare: number }>,
  ): Promise<void> {
    this.open.add(call);
    const state = { over: false, caughtUp: false };
    let wake: () => void = () => undefined;
    const end = () => {
      state.over = true;
      this.open.delete(call);
      stop();
      wake();
    };
    const stop = this.log.hear(() => wake());
    call.on('cancelled', end);
    call.on('error', end);
    call.write(new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId('scripted')));
    let at = from;
    let next = this.log.all.findIndex((event) => isAfter(event, at));
    if (next < 0) next = this.log.all.length;
    while (!state.over) {
      const event = this.log.all[next];
      if (!event) {
        if (!state.caughtUp) call.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
        state.caughtUp = true;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      next++;
      at = event;
      if (!isWanted(event)) continue;
      this.followed++;
      if (!call.write(readEventOf(event)))
        await new Promise<void>((resolve) => {
          wake = resolve;
          call.once('drain', resolve);
        });
    }
  }
}
