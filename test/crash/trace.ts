import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What changes a file or a folder; `issued` and `returned` are places in the trace. A change may reach the disk from `issued` on. */
type Timed = { readonly issued: number; returned: number };
export type Change = Timed &
  (
    | { readonly what: 'write'; readonly node: number; readonly at: number; readonly bytes: Buffer }
    | { readonly what: 'truncate'; readonly node: number; readonly size: number }
    | { readonly what: 'link'; readonly node: number; readonly name: string; readonly target: number; readonly isFolder: boolean }
    | { readonly what: 'unlink'; readonly node: number; readonly name: string }
  );
export type Sync = Timed & { readonly node: number };
/** Something that left the process over a socket or a pipe. */
export type Said = Readonly<{ issued: number; text: string }>;
/** `node` 0 is the folder above the traced one. */
export type Trace = Readonly<{
  changes: readonly Change[];
  syncs: readonly Sync[];
  said: readonly Said[];
  end: number;
  /** Names by node, as files were made. */
  names: ReadonlyMap<number, string>;
}>;

const CALLS = [
  ['openat', 'open', 'creat', 'close', 'write', 'writev', 'pwrite64', 'pwritev', 'sendto', 'sendmsg'],
  ['fsync', 'fdatasync', 'ftruncate', 'truncate', 'unlink', 'unlinkat', 'rename', 'renameat', 'renameat2', 'mkdir', 'mkdirat'],
  ['dup', 'dup2', 'dup3'],
]
  .flat()
  .join(',');
const STRING_MAX = 1_000_000;

export const hasStrace = (): boolean => spawnSync('strace', ['-V']).status === 0;

/** The program and its words that trace what stands behind them into `file`. */
export const tracing = (file: string): readonly string[] => [
  'strace',
  '-f',
  '--seccomp-bpf',
  '-y',
  '-xx',
  '-s',
  String(STRING_MAX),
  '-e',
  `trace=${CALLS}`,
  '-e',
  'signal=none',
  '-o',
  file,
];

const unhexed = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const stringsIn = (text: string): Buffer[] =>
  [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)].map(([, hex = '', cut]) => {
    if (cut !== undefined) throw new Error('the trace has left bytes out');
    return unhexed(hex);
  });

type Call = { readonly name: string; words: string; readonly issued: number };

/** Reads what `tracing` has written. `root`: the traced data folder; what happens elsewhere counts only as something said. */
export const readTrace = async (file: string, root: string): Promise<Trace> => {
  const reading = new TraceReading(root);
  const under = new Map<string, Call>();
  let place = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'latin1') })) {
    place += 1;
    const thread = line.slice(0, line.indexOf(' '));
    const text = line.slice(thread.length).trimStart();
    const resumed = /^<\.\.\. (\w+) resumed>/.exec(text);
    if (resumed) {
      const call = under.get(thread);
      under.delete(thread);
      if (call) reading.ended({ ...call, words: call.words + text.slice(resumed[0].length) }, place);
      continue;
    }
    const called = /^(\w+)\(/.exec(text);
    if (!called) continue;
    const call: Call = { name: called[1] ?? '', words: text.slice(called[0].length), issued: place };
    const isOpen = call.words.endsWith(' <unfinished ...>');
    if (isOpen) {
      call.words = call.words.slice(0, -' <unfinished ...>'.length);
      under.set(thread, call);
    }
    reading.began(call);
    if (!isOpen) reading.ended(call, place);
  }
  return reading.trace(place);
};

const WRITES = new Set(['write', 'writev', 'sendto', 'sendmsg', 'pwrite64', 'pwritev']);

class TraceReading {
  private readonly changes: Change[] = [];
  private readonly syncs: Sync[] = [];
  private readonly said: Said[] = [];
  private readonly names = new Map<number, string>([[0, '/']]);
  private readonly open = new Map<number, { node: number; at: number }>();
  private readonly paths = new Map<string, number>();
  private readonly pending = new Map<number, Timed[]>();
  private nodes = 0;

  constructor(private readonly root: string) {
    this.paths.set(path.dirname(root), 0);
  }

  trace(end: number): Trace {
    return { changes: this.changes, syncs: this.syncs, said: this.said, end, names: this.names };
  }

  /** A write counts from the moment at which it is asked for; what makes or removes names, from its return. */
  began({ name, words, issued }: Call): void {
    const descriptor = Number.parseInt(words, 10);
    const own = this.open.get(descriptor);
    if (name === 'close') this.open.delete(descriptor);
    if (name === 'fsync' || name === 'fdatasync') {
      if (own) this.timed(issued, this.push(this.syncs, { node: own.node, issued, returned: Number.POSITIVE_INFINITY }));
    } else if (WRITES.has(name)) this.wrote({ name, words, issued }, own);
    else if (name === 'ftruncate' && own) {
      const size = Number(/, (\d+)/.exec(words)?.[1]);
      this.timed(issued, this.push(this.changes, { what: 'truncate', node: own.node, size, issued, returned: Number.POSITIVE_INFINITY }));
    }
  }

  ended({ name, words, issued }: Call, returned: number): void {
    const result = Number(/= (-?\d+)/.exec(words.slice(words.lastIndexOf(')')))?.[1]);
    for (const one of this.pending.get(issued) ?? []) one.returned = result >= 0 ? returned : Number.POSITIVE_INFINITY;
    this.pending.delete(issued);
    if (!(result >= 0)) return;
    if (name === 'openat' || name === 'open' || name === 'creat') this.opened({ words, result, issued, returned });
    this.named({ name, words, issued }, returned);
    if (name.startsWith('dup') || name === 'truncate') throw new Error(`the trace shows ${name}, which nobody reads here`);
  }

  private wrote({ name, words, issued }: Call, own: { node: number; at: number } | undefined): void {
    const bytes = Buffer.concat(stringsIn(words));
    if (!own) {
      this.said.push({ issued, text: bytes.toString('utf8') });
      return;
    }
    const at = name.startsWith('pwrite') ? Number(/, (\d+)\)?\s*(?:= .*)?$/.exec(words)?.[1]) : own.at;
    if (Number.isNaN(at)) throw new Error(`a write at no place: ${words.slice(-80)}`);
    if (!name.startsWith('pwrite')) own.at += bytes.length;
    const change: Change = { what: 'write', node: own.node, at, bytes, issued, returned: Number.POSITIVE_INFINITY };
    this.timed(issued, this.push(this.changes, change));
  }

  private named({ name, words, issued }: Call, returned: number): void {
    const [from = '', to = ''] = /^(?:mkdir|unlink|rename)/.test(name) ? stringsIn(words).map(String) : [];
    if (name.startsWith('mkdir')) this.linked(Buffer.from(from), { isFolder: true, issued, returned });
    if (name.startsWith('unlink')) this.unlinked(from, { issued, returned });
    const node = this.paths.get(from);
    if (!name.startsWith('rename') || node === undefined) return;
    this.unlinked(from, { issued, returned });
    this.link(to, node, { isFolder: false, issued, returned });
  }

  private push<T>(list: T[], one: T): T {
    list.push(one);
    return one;
  }

  private timed(issued: number, one: Timed): void {
    this.pending.set(issued, [...(this.pending.get(issued) ?? []), one]);
  }

  private opened({ words, result, issued, returned }: Readonly<{ words: string; result: number; issued: number; returned: number }>): void {
    const name = stringsIn(words)[0]?.toString() ?? '';
    const standing = this.paths.get(name);
    if (standing === undefined && !words.includes('O_CREAT')) return;
    const node = standing ?? this.linked(Buffer.from(name), { isFolder: false, issued, returned });
    if (node === undefined) return;
    this.open.set(result, { node, at: 0 });
    if (words.includes('O_TRUNC') && standing !== undefined) this.changes.push({ what: 'truncate', node, size: 0, issued, returned });
  }

  private linked(name: Buffer | undefined, more: Readonly<{ isFolder: boolean; issued: number; returned: number }>): number | undefined {
    const own = name?.toString() ?? '';
    if (own !== this.root && !own.startsWith(`${this.root}/`)) return undefined;
    const node = ++this.nodes;
    this.link(own, node, more);
    return node;
  }

  private link(
    name: string,
    node: number,
    { isFolder, issued, returned }: Readonly<{ isFolder: boolean; issued: number; returned: number }>,
  ): void {
    const folder = this.paths.get(path.dirname(name));
    if (folder === undefined) return;
    this.names.set(node, name);
    this.paths.set(name, node);
    this.changes.push({ what: 'link', node: folder, name: path.basename(name), target: node, isFolder, issued, returned });
  }

  private unlinked(name: string, more: Readonly<{ issued: number; returned: number }>): void {
    const folder = this.paths.get(path.dirname(name));
    if (folder === undefined || !this.paths.delete(name)) return;
    this.changes.push({ what: 'unlink', node: folder, name: path.basename(name), ...more });
  }
}
