import type { Credentials } from '../accounts/credentials';
import { refused } from '../answers';
import type { Accounts, CardService } from '../engine';
import { orUnavailable } from '../unavailable';

type Parts = Readonly<{ credentials: Credentials; accountDoor: Pick<Accounts, 'handleCard'> }>;

/**
 * Cards that were gathered, and cards that were shredded under a protocol, one a line: the same acts as at a counter.
 * Idempotency: by the organisation's reference. Source: Q10.
 */
export const disposalOf = ({ credentials, accountDoor }: Parts): CardService['dispose'] => {
  const dispose: CardService['dispose'] = async ({ reference, act, place, card }, tracing) => {
    const found = 'cardId' in card ? card : await credentials.resolve({ kind: 'socialSecurityCard', number: card.number }, async () => []);
    if (!found?.cardId) return refused([{ code: 'card-unknown' }]);
    return accountDoor.handleCard(found.accountId, found.cardId, { reference, act, place }, tracing);
  };
  return (line, tracing) => orUnavailable(dispose(line, tracing));
};
