type Leg = readonly [account: string, amountFen: number];
type Logged = Readonly<{ logIndex: number; event: Readonly<{ stream: string; type: string; data: Readonly<Record<string, unknown>> }> }>;

export type LogCheck = Readonly<{
  events: number;
  moneyEvents: number;
  legs: number;
  /** What is wrong with the log, in words; nothing when it is sound. */
  faults: readonly string[];
  moved: Readonly<{ transfers: number; amountFen: number }>;
  sealed: Readonly<{ subAccounts: number; amountFen: number }>;
  balanceFen: number;
}>;

const FAULTS_MAX = 5;
const NEVER_NEGATIVE = /^(subAccount|hold|inTransit):/;

/**
 * Reads the log as an auditor does and adds it up: legs of every event sum to zero, nothing that holds money is ever below zero, and no
 * index is missing. Knows nothing of the engine's code: only what stands in the lines. Units: fen.
 */
export const logChecker = (): Readonly<{ line: (text: string) => void; result: () => LogCheck }> => {
  const balances = new Map<string, number>();
  const sealed = new Set<string>();
  const faults: string[] = [];
  const sums = { events: 0, moneyEvents: 0, legs: 0, transfers: 0, movedFen: 0 };
  const fault = (words: string) => faults.length < FAULTS_MAX && faults.push(words);

  const post = (stream: string, logIndex: number, legs: readonly Leg[]) => {
    sums.moneyEvents += 1;
    let sumFen = 0;
    for (const [account, amountFen] of legs) {
      sums.legs += 1;
      sumFen += amountFen;
      const place = `${stream}/${account}`;
      balances.set(place, (balances.get(place) ?? 0) + amountFen);
    }
    if (sumFen !== 0) fault(`event ${logIndex}: legs sum to ${sumFen} fen`);
    for (const [account] of legs) {
      const heldFen = balances.get(`${stream}/${account}`) ?? 0;
      if (heldFen < 0 && NEVER_NEGATIVE.test(account)) fault(`event ${logIndex}: ${account} at ${heldFen} fen`);
    }
  };

  const line = (text: string) => {
    const { logIndex, event } = JSON.parse(text) as Logged;
    const { stream, type, data } = event;
    if (logIndex !== sums.events) fault(`index ${sums.events} is missing`);
    sums.events += 1;
    if (Array.isArray(data.legs)) post(stream, logIndex, data.legs as Leg[]);
    if (type === 'SubAccountSealed.v1') sealed.add(`${stream}/subAccount:${String(data.cardId)}:`);
    if (type === 'SubAccountUnsealed.v1') sealed.delete(`${stream}/subAccount:${String(data.cardId)}:`);
    if (type === 'BalanceTransferred.v1') {
      sums.transfers += 1;
      sums.movedFen += Number(data.amountFen);
    }
  };

  const result = (): LogCheck => {
    let balanceFen = 0;
    let sealedFen = 0;
    for (const [place, amountFen] of balances) {
      if (!place.includes('/subAccount:')) continue;
      balanceFen += amountFen;
      if (sealed.has(place.slice(0, place.lastIndexOf(':') + 1))) sealedFen += amountFen;
    }
    return {
      events: sums.events,
      moneyEvents: sums.moneyEvents,
      legs: sums.legs,
      faults,
      moved: { transfers: sums.transfers, amountFen: sums.movedFen },
      sealed: { subAccounts: sealed.size, amountFen: sealedFen },
      balanceFen,
    };
  };
  return { line, result };
};
