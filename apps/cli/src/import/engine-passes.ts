import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineClient } from '../engine/client';
import { Failure } from '../startup/checks';
import type { Book } from './book';
import type { Rejects } from './rejects';

type Problem = Readonly<{
  status: number;
  code: string;
  reasons: readonly (Readonly<{ code: string; messageZh: string; messageEn: string }> & Readonly<Record<string, unknown>>)[];
}>;
type BlockAnswer = Readonly<{
  places: readonly (string | null)[];
  replayed: readonly number[];
  notDone: readonly Readonly<{ index: number; problem: Problem }>[];
}>;
export type Pass = Readonly<{
  admin: EngineClient;
  source: string;
  operator: string;
  correlationId: string;
  book: Book;
  rejects: Rejects;
  onDone: (accounts: number) => void;
  signal: AbortSignal;
}>;

const BLOCK_ACCOUNTS_MAX = 250;
const BLOCK_CHARACTERS_MAX = 200_000; // The door takes a mebibyte; a Han character may take four bytes.
const BLOCKS_AT_ONCE = 3; // One is read, one decided, one committed; what more are under way only lives longer.
const TRIES_MAX = 20;
const PAUSE_MS = 250;
const CARRIES_ON = 500; // From this status on it is the engine's condition, not the account.

/** What each account is to the engine: `replayed` is there already; `place` is where it belongs in the order of writing. */
export type Planned = Readonly<{ replayed: ReadonlySet<number>; place: Float64Array }>;

/** Has the engine judge every account as taking it over would; nothing is written. Throws: Failure; on outage. */
export const planAll = async (pass: Pass): Promise<Planned> => {
  const place = new Float64Array(pass.book.size);
  const replayed = new Set<number>();
  await inBlocks(pass, 'plan', everyAccount(pass.book), (n, at, isRepeat) => {
    place[n] = Number.parseInt(at, 16);
    if (isRepeat) replayed.add(n);
  });
  return { replayed, place };
};

/** Writes what is not there yet, in the order in which every index of the engine grows at its end. Throws: Failure; on outage. */
export const takeOverAll = async (pass: Pass, { replayed, place }: Planned): Promise<Readonly<{ written: number; meanwhile: number }>> => {
  const { book } = pass;
  const order = Uint32Array.from(everyAccount(book)).filter((n) => !replayed.has(n));
  order.sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0));
  let written = 0;
  let meanwhile = 0;
  await inBlocks(pass, 'accounts', order, (_n, _at, isRepeat) => {
    if (isRepeat) meanwhile += 1;
    else written += 1;
  });
  return { written, meanwhile };
};

function* everyAccount(book: Book): Generator<number> {
  for (let n = 0; n < book.size; n++) if (!book.isRejected(n)) yield n;
}

type Block = Readonly<{ accounts: readonly number[]; body: string }>;

function* blocksOf(book: Book, accounts: Iterable<number>): Generator<Block> {
  let numbers: number[] = [];
  let orders: string[] = [];
  let characters = 0;
  for (const n of accounts) {
    const order = book.orderOf(n);
    if (numbers.length > 0 && (numbers.length >= BLOCK_ACCOUNTS_MAX || characters + order.length > BLOCK_CHARACTERS_MAX)) {
      yield { accounts: numbers, body: `{"accounts":[${orders.join(',')}]}` };
      [numbers, orders, characters] = [[], [], 0];
    }
    numbers.push(n);
    orders.push(order);
    characters += order.length;
  }
  if (numbers.length > 0) yield { accounts: numbers, body: `{"accounts":[${orders.join(',')}]}` };
}

type Act = 'plan' | 'accounts';
type OnDone = (account: number, place: string, replayed: boolean) => void;

/** Some blocks at a time, and no more until one of them is answered. */
const inBlocks = async (pass: Pass, act: Act, accounts: Iterable<number>, onDone: OnDone): Promise<void> => {
  const blocks = blocksOf(pass.book, accounts);
  const worker = async (): Promise<void> => {
    for (const block of blocks) {
      if (pass.signal.aborted) return;
      await send(pass, act, block, onDone);
    }
  };
  await Promise.all(Array.from({ length: BLOCKS_AT_ONCE }, worker));
};

const send = async (pass: Pass, act: Act, block: Block, onDone: OnDone): Promise<void> => {
  let { accounts, body } = block;
  for (let tries = 1; accounts.length > 0; tries++) {
    const again = await sendOnce(pass, act, { accounts, body }, onDone);
    if (again.length === 0) break;
    if (tries >= TRIES_MAX)
      throw new Failure({
        zh: '引擎一直未能受理，见其日志。已写入的不会重复，同一命令再跑即续。',
        en: 'The engine kept being unable to, see its log. Nothing is written twice: give the same command again to go on.',
      });
    await sleep(PAUSE_MS);
    accounts = again;
    body = `{"accounts":[${again.map((n) => pass.book.orderOf(n)).join(',')}]}`;
  }
  pass.onDone(block.accounts.length);
};

/** Returns the accounts that are to be sent again. */
const sendOnce = async (pass: Pass, act: Act, { accounts, body }: Block, onDone: OnDone): Promise<readonly number[]> => {
  const { admin, source, operator, correlationId } = pass;
  const reply = await admin.call({ method: 'POST', path: `/admin/v1/imports/${source}/${act}`, operator, correlationId, text: body });
  if (reply.status >= CARRIES_ON || reply.status === 429) return accounts;
  if (reply.status !== 200)
    throw new Failure({
      zh: `引擎不认识这批数据的格式（${reply.status} ${codeOf(reply.body)}）。命令与引擎版本须一致。`,
      en: `The engine does not know the form of this block (${reply.status} ${codeOf(reply.body)}). Command and engine must be of one version.`,
    });
  const { places, replayed, notDone } = reply.body as BlockAnswer;
  const repeats = new Set(replayed);
  for (const [i, place] of places.entries()) if (place !== null) onDone(accounts[i] ?? 0, place, repeats.has(i));
  const again: number[] = [];
  for (const { index, problem } of notDone) {
    const account = accounts[index] ?? 0;
    if (problem.status >= CARRIES_ON || problem.status === 429) again.push(account);
    else refused(pass, account, problem);
  }
  return again;
};

const codeOf = (body: unknown): string => (body as { code?: string } | null)?.code ?? '';

/** The engine's reasons, each at the line that it is about. */
const refused = ({ book, rejects }: Pass, account: number, { reasons }: Problem): void => {
  book.reject(account);
  for (const { code, messageZh, messageEn, remedyZh: _zh, remedyEn: _en, card, ...facts } of reasons) {
    const at = book.placeOf(account, typeof card === 'number' ? card : undefined);
    const more = Object.entries(facts).map(([name, value]) => ` ${name}=${String(value)}`);
    rejects.tell({ ...at, field: null, code, zh: messageZh + more.join(''), en: messageEn + more.join('') });
  }
};
