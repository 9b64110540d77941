import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { acceptedLossWords } from './accepted-loss';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'yika-loss-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const remembered = (...at: string[]) =>
  writeFileSync(
    path.join(folder, 'checkpoint.json'),
    JSON.stringify({ acceptedLosses: at.map((one, i) => ({ at: one, lastLogIndex: 100 + i })) }),
  );

describe('who starts with --accept-loss', () => {
  it('is told where the log ends now, and what the institutions are to do', () => {
    remembered('2026-01-01T00:00:00.000Z', '2026-03-02T08:00:00.500Z');
    const words = acceptedLossWords(folder, '2026-03-02T08:00:00.000Z');
    expect(words).toContain('日志止于 101');
    expect(words).toContain('the log ends at 101');
    expect(words).toContain('原流水号');
  });

  it.each([
    ['was accepted before', () => remembered('2026-01-01T00:00:00.000Z')],
    ['is missing', () => remembered()],
    ['is remembered', () => undefined],
  ])('is told that there was nothing to accept when nothing new %s', (_, given) => {
    given();
    expect(acceptedLossWords(folder, '2026-03-02T08:00:00.000Z')).toContain('nothing to accept');
  });
});
