import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogLines } from '../src/log-lines';

describe('log lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yika-lines-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are written in order, however many come at once', async () => {
    const file = join(folder, 'a.log');
    const fd = openSync(file, 'w');
    const lines = new LogLines(fd);
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}\n`);
    for (const line of text) lines.write(line);
    while (readFileSync(file, 'utf8').length < text.join('').length) await sleep(5);
    expect(readFileSync(file, 'utf8')).toBe(text.join(''));
    closeSync(fd);
  });

  it('are dropped when the disk is full; nobody waits, nothing is thrown', async () => {
    const full = openSync('/dev/full', 'w');
    const lines = new LogLines(full);
    for (let i = 0; i < 100; i++) {
      lines.write(`line ${i}\n`);
      await sleep(1);
    }
    closeSync(full);
  });

  it('say how many were lost once one gets through again', async () => {
    const file = join(folder, 'b.log');
    const fd = openSync(file, 'w');
    const readOnly = openSync(file, 'r');
    const lines = new LogLines(readOnly);
    lines.write('lost\n');
    lines.write('lost too\n');
    await sleep(20);
    Object.assign(lines, { fd });
    lines.write('written\n');
    while (!readFileSync(file, 'utf8').includes('written')) await sleep(5);
    expect(readFileSync(file, 'utf8')).toMatch(/"lost":2.*\nwritten\n$/);
    closeSync(fd);
    closeSync(readOnly);
  });
});
