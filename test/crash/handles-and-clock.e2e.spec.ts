import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { envelopeOf } from '#libs/application';
import { expectSound, logOf } from '../support/audit';
import { credit, done, holderWithCard, swipeOf, type TestEngine, testEngine, till, withRegion } from '../support/engine-fixture';
import { expectAllInLog, expectSameAgain } from './books';
import { EngineGone, runEngine } from './engine-process';
import { startLoad } from './load';
import { doorOf, setUpRegion } from './region';
import { seeded, seedOfRun } from './seeded';

jest.setTimeout(120_000);

describe('too few file handles', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'yika-handles-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const withHandles = (many: number) => ['bash', '-c', `ulimit -n ${many}; exec "$0" "$@"`];

  it('callers that use them up are told of, and end nothing: what was acknowledged stays, and with handles free again all come in', async () => {
    const engine = await runEngine({ folder, within: withHandles(120) });
    const idle: Socket[] = [];
    try {
      const region = await setUpRegion(engine, 6);
      const door = doorOf(engine);
      const load = startLoad(door, region, { random: seeded(seedOfRun('file handles')), label: 'h', callers: 8 });
      await load.answered(50);
      const { hostname, port } = new URL(engine.origin);
      for (let n = 0; n < 250; n++) idle.push(connect(Number(port), hostname).on('error', () => undefined));
      await pause(300);
      await load.stop();
      await door.close();
      expect(engine.lines.map(({ code }) => code)).toContain('connections-max');
      for (const socket of idle) socket.destroy();
      const again = doorOf(engine, 'network', 4);
      for (let tries = 0; (await again.call('GET', '/health/ready').catch(() => undefined))?.status !== 200; tries++) {
        if (tries > 200) throw new Error('not ready again');
        await pause(50);
      }
      await expectSameAgain(again, region, load.acts, 0);
      await again.close();
      await expectAllInLog(folder, load.acts);
    } finally {
      for (const socket of idle) socket.destroy();
      await engine.kill('SIGKILL');
    }
  });

  it('an engine that cannot open its files says so at the start and ends', async () => {
    const gone = await runEngine({ folder, within: withHandles(26) }).catch((thrown: unknown) => thrown);
    expect(gone).toBeInstanceOf(EngineGone);
    expect((gone as EngineGone).lines.map(({ msg }) => msg).join('\n')).toMatch(/open files|EMFILE|文件句柄/);
  });
});

describe('a clock that is set', () => {
  let made: TestEngine;
  beforeEach(async () => {
    made = await withRegion(await testEngine());
  });
  afterEach(() => made.close());
  const instants = async (): Promise<readonly (readonly [stream: string, decidedAt: string])[]> =>
    (await logOf(made)).map((event) => [event.stream, envelopeOf(event).decidedAt] as const);
  const codes = async () => (await made.engine.readiness()).reasons.map(({ code }) => code);

  it('back by an hour and forward again: no stream falls behind itself, no swipe is lost, and the engine is not ready meanwhile', async () => {
    const { accountId, cardNumber } = await holderWithCard(made, 'C10000001', 100_000);
    const settle = async (serial: string) => done(await made.engine.settlements.post(swipeOf(made, serial, cardNumber, 100), till));
    const clockOf = made.clock.nowMs;
    const first = await settle('S1');
    made.clock.nowMs = clockOf - 4_000;
    expect(await codes()).toEqual([]);
    const second = await settle('S2');
    expect(second.decidedAt).toBe(first.decidedAt);
    made.clock.nowMs = clockOf - 3_600_000;
    expect(await codes()).toEqual(['clock-behind']);
    await credit(made, accountId, 500);
    expect(await codes()).toEqual(['clock-behind']);
    made.clock.nowMs = clockOf + 1_000;
    expect(await codes()).toEqual([]);
    const third = await settle('S3');
    expect(Date.parse(third.decidedAt)).toBe(clockOf + 1_000);
    made.clock.nowMs = clockOf + 60_000;
    const newest = new Map<string, string>();
    for (const [stream, decidedAt] of await instants()) {
      expect(decidedAt >= (newest.get(stream) ?? '')).toBe(true);
      newest.set(stream, decidedAt);
    }
    await expectSound(made);
  });

  it('an engine started again with a clock behind its log is not ready until the clock is right', async () => {
    await holderWithCard(made, 'C10000002', 100_000);
    const clockOf = made.clock.nowMs;
    made.clock.nowMs = clockOf - 6_000;
    made = await made.reopen();
    expect(await codes()).toEqual(['clock-behind']);
    made.clock.nowMs = clockOf;
    expect(await codes()).toEqual([]);
  });
});
