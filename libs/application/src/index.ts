export * from './command-identity';
export * from './engine';
export * from './envelope';
export * from './event-store.port';
export * from './read-models.port';
export * from './vault.port';
