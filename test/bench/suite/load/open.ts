import { nth } from '../nth';
import { Connection } from './connection';
import type { Gauge } from './gauge';
import type { LoadPlan } from './plan';
import { filler, requestsOf } from './request';

/**
 * Requests come at a rate, independently of one another (exponential gaps), whatever the answers do. One that finds no free connection waits
 * for one, and its latency counts from when it was due: a pause of the server is felt by all who would have come during it.
 */
export const runOpen = async (plan: LoadPlan & { pace: { perSecond: number } }, gauge: Gauge): Promise<void> => {
  const { port, accounts, prefix, connections, warmUpSeconds, seconds, pace } = plan;
  const fill = filler(prefix, accounts);
  const messages = requestsOf(plan);
  const dueAt = new Float64Array(connections);
  const free: Connection[] = [];
  const waiting: number[] = []; // When each was due, oldest first from `taken` on.
  let taken = 0;
  const send = (connection: Connection, due: number): void => {
    const message = nth(messages, connection.lane);
    fill(message, connection.lane);
    dueAt[connection.lane] = due;
    connection.send(message.bytes);
  };
  const onAnswer = (connection: Connection, status: number): void => {
    gauge.answered(status, performance.now() - nth(dueAt, connection.lane));
    const due = waiting[taken];
    if (due === undefined) free.push(connection);
    else {
      taken += 1;
      send(connection, due);
    }
  };
  free.push(...(await Promise.all(Array.from({ length: connections }, (_, lane) => Connection.open(port, lane, onAnswer)))));
  const began = performance.now();
  const ends = began + (warmUpSeconds + seconds) * 1_000;
  setTimeout(gauge.begin, warmUpSeconds * 1_000);
  let due = began;
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const now = performance.now();
      for (; due <= now && due < ends; due += (-Math.log(1 - Math.random()) * 1_000) / pace.perSecond) {
        const connection = free.shift(); // In turn: one that never asked anything would be closed by the server.
        if (connection) send(connection, due);
        else waiting.push(due);
      }
      const isIdle = free.length === connections && waiting.length === taken;
      if (now >= ends && isIdle) resolve();
      else setTimeout(tick, 1);
    };
    tick();
  });
  gauge.end(); // With the last answer: who waited longest is counted too.
  for (const connection of free) connection.close();
};
