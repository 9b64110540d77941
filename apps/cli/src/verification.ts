/** What of the verification others use: benches and specs. */
export { type Verification, type VerifyOrder, verifyFolder } from './verify/verify-folder';
