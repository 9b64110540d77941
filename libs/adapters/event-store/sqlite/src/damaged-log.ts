/** What is stored is not what was written: never answered around, never skipped. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
}
