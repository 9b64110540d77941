import { type AccountState, accountStream, mergedInto, mergesUnderWay } from '#libs/medical-account';
import type { AccountRunner } from '../accounts/account-streams';
import type { Tracing } from '../envelope';
import { Unavailable } from '../unavailable';
import type { SettleHandOvers } from './hand-overs';

/** The account that has a person's money and cards now. */
export type Current = Readonly<{ accountId: string; stream: string; state: AccountState; head: number }>;
/** Follows an account id, however old, to the account that survived; what was under way there is finished first. Throws: on outage. */
export type CurrentAccount = (accountId: string) => Promise<Current>;

const ROUNDS_MAX = 20;
const SYSTEM: Tracing = {
  actor: { principal: 'hand-over', organisation: 'engine', door: 'job' },
  correlationId: 'hand-over',
  causationId: 'hand-over',
};

/**
 * `look`: how sure of other engines' writing the states have to be. Where somebody decides on them the decision is proven anyway.
 * Idempotency: nothing is done where nothing is under way; nearly every account is of this kind.
 */
export const currentAccount =
  (look: AccountRunner['load'], settle: SettleHandOvers): CurrentAccount =>
  async (asked) => {
    let accountId = asked;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const stream = accountStream(accountId);
      const { state, head } = await look(stream);
      const isUnderWay = state.succession.handOvers.length > 0 || mergesUnderWay(state).length > 0;
      if (isUnderWay) {
        await settle(accountId, SYSTEM);
        accountId = asked; // An undone merge may have given the account its own back.
        continue;
      }
      const survivor = mergedInto(state);
      if (survivor === null) return { accountId, stream, state, head };
      accountId = survivor;
    }
    throw new Unavailable('busy', 'money between two accounts is under way · 两个账户间的款项在途');
  };
