import type { KeyObject } from 'node:crypto';
import type { PersonRecord, PersonVersion, Vault, VaultReader } from '#libs/application';
import { normalIdentityNumber } from '#libs/kernel';
import { CardTails } from './card-tails';
import { commitmentsOf, plainOf, type SaltedFields, salted, sameFields } from './commitments';
import { fieldsIn, fieldsOf, PersonChanges, personPlace } from './person-changes';
import { type OwnKey, PersonKeys } from './person-keys';
import type { CardRow, Touched, VaultKeeper, VaultRows } from './rows';
import { keyed, seal, unseal, type VaultKeys } from './sealing';
import { VaultError } from './vault-error';

export type VaultAccess = Awaited<ReturnType<Vault['accessLog']>>[number];
export type VaultParts = Readonly<{ keeper: VaultKeeper; keys: VaultKeys; tails?: CardTails; now?: (() => string) | undefined }>;

type VaultCard = Readonly<{ cardId: string; cardNumber: string }>;
type Commitments = Readonly<Record<string, string>>;

const TAIL_CHARACTERS = 4;
const cardPlace = (cardId: string, personId: string): string => `card ${cardId} ${personId}`;
const tailPlace = (cardId: string, personId: string): string => `tail ${cardId} ${personId}`;

/** What a vault does, wherever its rows stand: nothing goes there but sealed, and nothing that was asked for by somebody is opened unlogged. */
export class SealingVault implements Vault {
  private readonly keeper: VaultKeeper;
  private readonly keys: VaultKeys;
  private readonly personKeys: PersonKeys;
  private readonly changes: PersonChanges;
  private readonly tails: CardTails;
  private readonly now: () => string;

  constructor({ keeper, keys, tails, now }: VaultParts) {
    this.keeper = keeper;
    this.keys = keys;
    this.tails = tails ?? new CardTails();
    this.now = now ?? (() => new Date().toISOString());
    this.personKeys = new PersonKeys(keys.wrap);
    this.changes = new PersonChanges(this.personKeys, this.now);
  }

  putPerson(personId: string, record: PersonRecord): Promise<Commitments> {
    return this.keeper.commit({ persons: [personId] }, (rows) =>
      this.storePerson(rows, this.personKeys.own(rows, personId), personId, record),
    );
  }

  putCard(cardId: string, personId: string, cardNumber: string): Promise<Commitments> {
    return this.keeper.commit({ persons: [personId], cards: [cardId] }, (rows) =>
      this.storeCard(rows, this.personKeys.own(rows, personId).key, personId, { cardId, cardNumber }),
    );
  }

  putHolder(personId: string, record: PersonRecord, cards: readonly VaultCard[]): ReturnType<Vault['putHolder']> {
    return this.keeper.commit({ persons: [personId], cards: cards.map(({ cardId }) => cardId) }, (rows) => {
      const own = this.personKeys.own(rows, personId);
      const person = this.storePerson(rows, own, personId, record);
      return { person, cards: cards.map((card) => this.storeCard(rows, own.key, personId, card)) };
    });
  }

  putPersonChange(
    personId: string,
    changeId: string,
    record: PersonRecord,
    why: Readonly<{ grounds: string; document: string }>,
  ): Promise<Commitments> {
    return this.keeper.commit({ persons: [personId], changes: [changeId] }, (rows) =>
      this.changes.put(rows, { personId, changeId, record, why }),
    );
  }

  applyPersonChange(changeId: string): Promise<void> {
    return this.keeper.commit({ changes: [changeId] }, (rows) => this.changes.apply(rows, changeId));
  }

  /** The log entry is durable before anything is decrypted, here and below: a read that fails on a damaged row is in the log, too. */
  async personHistory(personId: string, reader: VaultReader): Promise<readonly PersonVersion[]> {
    const sealed = await this.logged(reader, `person:${personId}`, 'read-history', {
      touched: { persons: [personId] },
      run: (rows) => this.changes.sealedHistory(rows, personId),
    });
    return sealed === undefined ? [] : this.changes.openHistory(personId, sealed);
  }

  async readPerson(personId: string, reader: VaultReader): Promise<PersonRecord | undefined> {
    const found = await this.logged(reader, `person:${personId}`, 'read', {
      touched: { persons: [personId] },
      run: (rows) => ({ wrapped: rows.key(personId)?.wrapped, newest: rows.versions(personId).at(-1) }),
    });
    if (!found.wrapped || found.newest === undefined) return undefined;
    return plainOf(fieldsOf(this.personKeys.unwrapped(personId, found.wrapped), personId, found.newest)) as PersonRecord;
  }

  async readCardNumber(cardId: string, reader: VaultReader): Promise<string | undefined> {
    const found = await this.logged(reader, `card:${cardId}`, 'read', {
      touched: { cards: [cardId] },
      run: (rows) => {
        const card = rows.card(cardId);
        return card && { card, wrapped: rows.key(card.personId)?.wrapped };
      },
    });
    if (!found?.wrapped) return undefined;
    const { card, wrapped } = found;
    return fieldsIn(this.personKeys.unwrapped(card.personId, wrapped), cardPlace(cardId, card.personId), card.sealed).cardNumber?.value;
  }

  cardTail(cardId: string): Promise<string> {
    return this.tails.of(cardId, async () => {
      const row = await this.keeper.tailRow(cardId);
      if (row === undefined) return undefined;
      return unseal(this.personKeys.unwrapped(row.personId, row.wrapped), tailPlace(cardId, row.personId), row.tail).toString();
    });
  }

  pseudonymOfIdentity(identityKind: string, identityNumber: string): string {
    return keyed(this.keys.identityPseudonym, identityKind, normalIdentityNumber(identityNumber)).toString('hex');
  }

  pseudonymOfCard(cardNumber: string): string {
    return keyed(this.keys.cardPseudonym, normalIdentityNumber(cardNumber)).toString('hex');
  }

  commandHashSecret(): Uint8Array {
    return Buffer.from(this.keys.commandHash);
  }

  async erasePerson(personId: string, reader: VaultReader): Promise<void> {
    await this.logged(reader, `person:${personId}`, 'erase', {
      touched: { persons: [personId] },
      run: (rows) => rows.eraseKey(personId),
    });
    this.tails.forget();
    this.keeper.afterErasure();
  }

  accessLog(from: number, limit: number): Promise<readonly VaultAccess[]> {
    return this.keeper.accessLog(from, limit);
  }

  close(): Promise<void> {
    return this.keeper.close();
  }

  private storePerson(rows: VaultRows, { key, isNew }: OwnKey, personId: string, record: PersonRecord): Commitments {
    const versions = isNew ? [] : rows.versions(personId);
    let newest: SaltedFields = {};
    for (const row of versions) {
      newest = fieldsOf(key, personId, row);
      if (sameFields(newest, record)) return commitmentsOf(newest);
    }
    const fields = salted(record, newest);
    const version = versions.length;
    const sealed = seal(key, personPlace(personId, version), Buffer.from(JSON.stringify(fields)));
    rows.insertVersion(personId, { version, sealed, at: this.now(), changeId: null });
    return commitmentsOf(fields);
  }

  private storeCard(rows: VaultRows, key: KeyObject, personId: string, { cardId, cardNumber }: VaultCard): Commitments {
    const standing: CardRow | undefined = rows.card(cardId);
    if (standing !== undefined) {
      if (standing.personId !== personId) throw new VaultError('vault-card-differs', cardId);
      const fields = fieldsIn(key, cardPlace(cardId, personId), standing.sealed);
      if (!sameFields(fields, { cardNumber })) throw new VaultError('vault-card-differs', cardId);
      return commitmentsOf(fields);
    }
    const fields = salted({ cardNumber });
    const sealed = seal(key, cardPlace(cardId, personId), Buffer.from(JSON.stringify(fields)));
    const tail = seal(key, tailPlace(cardId, personId), Buffer.from(cardNumber.slice(-TAIL_CHARACTERS)));
    rows.insertCard(cardId, { personId, sealed, tail });
    return commitmentsOf(fields);
  }

  private logged<T>(
    { principal, purpose }: VaultReader,
    subject: string,
    act: string,
    { touched, run }: Readonly<{ touched: Touched; run: (rows: VaultRows) => T }>,
  ): Promise<T> {
    return this.keeper.commit(touched, (rows) => {
      rows.insertAccess({ at: this.now(), principal, purpose, subject, act });
      return run(rows);
    });
  }
}
