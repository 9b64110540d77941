export * from './codec';
export * from './commands';
export { institution } from './decide';
export * from './events';
export * from './facts';
export { INSTITUTION_REFUSALS, type InstitutionRefusal } from './refusals';
export type { InstitutionState } from './state';
