import type { Tracing } from '../envelope';
import type { Lane } from '../event-store.port';

/** A batch goes behind who stands at a counter. */
export const laneOf = ({ actor }: Tracing): Lane => (actor.door === 'batch' ? 'job' : 'interactive');
