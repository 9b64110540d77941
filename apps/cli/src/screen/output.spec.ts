import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { outputOn, type Sink } from './output';

/** A reader that takes one text at a time, when it is told to. */
const slowReader = () => {
  const events = new EventEmitter();
  const waiting: ((fault?: Error) => void)[] = [];
  const sink: Sink = {
    write: (_text, done) => {
      waiting.push((fault) => done?.(fault ?? null));
      return false;
    },
    on: (event, told) => events.on(event, told),
  };
  return { sink, waiting, events };
};

describe('an output that may be a pipe', () => {
  it('waits for its reader before it says more', async () => {
    const { sink, waiting } = slowReader();
    const said = outputOn(sink).say('a line\n');
    let settled = false;
    void said.then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);
    waiting.shift()?.();
    await expect(said).resolves.toBe(true);
  });

  it('says that nobody reads any more once the reader has gone, and writes nothing then', async () => {
    const { sink, waiting, events } = slowReader();
    const output = outputOn(sink);
    events.emit('error', new Error('EPIPE'));
    await expect(output.say('a line\n')).resolves.toBe(false);
    expect(waiting).toHaveLength(0);
    await output.flushed();
  });

  const piped = (act: string, reader: string) => {
    const module = path.resolve(__dirname, '../../../../dist/apps/cli/src/screen/output.js');
    const program = `const output = require(${JSON.stringify(module)}).outputOn(process.stdout); ${act}`;
    return spawnSync('sh', ['-c', `"$0" -e "$1" | ${reader}`, process.execPath, program], { encoding: 'utf8' });
  };

  it('hands on all that was written before the process leaves, to a pipe, too', () => {
    const act = `process.stdout.write('x'.repeat(4_000_000)); output.flushed().then(() => process.exit(0));`;
    expect(Number(piped(act, '(sleep 0.3; wc -c)').stdout)).toBe(4_000_000);
  });

  it('ends without a fault when its reader has seen enough', () => {
    const line = `'x'.repeat(9_999) + '\\n'`;
    const act = `(async () => { while (await output.say(${line})); process.stderr.write('reader gone'); })();`;
    expect(piped(act, 'head -1 >/dev/null').stderr).toBe('reader gone');
  });
});
