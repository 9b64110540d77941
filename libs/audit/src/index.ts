export * from './leaf';
export * from './replay';
