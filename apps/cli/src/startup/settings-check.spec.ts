import { createServer } from 'node:net';
import { demandFreePort, Failure } from './checks';
import { scaleFaults } from './settings-check';

describe('before anything is started', () => {
  it('any free port is one that can be had, and a taken one is told in both languages', async () => {
    const port = await demandFreePort('127.0.0.1', 0);
    expect(port).toBeGreaterThan(0);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const thrown: unknown = await demandFreePort('127.0.0.1', port).catch((fault: unknown) => fault);
      expect(thrown).toBeInstanceOf(Failure);
      const { zh, en } = (thrown as Failure).fault;
      expect([zh, en].every((words) => words.includes(String(port)))).toBe(true);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it.each([
    [undefined, 0],
    ['0.1', 0],
    ['0', 1],
    ['1.1', 1],
    ['much', 1],
  ])('a sample of the size %s has so many faults: %i', (scale, faults) => {
    expect(scaleFaults(scale)).toHaveLength(faults);
  });
});
