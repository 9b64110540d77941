/** What of the verification others use: benches and specs. */
export { LogFile } from './verify/log-file';
export { type Verification, type VerifyOrder, verifyFolder } from './verify/verify-folder';
