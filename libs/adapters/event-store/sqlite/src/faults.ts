/** Faults that specs bring about in the writer's thread; shared memory, so that they can be set while it works. Never set in service. */
export type Faults = Int32Array;

/** Which fault a cell holds. `commitFails…`: how many commits from now (1: the next); 0: none. */
export const FAULT = {
  /** The commit fails and has had no effect. */
  commitFailsBefore: 0,
  /** The commit fails after it took effect. */
  commitFailsAfter: 1,
  /** While 1: the database cannot be opened again, so that nothing can be looked up. */
  reopenFails: 2,
  /** The most pages that the database may have; 0: no bound. */
  pagesMax: 3,
  /** The writer's thread dies just before this commit … */
  diesBefore: 4,
  /** … or just after it, without having answered. */
  diesAfter: 5,
} as const;

export const noFaults = (): Faults => new Int32Array(new SharedArrayBuffer(8 * Int32Array.BYTES_PER_ELEMENT));

export const setFault = (faults: Faults, fault: keyof typeof FAULT, value: number): void => {
  Atomics.store(faults, FAULT[fault], value);
};

export const isFault = (faults: Faults, fault: keyof typeof FAULT): number => Atomics.load(faults, FAULT[fault]);

/** Counts a commit; true when this is the one to fail. */
export const isDue = (faults: Faults, fault: keyof typeof FAULT): boolean =>
  Atomics.load(faults, FAULT[fault]) > 0 && Atomics.sub(faults, FAULT[fault], 1) === 1;

export class SimulatedCommitError extends Error {
  readonly errcode = 10 | (4 << 8); // SQLITE_IOERR_FSYNC
}
