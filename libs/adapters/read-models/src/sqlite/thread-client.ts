import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ProjectionStatus } from '#libs/application';
import { type Notice, notice } from '../notices';
import type { Progress } from '../projector';
import { isDamage } from './faults';
import type { FromThread, ThreadOptions, ToThread } from './messages';

type Asked = Readonly<{ resolve: (statuses: readonly ProjectionStatus[]) => void; reject: (error: Error) => void; onProgress: Progress }>;
type Fault = Readonly<{ message: string; spoilt: boolean }>;
/** `onFault`: once, when the thread has ended unasked, or found the file damaged. */
export type Listener = Readonly<{ tell: (notice: Notice) => void; onFault: (fault: Fault) => void }>;
type Question = { kind: 'status' } | { kind: 'rebuild'; name: string } | { kind: 'close' };

/** A thread runs compiled code; from source (in tests) that is what the last build left in dist. */
const threadEntry = (): string => {
  const entry = join(__dirname, 'projection-thread');
  if (!__filename.endsWith('.ts')) return `${entry}.js`;
  const root = join(__dirname, '../../../../..');
  return join(root, 'dist', `${relative(root, entry)}.js`);
};

/** The main thread's end of the projection thread. */
export class ThreadClient {
  private readonly asked = new Map<number, Asked>();
  private lastId = 0;
  private stopped: Error | null = null;
  private closing = false;

  private constructor(
    private readonly worker: Worker,
    private readonly listener: Listener,
  ) {}

  /** Resolves when the thread has opened log and views and follows. Throws: what it could not open. */
  static async start(options: ThreadOptions, listener: Listener): Promise<ThreadClient> {
    const worker = new Worker(threadEntry(), { workerData: options, resourceLimits: { maxYoungGenerationSizeMb: 32 } });
    const client = new ThreadClient(worker, listener);
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromThread) => (message.kind === 'ready' ? resolve() : client.receive(message)));
      worker.once('error', (error: Error) => {
        client.fail(error);
        reject(error);
      });
      worker.once('exit', () => {
        client.fail(new Error('the thread of the projections ended'));
        reject(new Error('the thread of the projections ended before it was ready'));
      });
    });
    return client;
  }

  /** Why it does not run any more; null while it does. */
  get fault(): string | null {
    return this.stopped === null ? null : this.stopped.message;
  }

  ask(question: Question, onProgress: Progress = () => {}): Promise<readonly ProjectionStatus[]> {
    if (this.stopped !== null) return Promise.reject(this.stopped);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ ...question, id } satisfies ToThread);
    });
  }

  /** Lets the thread finish what it has begun; ends it after `withinMs` all the same: rows and checkpoints stand or fall together. */
  async close(withinMs: number): Promise<void> {
    if (this.stopped !== null) return;
    this.closing = true;
    const ended = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    const timer = setTimeout(() => void this.worker.terminate(), withinMs);
    this.ask({ kind: 'close' }).catch(() => {});
    await ended;
    clearTimeout(timer);
  }

  private receive(message: FromThread): void {
    if (message.kind === 'notice') this.listener.tell(message.notice);
    if (message.kind === 'damaged') this.listener.onFault({ message: message.reason, spoilt: true });
    if (message.kind === 'notice' || message.kind === 'ready' || message.kind === 'damaged') return;
    const asked = this.asked.get(message.id);
    if (message.kind === 'progress') {
      asked?.onProgress(message.done, message.total);
      return;
    }
    this.asked.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.statuses);
    else asked?.reject(new Error(message.reason));
  }

  private fail(error: Error): void {
    if (this.stopped !== null) return;
    this.stopped = error;
    for (const { reject } of this.asked.values()) reject(error);
    this.asked.clear();
    if (this.closing) return;
    this.listener.tell(notice('thread-stopped', null, error.message));
    this.listener.onFault({ message: error.message, spoilt: isDamage(error) });
  }
}
