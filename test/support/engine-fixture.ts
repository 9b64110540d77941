import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteContentStore, openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { openVault } from '#libs/adapters/vault';
import {
  type Answer,
  type ContentStore,
  type Engine,
  type EventStore,
  makeEngine,
  type OpenAccountOrder,
  type RegisterCardOrder,
  type SwipeOrder,
  type Tracing,
  type Vault,
} from '#libs/application';
import { identityNumberFor } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';

export const QINGDAO = '370200';
export const JINAN = '370100';
export const HOSPITAL = 'H37020000001';
export const PHARMACY = 'P37020000001';
export const JINAN_PHARMACY = 'P37010000001';
const MASTER_KEY = Buffer.alloc(32, 7);

export const tracingOf = (organisation: string, principal = organisation): Tracing => ({
  actor: { principal, organisation, door: 'http' },
  correlationId: 'correlation',
  causationId: 'causation',
});
export const agency = tracingOf('agency');

/** What a command brought about. @throws Error with the reasons when it was not done: the test has set up something wrong. */
export const done = <T>(answer: Answer<T>): T => {
  if (answer.kind !== 'done') throw new Error(`not done: ${JSON.stringify(answer)}`);
  return answer.value;
};
export const codesOf = (answer: Answer<unknown>): readonly string[] =>
  answer.kind === 'refused' ? answer.reasons.map(({ code }) => code) : [answer.kind];

export type TestEngine = Readonly<{
  engine: Engine;
  store: EventStore;
  contents: ContentStore;
  vault: Vault;
  folder: string;
  clock: { nowMs: number };
  /** Stops and starts again on the same folder, as after a shutdown. */
  reopen: () => Promise<TestEngine>;
  close: () => Promise<void>;
}>;
type Options = Readonly<{
  folder?: string;
  at?: string;
  wrapStore?: (store: EventStore) => EventStore;
  cacheBytes?: number;
  repeatedAttemptsMax?: number;
  sawAccountState?: (from: 'cache' | 'log') => void;
}>;

/** A real engine on a folder of its own: SQLite log, vault, contents; only the clock is the test's. */
export const testEngine = async (options: Options = {}): Promise<TestEngine> => {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'yika-'));
  const clock = { nowMs: Date.parse(options.at ?? '2026-03-02T02:00:00.000Z') };
  const sqlite = await openSqliteEventStore({ folder });
  const store = options.wrapStore ? options.wrapStore(sqlite) : sqlite;
  const contents = await openSqliteContentStore({ folder });
  const vault = await openVault({ folder, masterKey: MASTER_KEY });
  let random = 0;
  const engine = await makeEngine({
    store,
    contents,
    vault,
    time: { nowMs: () => clock.nowMs, pause: () => new Promise((resolve) => setTimeout(resolve, 2)) },
    deadlineMs: 2_000,
    cacheBytes: options.cacheBytes ?? 32_000_000,
    repeatedAttemptsMax: options.repeatedAttemptsMax ?? 1_000,
    randomBytes: (size) => Buffer.alloc(size, ++random),
    sawAccountState: options.sawAccountState,
  });
  const closeAll = async () => {
    await engine.drain();
    await store.close();
    await contents.close();
    await vault.close();
  };
  return {
    engine,
    store,
    contents,
    vault,
    folder,
    clock,
    reopen: async () => {
      await closeAll();
      return testEngine({ ...options, folder, at: new Date(clock.nowMs).toISOString() });
    },
    close: async () => {
      await closeAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Another engine on the same log, vault and bills, with a clock of its own, as on another machine. */
export const engineBeside = async (
  { store, contents, vault, clock }: TestEngine,
  { aheadMs = 0, wrapStore = (own: EventStore): EventStore => own } = {},
): Promise<Pick<TestEngine, 'engine' | 'clock'>> => {
  const own = { nowMs: clock.nowMs + aheadMs };
  let random = 1_000;
  const engine = await makeEngine({
    store: wrapStore({ ...store, isShared: true }),
    contents,
    vault,
    time: {
      nowMs: () => own.nowMs,
      pause: () => new Promise((resolve) => setTimeout(resolve, 2)),
      elapsedMs: () => performance.now(),
    },
    deadlineMs: 2_000,
    cacheBytes: 32_000_000,
    repeatedAttemptsMax: 1_000,
    randomBytes: (size) => Buffer.alloc(size, ++random),
  });
  return { engine, clock: own };
};

const PACKS = join(__dirname, '../../libs/policy/packs');

/** Publishes both packs and registers a hospital and a pharmacy in Qingdao and a pharmacy in Jinan, all in order. */
export const withRegion = async (made: TestEngine): Promise<TestEngine> => {
  const { engine } = made;
  for (const city of ['qingdao', 'jinan']) {
    const { packId, hash } = done(
      await engine.packs.propose(readFileSync(join(PACKS, `${city}.yaml`), 'utf8'), `${city}.yaml`, tracingOf('operator', 'op-a')),
    );
    done(await engine.packs.approve(packId, hash, tracingOf('operator', 'op-b')));
  }
  await designate(made, HOSPITAL, { poolingArea: QINGDAO, kind: 'hospital', services: ['outpatient', 'inpatient'] });
  await designate(made, PHARMACY, { poolingArea: QINGDAO, kind: 'pharmacy', services: ['pharmacy'] });
  await designate(made, JINAN_PHARMACY, { poolingArea: JINAN, kind: 'pharmacy', services: ['pharmacy'] });
  return made;
};

type Designation = Readonly<{ poolingArea: string; kind: 'hospital' | 'pharmacy'; services: readonly string[] }>;
const designate = async ({ engine }: TestEngine, code: string, { poolingArea, kind, services }: Designation) => {
  const act = async (step: string, order: Parameters<Engine['institutions']['act']>[2]) =>
    done(await engine.institutions.act(code, `${code}-${step}`, order, agency));
  await act('register', { act: 'register', name: code, kind, poolingArea, identityCheckEquipped: false });
  await act('agreement', { act: 'signAgreement', agreementNo: `A-${code}`, from: '2015-01-01', until: '2030-12-31', services });
  await act('terminal', { act: 'registerTerminal', terminalCode: 'T1', media: ['stripe', 'contactChip', 'contactless', 'qr'] });
};

let people = 0;
let cards = 0;
/** A holder of Qingdao (or of another area) with an account, told apart by a running number. */
export const openAccount = async (
  { engine }: TestEngine,
  over: Partial<OpenAccountOrder> = {},
): Promise<Readonly<{ accountId: string; identityNumber: string }>> => {
  const n = ++people;
  const identityNumber = identityNumberFor(over.poolingArea ?? QINGDAO, '1970-01-01', String(100 + n));
  const person = { identityKind: '01', identityNumber, name: '张三丰' };
  const order: OpenAccountOrder = { reference: `open-${n}`, poolingArea: QINGDAO, insuranceType: 'employee', person, ...over };
  const { accountId } = done(await engine.accounts.open(order, agency));
  return { accountId, identityNumber: order.person.identityNumber };
};

export const registerCard = async (
  { engine }: TestEngine,
  accountId: string,
  cardNumber: string,
  over: Partial<RegisterCardOrder> = {},
): Promise<string> => {
  const order: RegisterCardOrder = {
    reference: `card-${accountId}-${++cards}`,
    cardNumber,
    kind: 'socialSecurity3',
    state: 'registered',
    lastSwipedOn: null,
    media: null,
    opening: null,
    ...over,
  };
  const { id } = done(await engine.accounts.registerCard(accountId, order, agency));
  return id ?? '';
};

export const enableCard = async ({ engine }: TestEngine, accountId: string, cardId: string) =>
  done(
    await engine.accounts.enableCard(
      accountId,
      cardId,
      { reference: `enable-${cardId}`, channel: 'bankOutlet', financialAreaActivated: false },
      agency,
    ),
  );

export const credit = async (
  { engine }: TestEngine,
  accountId: string,
  amountFen: number,
  reference = `credit-${accountId}-${amountFen}`,
) =>
  done(
    await engine.accounts.credit(
      accountId,
      { reference, source: 'contribution', period: '2026-02', amountFen: medicalFen(amountFen), bucket: 'currentYear', legalBasis: null },
      agency,
    ),
  );

/** A holder with one new card in use and money on it. */
export const holderWithCard = async (made: TestEngine, cardNumber: string, amountFen: number) => {
  const { accountId, identityNumber } = await openAccount(made);
  const cardId = await registerCard(made, accountId, cardNumber);
  await enableCard(made, accountId, cardId);
  if (amountFen > 0) await credit(made, accountId, amountFen);
  return { accountId, cardId, cardNumber, identityNumber };
};

/** A swipe of a social security card at the Qingdao pharmacy, all of it eligible; another kind of swipe is spread over it. */
export const swipeOf = ({ clock }: TestEngine, serial: string, cardNumber: string, totalFeeFen: number): SwipeOrder => ({
  institutionCode: PHARMACY,
  serial,
  entry: 'online',
  lateReason: null,
  approval: null,
  occurredAt: new Date(clock.nowMs).toISOString(),
  credential: { kind: 'socialSecurityCard', number: cardNumber },
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  visitNo: null,
  chargeBatchNo: null,
  invoiceNo: null,
  totalFeeFen: medicalFen(totalFeeFen),
  fundPaidFen: medicalFen(0),
  accountEligibleFen: medicalFen(totalFeeFen),
  payment: 'upToBalance',
  holderCheck: { method: 'password', reference: null },
  operatorCode: 'O1',
  terminalCode: 'T1',
  replacesSerial: null,
  lines: [],
});
export const till = tracingOf(PHARMACY);
