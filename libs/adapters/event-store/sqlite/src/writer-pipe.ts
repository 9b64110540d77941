import { Worker } from 'node:worker_threads';
import type { AppendResult, Lane } from '#libs/application';
import type { Batch } from './batch-codec';
import { DamagedLogError } from './damaged-log';
import { type Faults, noFaults } from './faults';
import { laneQueue } from './lane-queue';
import { threadFile } from './writer-file';
import type { FromWriter, ToWriter, WriterStart } from './writer-thread';

export type PipeOptions<Work> = Readonly<{
  folder: string;
  kind: WriterStart['kind'];
  encode: (works: readonly Work[]) => Batch;
  callDeadlineMs: number;
  faults?: Faults | undefined;
  /** Hears how many appends each commit has answered together; must not throw. */
  onCommit?: ((appends: number) => void) | undefined;
}>;
/** The caller's end of the writer's thread. */
export type WriterPipe<Work> = Readonly<{
  send: (work: Work, lane: Lane, bytes: number) => Promise<AppendResult>;
  close: () => Promise<void>;
}>;

const COMMIT = { items: 1_024, bytes: 8 * 1024 * 1024 };
const HALF_MIN = 32; // A commit costs a sync; fewer than this are not worth two.
const WAITING_MAX = { items: 65_536, bytes: 256 * 1024 * 1024 };
const BATCHES_SENT_MAX = 2; // One is being committed while the next is already there.
const THREAD_DEATHS_MAX = 3; // A batch that was there each time the thread died is not sent again.

type Waiting<Work> = {
  readonly work: Work;
  readonly lane: Lane;
  readonly bytes: number;
  readonly deadlineAt: number;
  readonly answer: (result: AppendResult) => void;
  sent: boolean;
};
type Sent<Work> = { readonly items: readonly Waiting<Work>[]; deaths: number };

const now = (): number => performance.now();

/**
 * Starts the writer's thread and keeps it going. What has arrived by the end of a turn of the event loop goes over as one batch; while a batch
 * is being committed, the next one gathers. A thread that dies is started again and gets the same batches once more: an append that stands
 * is recognised by its bytes.
 * Throws: DamagedLogError or Error when the file cannot be opened.
 */
export const openWriterPipe = async <Work>(options: PipeOptions<Work>): Promise<WriterPipe<Work>> => {
  const pipe = new Pipe(options);
  await pipe.start();
  return { send: (work, lane, bytes) => pipe.send(work, lane, bytes), close: () => pipe.close() };
};

class Pipe<Work> {
  private readonly queue = laneQueue<Waiting<Work>>();
  private readonly unanswered = new Set<Waiting<Work>>(); // In order of arrival, so that the first has the earliest deadline.
  private readonly sent = new Map<number, Sent<Work>>();
  private readonly faults: Faults;
  private thread: Worker | undefined;
  private nextNo = 0;
  private pumping = false;
  private closing = false;
  private deadline: NodeJS.Timeout | undefined;
  private drained: (() => void) | undefined;

  constructor(private readonly options: PipeOptions<Work>) {
    this.faults = options.faults ?? noFaults();
  }

  send(work: Work, lane: Lane, bytes: number): Promise<AppendResult> {
    if (this.closing) return Promise.resolve({ kind: 'unavailable', cause: 'closing' });
    if (this.queue.size() >= WAITING_MAX.items || this.queue.bytes() >= WAITING_MAX.bytes) {
      return Promise.resolve({ kind: 'unavailable', cause: 'busy' });
    }
    return new Promise((answer) => {
      const item = { work, lane, bytes, deadlineAt: now() + this.options.callDeadlineMs, answer, sent: false };
      this.queue.add(item);
      this.unanswered.add(item);
      this.armDeadline();
      this.pumpSoon();
    });
  }

  /** Settles when the thread has the file open. */
  start(): Promise<void> {
    const { folder, kind } = this.options;
    const workerData: WriterStart = { folder, kind, faults: this.faults };
    // What a batch makes is gone with it: left to itself the thread would let more than 100 MB of that lie about.
    const thread = new Worker(threadFile('writer-thread'), { workerData, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
    return new Promise((resolve, reject) => {
      thread.on('message', (message: FromWriter) => {
        if (message.kind === 'answers') this.onAnswers(message.no, message.exceptions);
        else if (message.kind === 'failed') {
          void thread.terminate();
          reject(message.name === 'DamagedLogError' ? new DamagedLogError(message.message) : new Error(message.message));
        } else {
          this.thread = thread;
          thread.unref(); // Only work that waits keeps the process alive.
          resolve();
        }
      });
      thread.on('error', (error: Error) => reject(error)); // 'exit' follows.
      thread.on('exit', (code) => {
        reject(new Error(`the writer's thread ended with ${code}`));
        if (this.thread === thread) this.onDeath();
      });
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.queue.size() + this.sent.size > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
    }
    const { thread } = this;
    this.thread = undefined;
    if (!thread) return;
    thread.ref();
    const exited = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage({ kind: 'close' } satisfies ToWriter);
    await exited;
  }

  private pumpSoon(): void {
    if (this.pumping || this.sent.size >= BATCHES_SENT_MAX) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    if (!this.thread || this.sent.size >= BATCHES_SENT_MAX || this.queue.size() === 0) return;
    // When nothing is under way, half goes first: while it is committed, the other half is got ready, and so they go on in turn.
    const half = Math.max(HALF_MIN, this.queue.size() >> 1);
    const items = this.queue.takeBatch(this.sent.size === 0 ? { ...COMMIT, items: Math.min(COMMIT.items, half) } : COMMIT);
    for (const item of items) item.sent = true;
    if (this.sent.size === 0) this.thread.ref();
    const no = this.nextNo++;
    this.sent.set(no, { items, deaths: 0 });
    this.post(no, items);
    if (this.queue.size() > 0) this.pumpSoon();
  }

  private post(no: number, items: readonly Waiting<Work>[]): void {
    const batch = this.options.encode(items.map(({ work }) => work));
    this.thread?.postMessage({ kind: 'batch', no, items: items.length, batch } satisfies ToWriter, [batch.bytes.buffer]);
  }

  private onAnswers(no: number, exceptions: readonly (readonly [number, AppendResult])[]): void {
    const batch = this.sent.get(no);
    if (!batch) return;
    this.sent.delete(no);
    if (this.sent.size === 0) this.thread?.unref();
    this.options.onCommit?.(batch.items.length);
    const other = new Map(exceptions);
    for (const [i, item] of batch.items.entries()) this.settle(item, other.get(i) ?? { kind: 'appended' });
    this.pumpSoon();
    this.tellIfDrained();
  }

  private settle(item: Waiting<Work>, result: AppendResult): void {
    if (this.unanswered.delete(item)) item.answer(result);
  }

  private tellIfDrained(): void {
    if (this.queue.size() + this.sent.size === 0) this.drained?.();
  }

  private onDeath(): void {
    this.thread = undefined;
    for (const [no, batch] of this.sent) {
      if (++batch.deaths < THREAD_DEATHS_MAX) continue;
      this.sent.delete(no);
      for (const item of batch.items) this.settle(item, { kind: 'unknown', cause: 'the writer died over it' });
    }
    this.start().then(
      () => {
        if (this.sent.size > 0) this.thread?.ref();
        for (const [no, { items }] of this.sent) this.post(no, items);
        this.pumpSoon();
        this.tellIfDrained();
      },
      () => setTimeout(() => this.onDeath(), 100),
    );
  }

  private armDeadline(): void {
    if (this.deadline) return;
    const [oldest] = this.unanswered;
    if (!oldest) return;
    this.deadline = setTimeout(() => this.onDeadline(), Math.max(0, oldest.deadlineAt - now())).unref();
  }

  /** What was never sent is definitely not stored; of what was sent nobody knows. */
  private onDeadline(): void {
    this.deadline = undefined;
    for (const item of this.unanswered) {
      if (item.deadlineAt > now()) break;
      if (!item.sent) this.queue.drop(item);
      this.settle(item, item.sent ? { kind: 'unknown', cause: 'deadline' } : { kind: 'unavailable', cause: 'busy' });
    }
    this.armDeadline();
    this.tellIfDrained();
  }
}
