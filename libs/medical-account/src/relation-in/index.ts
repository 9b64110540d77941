export * from './codec';
export type * from './commands';
export { relationIn, relationInStream } from './decide';
export type * from './events';
export { RELATION_IN_REFUSALS, type RelationInRefusal } from './refusals';
export { fileFen, type RelationInStage, type RelationInState, relationInStage } from './state';
