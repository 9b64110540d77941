import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProjectorStatus } from '#libs/adapters/read-models';

const ENTRY = resolve(__dirname, '../../dist/apps/projector/src/main.js');

type Line = Readonly<{ code?: string; msg?: string; address?: Readonly<{ port: number }> }>;

/** What is no line of the log is the stack of a process that fell. */
const lineOf = (text: string): Line => (text.startsWith('{') ? (JSON.parse(text) as Line) : { code: 'fallen', msg: text });

/** A projector as an operator starts it. */
export class ProjectorProcess {
  readonly lines: string[] = [];
  private port = 0;

  private constructor(readonly child: ChildProcess) {}

  /** Resolves when it answers, or has ended by itself. */
  static async start(env: Readonly<Record<string, string>>): Promise<ProjectorProcess> {
    const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('YIKA_')));
    const child = spawn(process.execPath, [ENTRY], { env: { ...plain, PORT: '0', ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    const made = new ProjectorProcess(child);
    const ended = once(child, 'exit');
    const open = new Promise<void>((done) => {
      createInterface({ input: child.stderr }).on('line', (text) => {
        made.lines.push(text);
        const { msg, address } = lineOf(text);
        if (msg !== 'open') return;
        made.port = address?.port ?? 0;
        done();
      });
    });
    await Promise.race([open, ended]);
    return made;
  }

  get codes(): readonly (string | undefined)[] {
    return this.lines.map((line) => lineOf(line).code);
  }

  async get(path: string): Promise<Readonly<{ status: number; text: string }>> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  async status(): Promise<ProjectorStatus> {
    return JSON.parse((await this.get('/health')).text) as ProjectorStatus;
  }

  async leads(): Promise<boolean> {
    return (await this.status()).leads;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

/** Which of them leads, once one does. */
export const leaderOf = async (projectors: readonly ProjectorProcess[]): Promise<ProjectorProcess> => {
  for (;;) {
    for (const projector of projectors) if (await projector.leads()) return projector;
    await pause(50);
  }
};
