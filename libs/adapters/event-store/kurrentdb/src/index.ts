export { kurrentDbAddressFault } from './connection';
export { DamagedLogError, KurrentDbStartUpError, type StartUpCode } from './errors';
export {
  type KurrentDbOptions,
  openKurrentDbContentStore,
  openKurrentDbEventReader,
  openKurrentDbEventStore,
} from './event-store';
export { LOG_DEFAULT } from './names';
