/** How a long work is followed and stopped. */
export type Watch = Readonly<{
  signal: AbortSignal;
  /** Begins a stage; what it returns is told how far it is. */
  stage: (zhEn: string, total: number) => Readonly<{ advance: (by: number) => void; set: (done: number) => void; finish: () => void }>;
}>;
