import { nth } from '../nth';
import { Connection } from './connection';
import type { Gauge } from './gauge';
import type { LoadPlan } from './plan';
import { filler, requestsOf } from './request';

/** As many in flight as there are connections: each sends its next request when it has its answer. */
export const runClosed = async (plan: LoadPlan, gauge: Gauge): Promise<void> => {
  const { port, accounts, prefix, connections, warmUpSeconds, seconds } = plan;
  const fill = filler(prefix, accounts);
  const messages = requestsOf(plan);
  const sentAt = new Float64Array(connections);
  const ends = performance.now() + (warmUpSeconds + seconds) * 1_000;
  const open: Connection[] = [];
  const next = (connection: Connection): void => {
    const message = nth(messages, connection.lane);
    fill(message, connection.lane);
    sentAt[connection.lane] = performance.now();
    connection.send(message.bytes);
  };
  await new Promise<void>((resolve, reject) => {
    let idle = 0;
    const onAnswer = (connection: Connection, status: number): void => {
      const now = performance.now();
      gauge.answered(status, now - nth(sentAt, connection.lane));
      if (now < ends) next(connection);
      else if (++idle === connections) resolve();
    };
    for (let lane = 0; lane < connections; lane++) {
      Connection.open(port, lane, onAnswer).then((connection) => {
        open.push(connection);
        next(connection);
      }, reject);
    }
    setTimeout(gauge.begin, warmUpSeconds * 1_000);
  });
  gauge.end(); // With the last answer; all that were sent count.
  for (const connection of open) connection.close();
};
