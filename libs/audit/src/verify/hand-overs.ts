import { type Place, type Tally, words } from './checks';

type Sides = { sent: Place | null; received: Place | null; sumFen: number };

const NEVER_SENT = words('到账而未曾发出的在途款', 'money arrived that no account had sent');
const DIFFERS = words('发出与到账金额不等', 'what arrived is not what was sent');
const IN_TRANSIT = words(
  '在途：已发出，尚未到账（重启或做到期处理后到账）',
  'in transit: sent and not arrived; the next request or job brings it in',
);

/** Money between two accounts, over the whole log: what one sent, the other received, or it is in transit and named as that. */
export class HandOvers {
  private readonly all = new Map<string, Sides>();

  constructor(
    private readonly tally: Tally,
    /** False: not every stream is read. */
    private readonly isWhole: boolean,
  ) {}

  take(legs: readonly Readonly<{ account: string; amountFen: number }>[], place: Place): void {
    for (const { account, amountFen } of legs) {
      const sides = this.all.get(account) ?? { sent: null, received: null, sumFen: 0 };
      const leaves = account.endsWith(':owed') ? amountFen < 0 : amountFen > 0; // A debt is below zero where it comes from.
      sides.sumFen += amountFen;
      this.all.set(account, leaves ? { ...sides, sent: place } : { ...sides, received: place });
    }
  }

  finish(): void {
    for (const [account, { sent, received, sumFen }] of this.all) {
      if (!this.isWhole) continue;
      this.tally.expect('handOvers');
      if (sent && !received) {
        this.tally.leaveOut('handOvers', 1, IN_TRANSIT);
        continue;
      }
      this.tally.checked('handOvers');
      const place = received ?? { logIndex: null, stream: null, revision: null };
      if (!sent) this.tally.find('handOvers', place, NEVER_SENT, { found: account });
      else if (sumFen !== 0) this.tally.find('handOvers', place, DIFFERS, { expected: '0', found: `${account} ${sumFen} fen` });
    }
  }
}
