import { connect, type Socket } from 'node:net';
import { nth } from '../nth';
import type { Gauge } from './gauge';
import type { LoadPlan } from './plan';
import { batchHeadOf, bodyOf, filler, type Message, messageOf } from './request';

const LINES_A_CHUNK = 16;
const LINES_UNDER_WAY_MAX = 512; // More would only wait in the server's buffers.

/** A chunk of lines, each with values of its own. */
const filled = (line: Message, fill: (message: Message, lane: number) => void, lane: number): Buffer => {
  const lines: Buffer[] = [];
  for (let i = 0; i < LINES_A_CHUNK; i++) {
    fill(line, lane);
    lines.push(Buffer.from(line.bytes));
  }
  const length = lines.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...lines, Buffer.from('\r\n')]);
};

const NEWLINE = 10;
const RETURN = 13;
/** Answered lines: line ends that do not belong to the chunks around them. */
const linesIn = (bytes: Buffer): number => {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) if (bytes[at - 1] !== RETURN) lines += 1;
  return lines;
};

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });

const stream = async (plan: LoadPlan, lane: number, gauge: Gauge, fill: ReturnType<typeof filler>): Promise<void> => {
  const till = nth(plan.tills, lane);
  const line = messageOf(`${bodyOf(till)}\n`);
  const socket = await opened(plan.port);
  const ends = performance.now() + (plan.warmUpSeconds + plan.seconds) * 1_000;
  let underWay = 0;
  socket.write(batchHeadOf(till, plan.port));
  await new Promise<void>((resolve, reject) => {
    let isEnding = false;
    const send = (): void => {
      while (!isEnding && underWay < LINES_UNDER_WAY_MAX && !socket.writableNeedDrain) {
        if (performance.now() >= ends) {
          isEnding = true;
          socket.write('0\r\n\r\n');
          break;
        }
        socket.write(filled(line, fill, lane));
        underWay += LINES_A_CHUNK;
      }
      if (isEnding && underWay <= 0) resolve();
    };
    socket.on('drain', send);
    socket.on('data', (bytes: Buffer) => {
      const lines = linesIn(bytes);
      const text = bytes.toString('latin1');
      const settled = text.split('"status":201').length - 1; // One that a packet cuts in two counts as another status: next to none.
      for (let i = 0; i < lines; i++) gauge.answered(i < settled ? 201 : 0, 0);
      underWay -= lines;
      send();
    });
    socket.on('error', reject);
    socket.on('end', () => (isEnding && underWay <= 0 ? resolve() : reject(new Error('the batch was cut off'))));
    send();
  });
  socket.destroy();
};

/** Endless batches, one a connection, read while they are sent. */
export const runBatch = async (plan: LoadPlan, gauge: Gauge): Promise<void> => {
  const fill = filler(plan.prefix, plan.accounts);
  setTimeout(gauge.begin, plan.warmUpSeconds * 1_000);
  setTimeout(gauge.end, (plan.warmUpSeconds + plan.seconds) * 1_000);
  await Promise.all(Array.from({ length: plan.connections }, (_, lane) => stream(plan, lane, gauge, fill)));
};
