/**
 * Counts what is held in memory of bodies that are still on their way, by who sends them: thousands of large bodies begun and never finished
 * would otherwise add up to more than there is. Units: bytes.
 */
export class HeldBytes {
  private readonly heldBy = new Map<string, number>();

  constructor(private readonly bytesMax: number) {}

  /** Whether there is room for so many more; if not, nothing is taken. */
  take(name: string, bytes: number): boolean {
    const held = (this.heldBy.get(name) ?? 0) + bytes;
    if (held > this.bytesMax) return false;
    this.heldBy.set(name, held);
    return true;
  }

  giveBack(name: string, bytes: number): void {
    const left = (this.heldBy.get(name) ?? 0) - bytes;
    if (left > 0) this.heldBy.set(name, left);
    else this.heldBy.delete(name);
  }
}
