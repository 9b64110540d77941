import { checkLegacyIdentity, formatYuan, normalIdentityNumber, parseYuan } from '#libs/kernel';
import type { FaultCode } from './format';
import type { Rejects } from './rejects';
import { TextArena } from './text-arena';

type Values = Readonly<Record<string, string>>;
type At = Readonly<{ file: number; line: number }>;
export type Sums = { accounts: number; cards: number; currentYearFen: number; priorYearFen: number };
const NONE = -1;
const LINES = 2 ** 32;
/** A place as one number: objects would be most of what a million accounts weigh. */
const packed = ({ file, line }: At): number => file * LINES + line;
const unpacked = (place: number): At => ({ file: Math.floor(place / LINES), line: place % LINES });
const BUCKET = { currentYear: 0, priorYear: 1 } as const;

/** Amounts by bucket of a sub-account; a bucket that the file does not name is zero. */
class Amounts {
  readonly fen: [number[], number[]] = [[], []];
  readonly lines: [number[], number[]] = [[], []];

  open(): void {
    for (const bucket of [0, 1] as const) {
      this.fen[bucket].push(0);
      this.lines[bucket].push(NONE);
    }
  }
}

/**
 * The accounts that the files describe, put together: who has which cards, and what stands on each. Everything by number, texts outside the
 * heap; personal data leaves it towards the engine and nowhere else.
 */
export class Book {
  private readonly texts = new TextArena();
  private readonly persons = new Map<string, number>();
  private readonly identities = new Map<string, number>();
  private readonly cards = new Map<string, number>();
  private readonly cardNumbers = new Map<string, number>();
  private readonly person = {
    place: [] as number[],
    text: [] as number[],
    firstCard: [] as number[],
    rejected: [] as boolean[],
    amounts: new Amounts(),
  };
  private readonly card = {
    place: [] as number[],
    text: [] as number[],
    personOf: [] as number[],
    next: [] as number[],
    amounts: new Amounts(),
  };
  private readonly balance = { place: [] as number[], personOf: [] as number[] };

  constructor(private readonly rejects: Rejects) {}

  get size(): number {
    return this.person.text.length;
  }

  addPerson(at: At, values: Values): void {
    const { personId, poolingArea = '', district, insuranceType, identityKind, identityNumber, name, birthDate, telephone } = values;
    const n = this.person.place.push(packed(at)) - 1;
    if (personId !== undefined) this.once(this.persons, personId, n, { field: 'personId', code: 'id-twice', places: this.person.place });
    if (identityKind !== undefined && identityNumber !== undefined) {
      const wrong = checkLegacyIdentity(identityKind, identityNumber);
      if (wrong) this.rejects.tell({ ...at, field: 'identityNumber', code: wrong.code, zh: wrong.messageZh, en: wrong.messageEn });
      const identity = `${poolingArea} ${identityKind} ${normalIdentityNumber(identityNumber)}`;
      this.once(this.identities, identity, n, { field: 'identityNumber', code: 'identity-twice', places: this.person.place });
    }
    const person = { identityKind, identityNumber, name, birthDate, telephone };
    this.person.text.push(
      this.texts.add(JSON.stringify({ sourceId: personId, poolingArea, district, insuranceType, person }).slice(0, -1)),
    );
    this.person.firstCard.push(NONE);
    this.person.rejected.push(false);
    this.person.amounts.open();
  }

  addCard(at: At, { cardId, personId, cardNumber, kind, state, lastSwipedOn }: Values): void {
    const n = this.card.place.push(packed(at)) - 1;
    const { place: places } = this.card;
    if (cardId !== undefined) this.once(this.cards, cardId, n, { field: 'cardId', code: 'id-twice', places });
    if (cardNumber !== undefined)
      this.once(this.cardNumbers, normalIdentityNumber(cardNumber), n, { field: 'cardNumber', code: 'card-number-twice', places });
    const owner = this.ownerOf(at, personId);
    this.card.next.push(this.person.firstCard[owner] ?? NONE);
    if (owner !== NONE) this.person.firstCard[owner] = n;
    this.card.personOf.push(owner);
    this.card.text.push(this.texts.add(JSON.stringify({ cardNumber, kind, state, lastSwipedOn }).slice(0, -1)));
    this.card.amounts.open();
  }

  addBalance(at: At, { personId, cardId, bucket, amount }: Values): void {
    const n = this.balance.place.push(packed(at)) - 1;
    const owner = this.ownerOf(at, personId);
    this.balance.personOf.push(owner);
    const card = cardId === undefined ? NONE : this.cards.get(cardId);
    this.judgeCardOf(at, card, owner);
    if (owner === NONE || card === undefined || bucket === undefined || amount === undefined) return;
    const [amounts, of] = card === NONE ? [this.person.amounts, owner] : [this.card.amounts, card];
    const which = BUCKET[bucket as keyof typeof BUCKET];
    const earlier = amounts.lines[which][of] ?? NONE;
    if (earlier !== NONE) this.twice(n, earlier, { field: 'bucket', code: 'balance-twice', places: this.balance.place });
    amounts.lines[which][of] = n;
    amounts.fen[which][of] = parseYuan(amount);
  }

  /** An account is one thing: with one line of it all of its lines are rejected, each told because of which. */
  rejectWhole(): void {
    const cause = new Map<number, number>();
    this.everyLine((place, owner) => {
      const { file, line } = unpacked(place);
      if (owner === NONE || !this.rejects.has(file, line)) return;
      this.person.rejected[owner] = true;
      if (!cause.has(owner)) cause.set(owner, place);
    });
    if (cause.size === 0 && !this.person.rejected.includes(true)) return;
    this.everyLine((place, owner) => {
      const { file, line } = unpacked(place);
      if (owner === NONE || !this.person.rejected[owner] || this.rejects.has(file, line)) return;
      const because = cause.get(owner) ?? this.person.place[owner] ?? place;
      this.rejects.add({ file, line }, null, 'belongs-to-rejected', this.rejects.place(unpacked(because)));
    });
  }

  isRejected(n: number): boolean {
    return this.person.rejected[n] === true;
  }

  reject(n: number): void {
    this.person.rejected[n] = true;
  }

  placeOf(n: number, card?: number): At {
    const cards = card === undefined ? [] : this.cardsOf(n);
    const place = card === undefined ? undefined : this.card.place[cards[card] ?? NONE];
    return unpacked(place ?? this.person.place[n] ?? 0);
  }

  /** The account as the engine takes it, as JSON text. */
  orderOf(n: number): string {
    const cards = this.cardsOf(n).map((card) => `${this.texts.get(this.card.text[card] ?? 0)},${yuan(this.card.amounts, card)}}`);
    return `${this.texts.get(this.person.text[n] ?? 0)},${yuan(this.person.amounts, n)},"cards":[${cards.join(',')}]}`;
  }

  /** What is to be imported, or what of it a choice takes. Units: fen. */
  sums(among: (n: number) => boolean = () => true): Sums {
    const sums: Sums = { accounts: 0, cards: 0, currentYearFen: 0, priorYearFen: 0 };
    const add = ({ fen: [current, prior] }: Amounts, of: number): void => {
      sums.currentYearFen += current[of] ?? 0;
      sums.priorYearFen += prior[of] ?? 0;
    };
    for (let n = 0; n < this.size; n++) {
      if (this.isRejected(n) || !among(n)) continue;
      sums.accounts += 1;
      add(this.person.amounts, n);
      for (const card of this.cardsOf(n)) {
        sums.cards += 1;
        add(this.card.amounts, card);
      }
    }
    return sums;
  }

  /** In the order of the file. */
  private cardsOf(n: number): number[] {
    const cards: number[] = [];
    for (let card = this.person.firstCard[n] ?? NONE; card !== NONE; card = this.card.next[card] ?? NONE) cards.push(card);
    return cards.reverse();
  }

  /** The person of a line; a line of nobody is told, and one that does not even say whose it is. */
  private ownerOf(at: At, personId: string | undefined): number {
    if (personId === undefined) return NONE;
    const owner = this.persons.get(personId);
    if (owner === undefined) this.rejects.add(at, 'personId', 'person-not-here');
    return owner ?? NONE;
  }

  private judgeCardOf(at: At, card: number | undefined, owner: number): void {
    if (card === undefined) this.rejects.add(at, 'cardId', 'card-not-here');
    if (card === undefined || card === NONE || owner === NONE || this.card.personOf[card] === owner) return;
    this.rejects.add(at, 'cardId', 'card-of-another-person');
    this.rejectAt(this.card.place[card], 'cardId', 'card-of-another-person', at); // One of the two is wrong: neither is imported.
  }

  private everyLine(visit: (place: number, owner: number) => void): void {
    for (const [n, place] of this.person.place.entries()) visit(place, n);
    for (const [i, place] of this.card.place.entries()) visit(place, this.card.personOf[i] ?? NONE);
    for (const [i, place] of this.balance.place.entries()) visit(place, this.balance.personOf[i] ?? NONE);
  }

  private once(known: Map<string, number>, key: string, n: number, twice: Twice): void {
    const earlier = known.get(key);
    if (earlier === undefined) known.set(key, n);
    else this.twice(n, earlier, twice);
  }

  /** Which of two is right the file does not tell: both are rejected. */
  private twice(n: number, earlier: number, { field, code, places }: Twice): void {
    const [now, before] = [unpacked(places[n] ?? 0), unpacked(places[earlier] ?? 0)];
    this.rejects.add(now, field, code, this.rejects.place(before));
    this.rejectAt(places[earlier], field, code, now);
  }

  private rejectAt(place: number | undefined, field: string, code: FaultCode, see: At): void {
    this.rejects.add(unpacked(place ?? 0), field, code, this.rejects.place(see));
  }
}

type Twice = Readonly<{ field: string; code: FaultCode; places: readonly number[] }>;
const yuan = ({ fen: [current, prior] }: Amounts, of: number): string =>
  `"currentYear":"${yuanText(current[of] ?? 0)}","priorYear":"${yuanText(prior[of] ?? 0)}"`;
const yuanText = (fen: number): string => (fen === 0 ? '0' : formatYuan(fen as Parameters<typeof formatYuan>[0]));
