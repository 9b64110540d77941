import { grouped, type Row } from '../screen/text-table';
import type { Credit } from './credit-file';
import { yuan } from './examine';
import type { Reason } from './line-exchange';

export type Part = { lines: number; sumFen: number };
export type RefusedLine = Readonly<{ line: number; reference: string; amount: string; reasons: readonly Reason[] }>;
/** Lines by what has become of them. Units: fen. */
export type Tally = Readonly<{
  credited: Part;
  replayed: Part;
  refused: Part;
  open: Part;
  /** How many lines each primary reason has kept out. */
  byCode: Map<string, Readonly<{ reason: Reason; lines: number }>>;
  refusedLines: RefusedLine[];
}>;

const REFUSED_KEPT_MAX = 10_000;

export const emptyTally = (): Tally => ({
  credited: { lines: 0, sumFen: 0 },
  replayed: { lines: 0, sumFen: 0 },
  refused: { lines: 0, sumFen: 0 },
  open: { lines: 0, sumFen: 0 },
  byCode: new Map(),
  refusedLines: [],
});

export const count = (tally: Tally, part: 'credited' | 'replayed' | 'refused' | 'open', { amountFen }: Pick<Credit, 'amountFen'>): void => {
  tally[part].lines += 1;
  tally[part].sumFen += amountFen;
};

/** Why a line was refused, kept by its primary reason. */
export const keepRefusal = (tally: Tally, { line, reference, amount }: Credit, reasons: readonly Reason[]): void => {
  const [reason] = reasons;
  if (!reason) return;
  tally.byCode.set(reason.code, { reason, lines: (tally.byCode.get(reason.code)?.lines ?? 0) + 1 });
  if (tally.refusedLines.length < REFUSED_KEPT_MAX) tally.refusedLines.push({ line, reference, amount, reasons });
};

export const partRow = (label: string, { lines, sumFen }: Part): Row => [label, `${grouped(lines)} 笔 lines`, yuan(sumFen)];

const SHOWN_MAX = 20;

/** The lines that were refused, the first of them one by one. */
export const refusalWords = ({ byCode, refusedLines, refused }: Tally): string[] => [
  ...[...byCode.values()].map(
    ({ reason, lines }) => `  ${grouped(lines)} × ${reason.code}  ${reason.messageZh ?? ''} · ${reason.messageEn ?? ''}`,
  ),
  ...refusedLines.slice(0, SHOWN_MAX).map(({ line, reference, amount, reasons }) => {
    const facts = reasons.map(({ code, messageZh: _z, messageEn: _e, remedyZh: _r, remedyEn: _m, ...more }) =>
      [code, ...Object.entries(more).map(([name, value]) => `${name}=${String(value)}`)].join(' '),
    );
    return `  第 ${line} 行 line ${line}  ${reference}  ${amount}  ${facts.join('; ')}`;
  }),
  ...(refused.lines > SHOWN_MAX ? [`  … 共 ${grouped(refused.lines)} 行 in all`] : []),
];

/** The same for programs. */
export const tallyJson = ({ credited, replayed, refused, open, byCode, refusedLines }: Tally): object => ({
  credited: partJson(credited),
  replayed: partJson(replayed),
  refused: { ...partJson(refused), byCode: Object.fromEntries([...byCode].map(([code, { lines }]) => [code, lines])), first: refusedLines },
  open: partJson(open),
});
export const partJson = ({ lines, sumFen }: Part): object => ({ lines, sum: yuan(sumFen) });
