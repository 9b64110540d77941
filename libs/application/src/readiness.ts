import { instantOf, msOf } from '#libs/kernel';
import type { Readiness } from './engine';
import type { EventReader } from './event-store.port';
import type { Time } from './streams/request';
import { envelopeOf } from './streams/stored-form';

const CLOCK_BEHIND_MS = 5_000;

export type ReadinessWatch = Readonly<{ saw: (decidedAt: string) => void; now: () => Promise<Readiness>; drain: () => void }>;

/** Knows whether this engine should get work: its clock is not behind the log, the log can be read, and it is not on its way out. */
export const readinessOf = async (reader: EventReader, time: Time): Promise<ReadinessWatch> => {
  let newest = instantOf(0);
  let draining = false;
  const saw = (decidedAt: string) => {
    if (decidedAt > newest) newest = decidedAt;
  };
  const last = await reader.lastLogIndex();
  if (last >= 0) for await (const stored of reader.readLog(last)) saw(envelopeOf(stored).decidedAt);

  const now = async (): Promise<Readiness> => {
    const reasons: Readiness['reasons'][number][] = [];
    const behindMs = msOf(newest) - time.nowMs();
    if (draining) reasons.push({ code: 'shutting-down', messageZh: '引擎正在停机', messageEn: 'the engine is shutting down' });
    if (behindMs > CLOCK_BEHIND_MS)
      reasons.push({
        code: 'clock-behind',
        messageZh: `引擎时钟落后于日志 ${behindMs} 毫秒，请校时`,
        messageEn: `the engine's clock is ${behindMs} ms behind the log: set it right`,
      });
    const readable = await reader.lastLogIndex().then(
      () => true,
      () => false,
    );
    if (!readable) reasons.push({ code: 'log-unreadable', messageZh: '事件日志无法读取', messageEn: 'the event log cannot be read' });
    return { ready: reasons.length === 0, reasons };
  };
  const drain = () => {
    draining = true;
  };
  return { saw, now, drain };
};
