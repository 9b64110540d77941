/** What of the campaign's command others use: benches and specs, which ask the engine as the command does. */
export type { Ended, PhaseStatus, Plan, RunCounts } from './campaign/answers';
export { readLines } from './campaign/lines';
export { adminAddress } from './engine/admin-address';
export { engineClient } from './engine/client';
