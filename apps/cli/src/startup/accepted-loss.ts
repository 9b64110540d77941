import { readFileSync } from 'node:fs';
import path from 'node:path';

type Accepted = Readonly<{ at: string; lastLogIndex: number }>;

const lastAccepted = (dataFolder: string): Accepted | undefined => {
  try {
    const read = JSON.parse(readFileSync(path.join(dataFolder, 'checkpoint.json'), 'utf8')) as { acceptedLosses?: readonly Accepted[] };
    return read.acceptedLosses?.at(-1);
  } catch {
    return undefined;
  }
};

/** What `--accept-loss` came to, for the person who gave it: a loss that is accepted is not a thing to be silent about. */
export const acceptedLossWords = (dataFolder: string, startedAt: string): string => {
  const accepted = lastAccepted(dataFolder);
  if (accepted === undefined || accepted.at < startedAt)
    return '--accept-loss：没有缺失，无需接受 · nothing is missing: there was nothing to accept';
  const { lastLogIndex } = accepted;
  return `已接受丢失，并记入 checkpoint.json：日志止于 ${lastLogIndex}，其后的业务不再存在。
请各机构用原流水号重发此后的业务：已有的照原样作答，没有的补结算。
The loss is accepted and recorded in checkpoint.json: the log ends at ${lastLogIndex}, and what came after it is gone.
Have the institutions send again what they posted since, under the same serials: what is there is answered again, what is not is settled.`;
};
