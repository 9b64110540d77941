import { type BusinessDate, businessDateOf, instantOf, isWorkingDay, plusDays, workingCalendarOf } from '#libs/kernel';
import { type AccountPolicy, policyAt } from '#libs/medical-account';

export type PoliciesOf = (poolingArea: string, decidedAt: string) => Promise<Readonly<{ policies: readonly AccountPolicy[] }>>;
export type DeadlineParts = Readonly<{ policiesOf: PoliciesOf; nowMs: () => number }>;

const LATE_DAYS_MAX = 3_660; // Ten years: what is later than that is late by at least so much.

/** The pack of an area in force at an instant; null before the first. */
export const packOf = async (policiesOf: PoliciesOf, poolingArea: string, at: string): Promise<AccountPolicy | null> => {
  const { policies } = await policiesOf(poolingArea, at);
  return policies.length === 0 ? null : policyAt(policies, at);
};

/** Working days from the day after the due one through today, by the calendar of the pack in force. */
export const latenessOf =
  ({ policiesOf, nowMs }: DeadlineParts) =>
  async (poolingArea: string, dueOn: BusinessDate | null): Promise<number> => {
    const now = instantOf(nowMs());
    const today = businessDateOf(now);
    if (dueOn === null || dueOn >= today) return 0;
    const calendar = workingCalendarOf((await packOf(policiesOf, poolingArea, now))?.holidays ?? []);
    let late = 0;
    let day = dueOn;
    for (let n = 0; day < today && n < LATE_DAYS_MAX; n++) {
      day = plusDays(day, 1);
      if (isWorkingDay(day, calendar)) late += 1;
    }
    return late;
  };
