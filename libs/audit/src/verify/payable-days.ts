import { dateOf } from './days';

type Money = Readonly<{ decidedAt: string; data: object }>;
export type PayableDay = Readonly<{ institutionCode: string; businessDate: string; payableFen: number }>;

/** Account money owed to each institution for each day, added up from `payable` legs alone. Units: fen. Source: log-format.md, 6. */
export class PayableDays {
  private readonly days = new Map<string, number>();

  take({ decidedAt, data }: Money): void {
    const { legs } = data as Readonly<{ legs?: readonly Readonly<{ account: string; amountFen: number }>[] }>;
    for (const { account, amountFen } of legs ?? []) {
      if (!account.startsWith('payable:')) continue;
      const day = `${account.slice('payable:'.length)} ${dateOf(decidedAt)}`;
      this.days.set(day, (this.days.get(day) ?? 0) + amountFen);
    }
  }

  of(institutionCode: string, businessDate: string): number {
    return this.days.get(`${institutionCode} ${businessDate}`) ?? 0;
  }

  all(): readonly PayableDay[] {
    return [...this.days].map(([day, payableFen]) => {
      const [institutionCode = '', businessDate = ''] = day.split(' ');
      return { institutionCode, businessDate, payableFen };
    });
  }
}
