import { type BusinessDate, type Instant, isBusinessDate, isInstant } from '#libs/kernel';
import { BUCKETS, type LedgerAccount, type MedicalFen, type MedicalLeg, type SubAccount } from './events';

/**
 * How a value stands in the log. `read` gives it back or throws: what was stored is parsed, never cast. `write` makes it short; without one
 * it stands as it is. `absent`: the value that is not written at all, so that every value has one spelling.
 */
export type Form<T> = Readonly<{
  read: (stored: unknown, at: string) => T;
  write?(value: T): unknown; // A method, so that a form of text is one of text or null.
  absent?: Readonly<{ means: T }>;
  /** Of a record: what its members mean when they are left out; for the pages that describe the log. */
  leftOut?: Readonly<Record<string, unknown>>;
}>;

export const wrong = (at: string, wanted: string): never => {
  throw new Error(`stored event: ${at} is not ${wanted}`); // Never the value: it goes to the application's log.
};
const form = <T>(read: Form<T>['read']): Form<T> => ({ read });

export const text = form<string>((value, at) => (typeof value === 'string' ? value : wrong(at, 'text')));
export const flag = form<boolean>((value, at) => (typeof value === 'boolean' ? value : wrong(at, 'true or false')));
export const count = form<number>((value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(at, 'a count'),
);
export const amount = form<MedicalFen>((value, at) =>
  Number.isSafeInteger(value) ? (value as MedicalFen) : wrong(at, 'a whole number of fen'),
);
export const instant = form<Instant>((value, at) => (isInstant(value) ? value : wrong(at, 'an instant')));
export const day = form<BusinessDate>((value, at) => (isBusinessDate(value) ? value : wrong(at, 'a business date')));

/** One of the names of a closed set; the table makes the compiler check that none is missing. */
export const oneOf = <Name extends string>(names: Readonly<Record<Name, true>>): Form<Name> => {
  const known: ReadonlySet<unknown> = new Set(Object.keys(names));
  return form((value, at) => (known.has(value) ? (value as Name) : wrong(at, 'a known name')));
};

/** Left out where it is what it usually is. */
export const usually = <T>({ read, write }: Form<T>, means: T): Form<T> => ({ read, ...(write ? { write } : {}), absent: { means } });
export const nullable = <T>({ read, write }: Form<T>): Form<T | null> => ({
  read: (value, at) => (value === null ? wrong(at, 'left out') : read(value, at)),
  ...(write ? { write: (value) => (value === null ? null : write(value)) } : {}),
  absent: { means: null },
});

export const listOf = <T>({ read, write }: Form<T>): Form<readonly T[]> => ({
  read: (value, at) => (Array.isArray(value) ? value.map((item) => read(item, at)) : wrong(at, 'a list')),
  ...(write ? { write: (items) => items.map(write) } : {}),
});

export const pairsOf = <K, V>(key: Form<K>, paired: Form<V>): Form<readonly (readonly [K, V])[]> =>
  listOf<readonly [K, V]>({
    read: (value, at) =>
      Array.isArray(value) && value.length === 2 ? [key.read(value[0], at), paired.read(value[1], at)] : wrong(at, 'a pair'),
    write: ([left, right]) => [left, paired.write ? paired.write(right) : right],
  });

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export const texts = form<Readonly<Record<string, string>>>((value, at) => {
  if (!isRecord(value)) return wrong(at, 'a record of text');
  for (const name of Object.keys(value)) text.read(value[name], at);
  return value as Readonly<Record<string, string>>;
});

type Names<D> = D extends unknown ? keyof D : never;
type At<D, K> = D extends unknown ? (K extends keyof D ? D[K] : never) : never;
export type Forms<D> = { readonly [K in Names<D>]-?: Form<At<D, K>> };

type Member = Readonly<{ name: string; form: Form<unknown>; at: string }>;
/** `at`: the member of a name that stands so far from the first; records of a kind mostly have the same names in the same places. */
type Members = Readonly<{ all: ReadonlyMap<string, Member>; at: (place: number, name: string) => Member | undefined }>;
const membersOf = (all: ReadonlyMap<string, Member>): Members => {
  const lately: (Member | undefined)[] = [];
  return {
    all,
    at: (place, name) => {
      const met = lately[place];
      if (met !== undefined && met.name === name) return met;
      const found = all.get(name);
      if (found !== undefined) lately[place] = found;
      return found;
    },
  };
};

/** Members by name, each with its place in words: made once for every place at which a record stands, of which there are few. */
const membersAt = (forms: readonly (readonly [string, Form<unknown>])[]): ((at: string) => Members) => {
  const known = new Map<string, Members>();
  return (at) => {
    const before = known.get(at);
    if (before !== undefined) return before;
    const made = membersOf(new Map(forms.map(([name, form]) => [name, { name, form, at: `${at}.${name}` }])));
    known.set(at, made);
    return made;
  };
};

/**
 * A record with these members, each with a value, to be copied and filled. By way of text, because the engine lays out an object that a text
 * gave so that all who read it later find its members at once; one of many members that is filled name by name becomes a table of names.
 */
export const layoutOf = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(members)) as Readonly<Record<string, unknown>>;

/** A record with exactly these members: one too few or too many, or one written that should be left out, is damage or a newer engine's. */
export const record = <D>(forms: Forms<D>): Form<D> => {
  const members = Object.entries(forms as Readonly<Record<string, Form<unknown>>>);
  const usual = layoutOf(Object.fromEntries(members.map(([name, { absent }]) => [name, absent?.means ?? null])));
  const required = members.filter(([, { absent }]) => absent === undefined).length;
  const known = membersAt(members);
  const notThese = (value: Readonly<Record<string, unknown>>, at: string): never => {
    for (const { name, form, at: place } of known(at).all.values())
      if (!form.absent && value[name] === undefined) form.read(undefined, place);
    return wrong(at, 'a record with these members only');
  };
  return {
    leftOut: Object.fromEntries(members.flatMap(([name, { absent }]) => (absent ? [[name, absent.means]] : []))),
    read: (value, at) => {
      if (!isRecord(value)) return wrong(at, 'a record');
      const here = known(at);
      const whole: Record<string, unknown> = { ...usual };
      let met = 0;
      let place = 0;
      for (const name in value) {
        const member = here.at(place++, name);
        if (member === undefined) return notThese(value, at);
        const { absent, read } = member.form;
        const found = read(value[name], member.at);
        if (absent === undefined) met += 1;
        else if (found === absent.means) wrong(member.at, 'left out');
        whole[name] = found;
      }
      return met === required ? (whole as D) : notThese(value, at);
    },
    write: (value) => {
      const short: Record<string, unknown> = {};
      for (const [name, { write, absent }] of members) {
        const member = (value as Record<string, unknown>)[name];
        if (absent && member === absent.means) continue;
        short[name] = write ? write(member) : member;
      }
      return short;
    },
  };
};

export const subAccountName = form<SubAccount>((value, at) => {
  const isName = typeof value === 'string' && value.startsWith('subAccount:') && BUCKETS.some((bucket) => value.endsWith(`:${bucket}`));
  return isName ? (value as SubAccount) : wrong(at, 'a sub-account');
});

const LEDGER = ['subAccount:', 'payable:', 'fund:', 'hold:', 'inTransit:'];
const ledgerAccount: Form<LedgerAccount>['read'] = (value, at) => {
  const isName = typeof value === 'string' && (value === 'receivable' || LEDGER.some((beginning) => value.startsWith(beginning)));
  return isName ? (value as LedgerAccount) : wrong(at, 'a ledger account');
};
/** A leg stands as a pair of account and fen. */
export const legs = listOf<MedicalLeg>({
  read: (value, at) =>
    Array.isArray(value) && value.length === 2
      ? { account: ledgerAccount(value[0], at), amountFen: amount.read(value[1], at) }
      : wrong(at, 'a leg'),
  write: ({ account, amountFen }) => [account, amountFen],
});
