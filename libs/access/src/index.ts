export { type AccessKeyState, accessKey } from './access-key';
export * from './events';
export { ACTS, type Act, mayAct, rightsFor } from './may-act';
export { ACCESS_REFUSALS, type AccessKeyRefusal } from './refusals';
