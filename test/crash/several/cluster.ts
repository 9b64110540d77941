import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineUnderTest, runEngine } from '../engine-process';
import { type Door, doorOf } from '../region';
import { below, type Random } from '../seeded';

const BUILT = path.resolve(__dirname.replace(/([\\/])dist(?=[\\/]test[\\/])/, ''), '../../../dist/test/crash/several');
const AHEAD_MS = [-30_000, 0, 30_000];
const TRIES = 60;

type Parts = Readonly<{ folder: string; random: Random }>;

/** A store server and three engines on it, each with a clock of its own; any of the four can be killed and comes up again as it was. */
export class Cluster {
  readonly storeFolder: string;
  readonly engines: (EngineUnderTest | undefined)[] = AHEAD_MS.map(() => undefined);
  private server: ChildProcess | undefined;
  private port = 0;
  private mishapShare = 0;

  constructor(private readonly parts: Parts) {
    this.storeFolder = path.join(parts.folder, 'store');
    writeFileSync(this.keyFile(), randomBytes(32).toString('base64'), { mode: 0o600 });
  }

  async start(): Promise<void> {
    await this.startStore();
    await Promise.all(AHEAD_MS.map((_, n) => this.startEngine(n)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.engines.flatMap((engine) => (engine ? [engine.kill('SIGTERM')] : [])));
    await this.killStore();
  }

  /** From now on this share of all appends meets something on its way. */
  trouble(mishapShare: number): void {
    this.mishapShare = mishapShare;
    this.server?.send({ mishapShare });
  }

  /** One of the four goes without a word, stays away for a moment and comes back. */
  async killOne(): Promise<void> {
    const { random } = this.parts;
    const which = below(random, AHEAD_MS.length + 1);
    if (which === AHEAD_MS.length) {
      await this.killStore();
      await sleep(below(random, 300));
      await this.startStore();
      await this.startTheGone(); // An engine that was starting meanwhile could not.
      return;
    }
    const engine = this.engines[which];
    this.engines[which] = undefined;
    await engine?.kill('SIGKILL');
    await this.startEngine(which);
  }

  folderOf(n: number): string {
    return path.join(this.parts.folder, `engine-${n}`);
  }

  /** As behind a balancer: each call goes to one of the engines, and to another when that one is gone or asks to come again. */
  door(): Door {
    const doors = new Map<EngineUnderTest, Door>();
    const any = (): Door | undefined => {
      const up = this.engines.flatMap((engine) => (engine ? [engine] : []));
      const engine = up[below(this.parts.random, up.length)];
      if (!engine) return undefined;
      const door = doors.get(engine) ?? doorOf(engine);
      doors.set(engine, door);
      return door;
    };
    return {
      call: async (method, at, more) => {
        for (let tries = 1; ; tries++) {
          const reply = await any()
            ?.call(method, at, more)
            .catch(() => undefined);
          if (reply && (reply.status !== 503 || tries === TRIES)) return reply;
          if (tries === TRIES) throw new Error(`no engine answers ${method} ${at}`);
          await sleep(50 + below(this.parts.random, 100));
        }
      },
      close: async () => {
        await Promise.all([...doors.values()].map((door) => door.close()));
      },
    };
  }

  private async startStore(): Promise<void> {
    const words = [this.storeFolder, String(this.port), String(below(this.parts.random, 1e9))];
    const child = fork(path.join(BUILT, 'store-process.js'), words, { execArgv: [] });
    this.server = child;
    this.port = await new Promise<number>((resolve, reject) => {
      child.once('message', ({ port }: { port: number }) => resolve(port)).once('exit', () => reject(new Error('no store server')));
    });
    child.send({ mishapShare: this.mishapShare });
  }

  private async killStore(): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  private async startTheGone(): Promise<void> {
    for (const [n, engine] of this.engines.entries()) if (!engine) await this.startEngine(n);
  }

  private async startEngine(n: number): Promise<void> {
    const { folder } = this.parts;
    this.engines[n] = await runEngine({
      folder: this.folderOf(n),
      preload: [path.join(BUILT, 'preload.js')],
      env: {
        YIKA_TEST_STORE_PORT: String(this.port),
        YIKA_TEST_VAULT: path.join(folder, 'vault'),
        YIKA_TEST_AHEAD_MS: String(AHEAD_MS[n]),
        YIKA_MASTER_KEY_FILE: this.keyFile(),
      },
    });
  }

  private keyFile(): string {
    return path.join(this.parts.folder, 'master.key');
  }
}
