const KNOWN_MAX = 100_000;

/**
 * Transfers that wait, by what they wait for: the claim of a person without an account, or an account that does not take them now. Only what
 * this engine has seen: the job that goes by finds all of them, this only spares the person the wait for it.
 */
export class Parked {
  private readonly waiting = new Map<string, Set<string>>();
  private count = 0;

  add(waitsFor: string, transferInId: string): void {
    const ids = this.waiting.get(waitsFor) ?? new Set<string>();
    if (ids.has(transferInId) || this.count >= KNOWN_MAX) return;
    this.waiting.set(waitsFor, ids.add(transferInId));
    this.count += 1;
  }

  take(waitsFor: string): readonly string[] {
    const ids = [...(this.waiting.get(waitsFor) ?? [])];
    this.waiting.delete(waitsFor);
    this.count -= ids.length;
    return ids;
  }
}
