/** One queue a stream: what is given for a stream runs strictly one after the other; streams do not wait for each other. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();
  private closed = false;

  /** No new commands from now on; those under way are finished. */
  close(): void {
    this.closed = true;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** A turn that fails fails for who asked for it; the next one runs all the same. */
  take<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(stream) ?? Promise.resolve()).then(work);
    const done: Promise<unknown> = turn.catch(() => undefined).then(() => this.last.get(stream) === done && this.last.delete(stream));
    this.last.set(stream, done);
    return turn;
  }

  /** Settles when no turn is waiting or running. */
  async idle(): Promise<void> {
    while (this.last.size > 0) await Promise.all(this.last.values());
  }
}
