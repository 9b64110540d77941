import { randomUUID } from 'node:crypto';
import { refused } from '../answers';
import type { Accounts, ActAnswer, Answer, OpenAccountOrder } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { Vault } from '../vault.port';
import type { AccountActs, Keyed } from './account-acts';
import { accountIdOf } from './account-streams';
import type { Credentials } from './credentials';

export type OpeningParts = Readonly<{
  acts: AccountActs;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  hasPolicy: (poolingArea: string) => Promise<boolean>;
}>;

/** Opens accounts: one a person and pooling area, held by a claim on the person. Idempotency: by the organisation's reference. */
export const accountOpening = ({ acts, reader, vault, credentials, hasPolicy }: OpeningParts): Accounts['open'] => {
  const openOnce = async (order: OpenAccountOrder, own: Keyed, personClaim: string, tracing: Tracing): Promise<Answer<ActAnswer>> => {
    const { poolingArea, district = null, insuranceType, person } = order;
    const [mine, { key: seat, holder }] = await Promise.all([reader.findClaim(own.key), credentials.seatOf(personClaim)]);
    if (!mine && holder !== undefined) return refused([{ code: 'person-already-has-account', accountId: accountIdOf(holder) }]);
    const accountId = mine ? accountIdOf(mine.stream) : randomUUID();
    const personId = randomUUID();
    const commitments = mine ? {} : await vault.putPerson(personId, person);
    const data = { ...own, accountId, personId, poolingArea, district, insuranceType, commitments };
    const claims = [{ key: seat, commandHash: own.commandHash }];
    return acts.run({ accountId, command: { type: 'OpenAccount', data }, tracing, id: accountId, claims, poolingArea });
  };

  return async (order, tracing) => {
    const { reference, poolingArea, district = null, insuranceType, person } = order;
    if (!(await hasPolicy(poolingArea))) return refused([{ code: 'pooling-area-without-policy', poolingArea }]);
    const personClaim = credentials.personClaim(poolingArea, person.identityKind, person.identityNumber);
    const own = acts.keyed(
      tracing,
      reference,
      'OpenAccount',
      poolingArea,
      insuranceType,
      personClaim,
      ...(district === null ? [] : [district]),
    );
    const answer = await openOnce(order, own, personClaim, tracing);
    // Another request took the person or the reference first: now it can be seen.
    const wasTaken = answer.kind === 'refused' && answer.reasons[0].code === 'serial-already-used';
    return wasTaken ? openOnce(order, own, personClaim, tracing) : answer;
  };
};
