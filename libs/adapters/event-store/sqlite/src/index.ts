export { openSqliteContentStore, type SqliteContentStoreOptions } from './content-store';
export { DamagedLogError } from './damaged-log';
export { openSqliteEventReader, type SqliteEventReader } from './event-reader';
export { openSqliteEventStore, type SqliteEventStoreOptions } from './event-store';
export { type Faults, noFaults, setFault } from './faults';
export { DataFolderInUseError, lockDataFolder } from './writer-lock';
