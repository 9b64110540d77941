export { type AccessKeyState, accessKey } from './access-key';
export * from './events';
export { ACTS, type Act, type Holder, mayAct, type Place, type Reach, reachOf, rightsFor } from './may-act';
export { ACCESS_REFUSALS, type AccessKeyRefusal } from './refusals';
