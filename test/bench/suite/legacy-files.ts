import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { identityNumberFor } from '#libs/kernel';

const AREA = '370200';
const DIVISIONS = ['370202', '370203', '370211', '370212', '370213', '370214', '370281', '370282', '370283', '370285'];
const DAYS = 25_000;
const SEQUENCES = 499;

/** The n-th made-up person: no two have the same number, for more of them than a city has. */
const identityOf = (n: number): string => {
  const day = new Date(Date.UTC(1936, 0, 1) + (n % DAYS) * 86_400_000).toISOString().slice(0, 10);
  const sequence = Math.floor(n / DAYS) % SEQUENCES;
  return identityNumberFor(
    DIVISIONS[Math.floor(n / DAYS / SEQUENCES) % DIVISIONS.length] ?? AREA,
    day,
    String(sequence * 2 + 1).padStart(3, '0'),
  );
};

const fileAt = (folder: string, name: string, header: string) => {
  const stream = createWriteStream(path.join(folder, name));
  stream.write(`\uFEFF${header}\r\n`);
  return {
    row: async (text: string) => {
      if (!stream.write(`${text}\r\n`)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
    },
    end: () => new Promise<void>((resolve) => stream.end(resolve)),
  };
};

export type LegacyTotals = Readonly<{ persons: number; cards: number; balances: number; currentYearFen: number; priorYearFen: number }>;

/** Writes what a legacy system of so many accounts would leave: a card each and every tenth a stopped one too, balances by card and bucket. */
export const writeLegacyFiles = async (folder: string, accounts: number): Promise<LegacyTotals> => {
  mkdirSync(folder, { recursive: true });
  const persons = fileAt(folder, 'persons.csv', 'personId,poolingArea,insuranceType,identityKind,identityNumber,name,birthDate,telephone');
  const cards = fileAt(folder, 'cards.csv', 'cardId,personId,cardNumber,kind,state,lastSwipedOn');
  const balances = fileAt(folder, 'balances.csv', 'personId,cardId,bucket,amount');
  const totals = { persons: accounts, cards: 0, balances: 0, currentYearFen: 0, priorYearFen: 0 };
  const balance = async (personId: string, cardId: string, [current, prior]: readonly [number, number]) => {
    for (const [bucket, fen] of [
      ['currentYear', current],
      ['priorYear', prior],
    ] as const) {
      await balances.row(`${personId},${cardId},${bucket},${(fen / 100).toFixed(2)}`);
      totals.balances += 1;
      totals[`${bucket}Fen`] += fen;
    }
  };
  for (let n = 0; n < accounts; n++) {
    const personId = `GR${String(n).padStart(9, '0')}`;
    await persons.row(
      `${personId},${AREA},employee,01,${identityOf(n)},王${'明华丽强军'[n % 5]}${'芳伟娜敏静'[(n >> 3) % 5]},,139${String(n).padStart(8, '0')}`,
    );
    await cards.row(`${personId}-1,${personId},M${String(n).padStart(8, '0')},socialSecurity3,inUse,2026-0${(n % 9) + 1}-11`);
    totals.cards += 1;
    await balance(personId, `${personId}-1`, [(n * 37) % 500_000, (n * 101) % 900_000]);
    if (n % 10 !== 0) continue;
    await cards.row(`${personId}-2,${personId},N${String(n).padStart(8, '0')},labourSecurity,stopped,2014-05-06`);
    totals.cards += 1;
    await balance(personId, `${personId}-2`, [0, (n * 13) % 70_000]);
  }
  const control = fileAt(folder, 'control.csv', 'item,value');
  const yuan = (fen: number) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  for (const item of ['persons', 'cards', 'balances'] as const) await control.row(`${item},${totals[item]}`);
  await control.row(`currentYear,${yuan(totals.currentYearFen)}`);
  await control.row(`priorYear,${yuan(totals.priorYearFen)}`);
  for (const file of [persons, cards, balances, control]) await file.end();
  return totals;
};
