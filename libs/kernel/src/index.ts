export * from './canonical';
export * from './decider';
export * from './identity-number';
export * from './legs';
export * from './money';
export * from './refusal';
export * from './stored';
export * from './time';
