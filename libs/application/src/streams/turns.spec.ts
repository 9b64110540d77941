import { Turns } from './turns';

/** Work that ends when it is told to. */
const held = () => {
  let end = (_error?: Error): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { work: () => ended, end };
};

describe('turns', () => {
  it('one stream is served in the order of asking, another does not wait for it', async () => {
    const turns = new Turns();
    const first = held();
    const served: string[] = [];
    const a = turns.take('a', async () => {
      await first.work();
      served.push('a1');
    });
    const b = turns.take('a', async () => served.push('a2'));
    await turns.take('b', async () => served.push('b'));
    expect(served).toEqual(['b']);
    first.end();
    await Promise.all([a, b]);
    expect(served).toEqual(['b', 'a1', 'a2']);
  });

  it('a turn that fails fails for who asked, and the next is served', async () => {
    const turns = new Turns();
    const failed = turns.take('a', async () => Promise.reject(new Error('a bug')));
    const next = turns.take('a', async () => 'served');
    await expect(failed).rejects.toThrow('a bug');
    expect(await next).toBe('served');
  });

  it('is idle when the last turn has ended, and not before', async () => {
    const turns = new Turns();
    const { work, end } = held();
    let isIdle = false;
    const turn = turns.take('a', work);
    const idle = turns.idle().then(() => {
      isIdle = true;
    });
    await turns.take('b', async () => undefined);
    expect(isIdle).toBe(false);
    end();
    await Promise.all([turn, idle]);
    expect(isIdle).toBe(true);
  });
});
