import type { EngineClient } from '../engine/client';
import type { Words } from '../sample/ending';

type Rows = Readonly<Record<string, Readonly<{ messageZh?: string }>>>;

/** Reason codes in the words of the engine that runs; `{field}` and its like stand for nothing in particular here. Throws: on outage. */
export const catalogueWords = async (client: EngineClient): Promise<Words> => {
  const { body } = await client.call({ method: 'GET', path: '/problems' });
  const rows = body as Rows;
  return (code) => (rows[code]?.messageZh ?? code).replace(/[：:]?\{\w+\}/g, '');
};
