import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { STREAM_METADATA } from './append';
import type { Batches } from './batch-stream';
import type { Connection } from './connection';
import { KurrentDbStartUpError } from './errors';
import { metadataOf, type Names } from './names';
import { appendSteadily, pauseAfter } from './steady-append';
import { type GrpcError, isNotLeader, type Verdict } from './verdict';
import { proposedJson } from './wire-append';
import { answersOf, anyRequest, type Raw, readPage } from './wire-read';

const LAYOUT = 1;
const TYPE = 'YikaLogOpened.v1';
/** Set once for a log, for it decides where the marks of its index stand. */
const MARKS_EVERY = 1_000;

export type Header = Readonly<{ layout: number; marksEvery: number }>;
export type StartUpParts = Readonly<{
  connection: Connection;
  batches: Batches | undefined;
  names: Names;
  startUpMs: number;
  marksEvery?: number;
}>;

const CERTIFICATE = /certificate|self.signed|altname|SSL|TLS|EPROTO|wrong version number/i;
const CODE = { deadline: 4, denied: 7, unimplemented: 12, unauthenticated: 16 } as const;

/** What an operator can do about an error of a first call. */
const startUpErrorOf = (error: GrpcError): KurrentDbStartUpError => {
  const word = error.details || error.message;
  if (error.code === CODE.unauthenticated)
    return new KurrentDbStartUpError(
      'kurrentdb-credentials',
      'KurrentDB 不接受用户名或密码',
      'KurrentDB does not accept the user name or password',
    );
  if (error.code === CODE.denied)
    return new KurrentDbStartUpError(
      'kurrentdb-rights',
      'KurrentDB 的这个用户不能读取 $all；需属于 $admins 或另行授权',
      'This user of KurrentDB may not read $all: it has to be one of $admins, or be given the right',
    );
  if (error.code === CODE.unimplemented) return tooOld('?');
  if (CERTIFICATE.test(word))
    return new KurrentDbStartUpError(
      'kurrentdb-certificate',
      `不能信任 KurrentDB 的证书，或一方用 TLS 而另一方不用（tlsCAFile、tls=false）：${word}`,
      `The certificate of KurrentDB is not trusted, or one side speaks TLS and the other does not (tlsCAFile, tls=false): ${word}`,
    );
  if (isNotLeader(error) || /no leader/i.test(word)) return readOnly(word);
  if (/not ready|busy/i.test(word))
    return new KurrentDbStartUpError('kurrentdb-not-ready', `KurrentDB 尚未就绪：${word}`, `KurrentDB is not ready: ${word}`);
  return new KurrentDbStartUpError('kurrentdb-unreachable', `无法连接 KurrentDB：${word}`, `KurrentDB cannot be reached: ${word}`);
};
const readOnly = (word: string): KurrentDbStartUpError =>
  new KurrentDbStartUpError(
    'kurrentdb-read-only',
    `这个 KurrentDB 节点只读，也指不出主节点：${word}`,
    `This node of KurrentDB is read-only and names no leader: ${word}`,
  );
const tooOld = (version: string): KurrentDbStartUpError =>
  new KurrentDbStartUpError(
    'kurrentdb-too-old',
    `KurrentDB / EventStoreDB ${version} 太旧，需要 23.10 或更新`,
    `KurrentDB / EventStoreDB ${version} is too old: 23.10 or newer is needed`,
  );

const VERSION_MIN = [23, 10] as const;
/** @throws KurrentDbStartUpError when the server cannot do what is needed. */
const assertAble = (features: SupportedMethods): void => {
  const version = features.getEventStoreServerVersion();
  const can = features.getMethodsList().map((method) => `${method.getServiceName()}/${method.getMethodName()}`.toLowerCase());
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1]);
  if (isOld || !can.includes('event_store.client.streams.streams/batchappend')) throw tooOld(version);
};

/** Asks again while a node is starting or choosing a leader. Throws: KurrentDbStartUpError when the time is up, or waiting does not help. */
const patiently = async <T>(untilMs: number, ask: (leftMs: number) => Promise<T>): Promise<T> => {
  let telling: KurrentDbStartUpError | undefined; // A call that ran out of time says less than the one before it.
  for (let tries = 1; ; tries++) {
    try {
      return await ask(Math.max(1, untilMs - performance.now()));
    } catch (thrown) {
      if (thrown instanceof KurrentDbStartUpError) throw thrown;
      const error = startUpErrorOf(thrown as GrpcError);
      if ((thrown as GrpcError).code !== CODE.deadline) telling = error;
      const waits = ['kurrentdb-unreachable', 'kurrentdb-not-ready', 'kurrentdb-read-only'].includes(error.code);
      if (!waits || performance.now() >= untilMs) throw telling ?? error;
      await pauseAfter(tries);
    }
  }
};

const headerIn = ({ data }: Raw): Header => {
  const header = JSON.parse(Buffer.from(data).toString('utf8')) as Header;
  if (header.layout !== LAYOUT)
    throw new KurrentDbStartUpError(
      'kurrentdb-layout',
      `这个日志的存储格式是 ${header.layout}，本版本只认识 ${LAYOUT}`,
      `The log has layout ${header.layout}; this version knows ${LAYOUT}`,
    );
  return header;
};

const refusal = (verdict: Verdict): KurrentDbStartUpError => {
  const detail = 'detail' in verdict ? verdict.detail : verdict.kind;
  if (verdict.kind === 'refused' && verdict.why === 'rights')
    return new KurrentDbStartUpError('kurrentdb-rights', 'KurrentDB 的这个用户不能写入', 'This user of KurrentDB may not write');
  return startUpErrorOf(new Error(detail));
};

/**
 * Proves before the first command that the log can be read and written, and writes its header when there is none.
 * Throws: KurrentDbStartUpError with what the operator can do.
 */
export const startUp = async ({ connection, batches, names, startUpMs, marksEvery = MARKS_EVERY }: StartUpParts): Promise<Header> => {
  const untilMs = performance.now() + startUpMs;
  assertAble(await patiently(untilMs, (leftMs) => connection.supported(leftMs)));
  const look = () =>
    patiently(untilMs, async (leftMs) => {
      for await (const _ of answersOf(await connection.read(anyRequest(), { leader: true, deadlineMs: leftMs })));
      return (await readPage(connection, { name: names.header, from: 0, count: 1 }, leftMs))[0];
    });
  const found = await look();
  const known = found && headerIn(found);
  if (known && !batches) return known;
  if (!batches)
    throw new KurrentDbStartUpError(
      'kurrentdb-no-log',
      `KurrentDB 中没有日志 ${names.header}`,
      `There is no log in KurrentDB under ${names.header}`,
    );
  const metadata = await appendSteadily(batches, { name: metadataOf(names.header), after: -1, events: [STREAM_METADATA] }, untilMs);
  // Whoever may not change who may delete finds it set already, or is not told: the header shows whether writing is allowed.
  const header = proposedJson(TYPE, known ?? { layout: LAYOUT, marksEvery });
  const written = await appendSteadily(batches, { name: names.header, after: -1, events: [header] }, untilMs);
  if (written.kind === 'elsewhere') return headerIn((await look()) as Raw);
  if (written.kind !== 'done') throw refusal(metadata.kind === 'notHandled' ? metadata : written);
  return headerIn({ data: header.data } as Raw);
};
