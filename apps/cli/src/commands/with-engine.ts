import { existsSync } from 'node:fs';
import path from 'node:path';
import { adminAddress } from '../engine/admin-address';
import { type Address, type Call, type EngineClient, engineClient, Refused } from '../engine/client';
import { answers, startEngine } from '../engine/process';
import { bodyOf } from '../sample/judge';
import { demandWritable, Failure } from '../startup/checks';

/**
 * Works with the engine that holds the data folder; when none does, starts one for the moment that listens nowhere but on its admin
 * socket, and stops it afterwards: so all writes go one way. A folder without a log is a mistyped one.
 * Throws: Failure, EngineDidNotStart; whatever the work throws.
 */
export const withEngine = async <T>(dataFolder: string, work: (admin: EngineClient, address: Address) => Promise<T>): Promise<T> => {
  demandLog(dataFolder);
  demandWritable(dataFolder);
  const address = adminAddress(dataFolder);
  if (address !== undefined && (await answers(address))) return closing(address, work);
  const engine = await startEngine({ dataFolder, listen: 'none', logFile: path.join(dataFolder, 'engine.log') });
  try {
    return await closing(engine.address, work);
  } finally {
    await engine.stop();
  }
};

const demandLog = (dataFolder: string): void => {
  if (existsSync(path.join(dataFolder, 'events.db'))) return;
  throw new Failure({
    zh: `${dataFolder} 不是引擎的数据目录（没有事件日志）。`,
    en: `${dataFolder} is no engine's data folder: there is no log in it.`,
  });
};

const closing = async <T>(address: Address, work: (admin: EngineClient, address: Address) => Promise<T>): Promise<T> => {
  const client = engineClient(address);
  try {
    return await work(client, address);
  } finally {
    await client.close();
  }
};

/** The body of an answer that was a success. Throws: Refused. */
export const demand = async (client: EngineClient, call: Call): Promise<Readonly<Record<string, unknown>>> => {
  const reply = await client.call(call);
  if (reply.status >= 400) throw new Refused(bodyOf(reply));
  return bodyOf(reply);
};
