import { canonicalJson, type Recorded } from '#libs/kernel';
import { decodeAccountEvent, type MedicalAccountEvent, type TakeOverAccount } from '#libs/medical-account';
import { accountIdOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import type { TakeOverOrder } from '../engine';
import type { EventReader } from '../event-store.port';
import { envelopeOf, recordedOf } from '../streams/stored-form';

type Asked = Readonly<{ data: TakeOverAccount['data']; order: TakeOverOrder; credentials: Pick<Credentials, 'personClaim' | 'cardClaim'> }>;
type Differences = Readonly<{ firstAt: string; accountId: string; differs: readonly string[] }>;

/** The parts of a take-over, each as one text; two take-overs differ in the parts whose texts differ. */
type Parts = Readonly<Record<'person' | 'poolingArea' | 'insuranceType' | 'cards' | 'balances', string>>;

/** In what an order differs from what was taken over under the same source id. Throws: on outage. */
export const differences = async (reader: EventReader, stream: string, asked: Asked): Promise<Differences> => {
  const events: Recorded<MedicalAccountEvent>[] = [];
  const claims: string[] = [];
  for await (const stored of reader.readForward(stream)) {
    const { append, claims: own } = envelopeOf(stored).meta;
    events.push(recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored));
    claims.push(...(own ?? []).map(({ key }) => key).filter((key) => /^(person|card)-/.test(key)));
    if (append.index === append.count - 1) break;
  }
  const [stored, now] = [partsOfEvents(events, claims), partsOfOrder(asked)];
  const differs = (Object.keys(now) as (keyof Parts)[]).filter((part) => stored[part] !== now[part]);
  // Names and telephones are in the vault and in the hash only: where nothing else differs, it is they.
  return { firstAt: events[0]?.decidedAt ?? '', accountId: accountIdOf(stream), differs: differs.length > 0 ? differs : ['personDetails'] };
};

const partsOfEvents = (events: readonly Recorded<MedicalAccountEvent>[], claims: readonly string[]): Parts => {
  const opened = events.find((event) => event.type === 'AccountOpened.v1')?.data;
  const registered = events.flatMap((event) => (event.type === 'CardRegistered.v1' ? [event.data] : []));
  const last = (cardId: string): string => {
    const types = events.flatMap(({ type, data }) => ('cardId' in data && data.cardId === cardId ? [type] : []));
    if (types.includes('CardCancelled.v1')) return 'cancelled';
    if (types.includes('CardStopped.v1')) return 'stopped';
    if (types.includes('TemporaryLossReported.v1')) return 'temporarilyLost';
    return registered.find((card) => card.cardId === cardId)?.state ?? '';
  };
  const sums = { currentYear: 0, priorYear: 0 };
  for (const event of events) {
    if (event.type !== 'AccountCredited.v1') continue;
    for (const { account, amountFen } of event.data.legs) {
      if (account.endsWith(':currentYear')) sums.currentYear += amountFen;
      if (account.endsWith(':priorYear')) sums.priorYear += amountFen;
    }
  }
  return {
    person: claims.find((key) => key.startsWith('person-')) ?? '',
    poolingArea: opened?.poolingArea ?? '',
    insuranceType: opened?.insuranceType ?? '',
    cards: canonicalJson([
      registered.map(({ cardId, kind, lastSwipedOn }) => [kind, last(cardId), lastSwipedOn]),
      claims.filter((key) => key.startsWith('card-')),
    ]),
    balances: canonicalJson(sums),
  };
};

const partsOfOrder = ({ data, order, credentials }: Asked): Parts => {
  const { poolingArea, insuranceType, person } = order;
  const all = [data, ...data.cards];
  return {
    person: credentials.personClaim(poolingArea, person.identityKind, person.identityNumber),
    poolingArea,
    insuranceType,
    cards: canonicalJson([
      data.cards.map(({ kind, state, lastSwipedOn }) => [kind, state, lastSwipedOn]),
      order.cards.map(({ cardNumber }) => credentials.cardClaim(cardNumber)),
    ]),
    balances: canonicalJson({
      currentYear: all.reduce((sum, { currentYearFen }) => sum + currentYearFen, 0),
      priorYear: all.reduce((sum, { priorYearFen }) => sum + priorYearFen, 0),
    }),
  };
};
