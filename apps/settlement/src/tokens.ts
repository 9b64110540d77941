export const ENGINE = Symbol('ENGINE');
export const READ_MODELS = Symbol('READ_MODELS');
export const CLOCK = Symbol('CLOCK');
export const SETTINGS = Symbol('SETTINGS');
