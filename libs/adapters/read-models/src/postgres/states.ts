import type { Pool } from 'pg';
import type { ProjectionStatus } from '#libs/application';
import { PROJECTIONS } from '../projections';
import { NewerSchemaError } from './migrations';

type Standing = Readonly<{
  name: string;
  version: number;
  logIndex: number;
  state: ProjectionStatus['state'] | null;
  detail: string | null;
}>;
/** What the database says of its projections, and whether somebody keeps them going. */
export type Told = Readonly<{ led: boolean; statuses: readonly ProjectionStatus[] }>;

const NO_LEADER = '没有投影进程在运行 / no projector is running';
const NOT_BUILT = '尚未建立 / not built yet';

/** What stands now, of all projections of this program. Throws: on outage. */
export const toldStates = async (pool: Pool, lastLogIndex: number): Promise<Told> => {
  const { rows } = await pool.query<Standing & { led: boolean }>(
    `SELECT live.name, live.version, live."logIndex", told.state, told.detail,
       (SELECT "heldUntil" >= clock_timestamp() FROM "projectorLease") AS led
     FROM projections live LEFT JOIN "projectionStates" told ON told.name = live.name WHERE live.role = 'live'`,
  );
  const led = rows[0]?.led === true;
  const statuses = PROJECTIONS.map(({ name, version }): ProjectionStatus => {
    const standing = rows.find((row) => row.name === name);
    if (standing === undefined)
      return { name, logIndex: -1, behind: lastLogIndex + 1, state: 'catchingUp', detail: led ? NOT_BUILT : NO_LEADER };
    const { logIndex, state, detail } = standing;
    const place = { name, logIndex, behind: Math.max(0, lastLogIndex - logIndex) };
    if (standing.version !== version)
      return { ...place, state: 'catchingUp', detail: `version ${standing.version}, this program has ${version}` };
    if (!led) return { ...place, state: 'catchingUp', detail: NO_LEADER };
    return { ...place, state: state ?? 'catchingUp', detail };
  });
  return { led, statuses };
};

/** The leader's own word on each projection, for the engines. Throws: on outage. */
export const tellStates = async (pool: Pool, statuses: readonly ProjectionStatus[]): Promise<void> => {
  await pool.query(
    `INSERT INTO "projectionStates" (name, state, detail) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS told(name, state, detail)
     ON CONFLICT (name) DO UPDATE SET state = excluded.state, detail = excluded.detail
     WHERE ("projectionStates".state, "projectionStates".detail) IS DISTINCT FROM (excluded.state, excluded.detail)`,
    [statuses.map(({ name }) => name), statuses.map(({ state }) => state), statuses.map(({ detail }) => detail)],
  );
};

/** Throws: NewerSchemaError when a newer program has built a projection; on outage. */
export const demandOwnVersions = async (pool: Pool): Promise<void> => {
  const { rows } = await pool.query<Readonly<{ name: string; version: number }>>(
    `SELECT name, version FROM projections WHERE role = 'live'`,
  );
  const newer = rows.filter(({ name, version }) => version > (PROJECTIONS.find((own) => own.name === name)?.version ?? version));
  if (newer.length === 0) return;
  const words = newer.map(({ name, version }) => `${name} ${version}`).join(', ');
  throw new NewerSchemaError({ zh: `投影 ${words}`, en: `projections ${words}` });
};
