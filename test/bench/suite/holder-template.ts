import { createHmac } from 'node:crypto';
import { type Append, type EventStore, eventId, uuidOf, type Vault } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { cardNumberOf, identityNumberOf, serialOf, swipeOrder } from './orders';
import type { OpenEngine } from './parts';
import { agency, done, POOLING_AREA, type Till } from './region';

/** What is another in every account. The names of the commitments are those that the vault gave. */
type Values = Record<string, string>;
type Rendered = (values: Values) => string;
type EventTemplate = Readonly<{ type: string; revision: number; text: Rendered }>;
type AppendTemplate = Readonly<{ append: Append; key: Rendered; claims: readonly Rendered[]; events: readonly EventTemplate[] }>;

const LANE = 9_999;
const OPENING_FEN = 20_000_000; // Enough for ten thousand swipes.
const BUILT = 'CITYBLD0';

/** Watches what the engine hands to log and vault while it makes one holder. */
export const recorder = () => {
  const appends: Append[] = [];
  const commitments: Values = {};
  const ids: Values = {};
  const wrap = ({ store, vault }: Readonly<{ store: EventStore; vault: Vault }>) => ({
    store: Object.assign(Object.create(store) as EventStore, {
      append: (append: Append) => {
        appends.push(append);
        return store.append(append);
      },
    }),
    vault: Object.assign(Object.create(vault) as Vault, {
      putPerson: async (personId: string, record: Parameters<Vault['putPerson']>[1]) => {
        const made = await vault.putPerson(personId, record);
        ids.personId = personId;
        for (const [field, value] of Object.entries(made)) commitments[`person.${field}`] = value;
        return made;
      },
      putCard: async (cardId: string, personId: string, cardNumber: string) => {
        const made = await vault.putCard(cardId, personId, cardNumber);
        ids.cardId = cardId;
        for (const [field, value] of Object.entries(made)) commitments[`card.${field}`] = value;
        return made;
      },
    }),
  });
  return { wrap, appends, commitments, ids };
};
type Recorder = ReturnType<typeof recorder>;

const personOf = (n: number) => ({ identityKind: '01', identityNumber: identityNumberOf(n), name: '张三丰' });
const referencesOf = (n: number): Values => ({ opening: `open-${cardNumberOf(n)}`, registration: `card-${cardNumberOf(n)}` });
const serialsOf = (n: number, swipes: number): readonly string[] =>
  Array.from({ length: swipes }, (_, swipe) => serialOf(BUILT, LANE - swipe, n));
/** An id that sorts by n: a vault of a million is built in minutes and not in hours. Account ids, by which the log is ordered, stay random. */
const inOrder = (n: number, id: string): string => n.toString(16).padStart(8, '0') + id.slice(8);
const hashNamed = (secret: Uint8Array, name: string): string => `1:${createHmac('sha256', secret).update(name).digest('hex')}`;

/** Opens the first account of the city through the engine, with a card in use, money on it, and some swipes. */
const makeFirst = async ({ engine }: OpenEngine, till: Till, swipes: number): Promise<string> => {
  const { opening, registration } = referencesOf(0);
  const order = { reference: opening ?? '', poolingArea: POOLING_AREA, insuranceType: 'employee', person: personOf(0) } as const;
  const { accountId } = done(await engine.accounts.open(order, agency));
  const card = { reference: registration ?? '', cardNumber: cardNumberOf(0), kind: 'socialSecurity3', state: 'inUse' } as const;
  const money = { currentYearFen: medicalFen(OPENING_FEN), priorYearFen: medicalFen(0) };
  done(await engine.accounts.registerCard(accountId, { ...card, lastSwipedOn: '2026-01-05', media: null, opening: money }, agency));
  const tracing = { actor: { ...agency.actor, principal: till.institutionCode, organisation: till.institutionCode } };
  for (const serial of serialsOf(0, swipes))
    done(await engine.settlements.post(swipeOrder(till, serial, cardNumberOf(0), 1_234), { ...agency, ...tracing }));
  return accountId;
};

/** Cuts a text at every value, so that it can be written again with the values of another account. */
const rendererOf = (text: string, values: Values): Rendered => {
  const names = Object.entries(values).sort(([, a], [, b]) => b.length - a.length);
  let parts: (string | Readonly<{ name: string }>)[] = [text];
  for (const [name, value] of names) {
    parts = parts.flatMap((part) =>
      typeof part === 'string' ? part.split(value).flatMap((piece, i) => (i === 0 ? [piece] : [{ name }, piece])) : [part],
    );
  }
  return (others) => parts.map((part) => (typeof part === 'string' ? part : (others[part.name] ?? ''))).join('');
};

const commandKeyOf = ({ events, claims }: Append): string => {
  const key = claims.find((claim) => eventId(claim.key, 0) === events[0].id)?.key;
  if (key === undefined)
    throw new Error('the id of an event does not follow from a claim of its append any more: the bench has to learn how');
  return key;
};

export type HolderTemplate = Readonly<{ make: (n: number) => Promise<readonly Append[]> }>;

/**
 * Makes holder 0 through the engine, and from what the engine appended for it the appends of all others: the same bytes but for ids, keys,
 * hashes and commitments, and persons and cards in the vault. Command hashes are of the right form and each another, but not those that the
 * engine would give: a repeat of a generated swipe would be told that it differs. Throws: when ids do not follow from keys any more.
 */
export const holderTemplate = async (open: OpenEngine, watched: Recorder, till: Till, swipes: number): Promise<HolderTemplate> => {
  const { vault } = open;
  const secret = vault.commandHashSecret();
  const before = watched.appends.length;
  const accountId = await makeFirst(open, till, swipes);
  const appends = watched.appends.slice(before).filter(({ stream }) => stream === `medicalAccount-${accountId}`);
  const { identityNumber, identityKind } = personOf(0);
  const hashes = [...new Set(appends.flatMap(({ claims }) => claims.map(({ commandHash }) => commandHash)))];
  const hashValues = Object.fromEntries(hashes.map((hash, i) => [`hash${i}`, hash]));
  const first: Values = {
    accountId,
    ...watched.ids,
    ...watched.commitments,
    ...referencesOf(0),
    ...Object.fromEntries(serialsOf(0, swipes).map((serial, i) => [`serial${i}`, serial])),
    identity: vault.pseudonymOfIdentity(identityKind, identityNumber),
    card: vault.pseudonymOfCard(cardNumberOf(0)),
    correlationId: agency.correlationId,
    ...hashValues,
  };
  const settlementIdOf = (values: Values, i: number) =>
    uuidOf(`settlement:settlement-${till.institutionCode}-${values[`serial${i}`] ?? ''}`);
  for (let i = 0; i < swipes; i++) first[`settlement${i}`] = settlementIdOf(first, i);
  appends.forEach(({ events }, a) => {
    for (const [e, { id }] of events.entries()) first[`event${a}.${e}`] = id;
  });
  const templates = appends.map(
    (append): AppendTemplate => ({
      append,
      key: rendererOf(commandKeyOf(append), first),
      claims: append.claims.map(({ key }) => rendererOf(key, first)),
      events: append.events.map(({ type, revision, bytes }) => ({
        type,
        revision,
        text: rendererOf(Buffer.from(bytes).toString(), first),
      })),
    }),
  );
  const hashNameOf = new Map(Object.entries(hashValues).map(([name, hash]) => [hash, name]));

  const make = async (n: number): Promise<readonly Append[]> => {
    const personId = inOrder(n, uuidOf(`bench-person-${n}`));
    const cardId = inOrder(n, uuidOf(`bench-card-${n}`));
    const [person, card] = await Promise.all([vault.putPerson(personId, personOf(n)), vault.putCard(cardId, personId, cardNumberOf(n))]);
    const values: Values = {
      accountId: uuidOf(`bench-account-${n}`),
      personId,
      cardId,
      ...referencesOf(n),
      identity: vault.pseudonymOfIdentity(identityKind, identityNumberOf(n)),
      card: vault.pseudonymOfCard(cardNumberOf(n)),
      correlationId: uuidOf(`bench-correlation-${n}`),
    };
    for (const [field, value] of Object.entries(person)) values[`person.${field}`] = value;
    for (const [field, value] of Object.entries(card)) values[`card.${field}`] = value;
    serialsOf(n, swipes).forEach((serial, i) => {
      values[`serial${i}`] = serial;
      values[`settlement${i}`] = settlementIdOf(values, i);
    });
    for (const name of Object.keys(hashValues)) values[name] = hashNamed(secret, `${name}-${n}`);
    return templates.map((template, a) => appendOf(template, a, values, hashNameOf));
  };
  return { make };
};

const appendOf = (
  { append, key, claims, events }: AppendTemplate,
  a: number,
  values: Values,
  hashNameOf: ReadonlyMap<string, string>,
): Append => {
  const commandKey = key(values);
  const stream = `medicalAccount-${values.accountId ?? ''}`;
  events.forEach((_, e) => {
    values[`event${a}.${e}`] = eventId(commandKey, e);
  });
  const stored = events.map(({ type, revision, text }, e) => ({
    id: values[`event${a}.${e}`] ?? '',
    type,
    stream,
    revision,
    bytes: Buffer.from(text(values)),
  }));
  return {
    ...append,
    stream,
    events: stored as unknown as Append['events'],
    claims: append.claims.map(({ commandHash, eventIndex }, i) => ({
      key: claims[i]?.(values) ?? '',
      commandHash: values[hashNameOf.get(commandHash) ?? ''] ?? '',
      eventIndex,
    })),
  };
};
