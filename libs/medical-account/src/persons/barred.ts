import type { AccountFacts, MedicalAccountCommand } from '../commands';
import { standingUnder } from '../keys';
import { type Outcome, refuse } from '../refusals';
import type { AccountState } from '../state';
import { mergedInto } from './standing';

/** What a merged account still decides: the undoing of its own settlements, and what becomes of its money between the two accounts. */
const STILL: ReadonlySet<MedicalAccountCommand['type']> = new Set<MedicalAccountCommand['type']>([
  'CancelSettlement',
  'ReverseSettlement',
  'ReceiveHandOver',
  'ConfirmHandOver',
  'AbsorbAccount',
  'SettleDue',
]);

/** Everything else is the survivor's; but what was answered here once is answered so for ever. */
export const barredByMerge = ({ type, data }: MedicalAccountCommand, state: AccountState, facts: AccountFacts): Outcome | undefined => {
  const survivorAccountId = mergedInto(state);
  if (survivorAccountId === null || STILL.has(type)) return undefined;
  if ('key' in data && standingUnder(data.key, facts) !== undefined) return undefined;
  return refuse([{ code: 'account-merged', accountId: state.holder?.accountId ?? '', survivorAccountId }]);
};
