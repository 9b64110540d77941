import path from 'node:path';
import type { EngineClient } from '../engine/client';
import { Failure } from '../startup/checks';
import { agreementsOnRecord, planAgreements, signAgreements } from './agreement-pass';
import { type Planned, planAll, takeOverAll } from './engine-passes';
import { type ControlReport, type Reading, readFiles } from './read-files';
import type { Reject } from './rejects';
import { type Encoding, type SourceFile, sourceFiles } from './source-files';
import { logTotals, type Sums, type Totals, threeWay } from './three-way';
import type { Watch } from './watch';

export type ImportOrder = Readonly<{
  folder: string;
  source: string;
  operator: string;
  encoding: Encoding;
  skipRejects: boolean;
  planOnly: boolean;
  rejectsFolder: string;
}>;
export type ImportReport = Readonly<{
  state: 'planned' | 'done' | 'stopped' | 'rejected' | 'differs';
  source: string;
  file: Sums;
  control: ControlReport;
  /** Accounts that were there before, word for word, and those written now. */
  accounts: Readonly<{ alreadyThere: number; written: number }>;
  agreements: Readonly<{ alreadyThere: number; signed: number }>;
  rejected: Readonly<{ lines: number; reasons: number; folder: string | null; first: readonly (Reject & Readonly<{ place: string }>)[] }>;
  totals: Totals | null;
}>;

const SHOWN_MAX = 20;

/** Reads, judges, and only then writes; ends with the three-way total. Throws: Failure; on outage. */
export const runImport = async (admin: EngineClient, order: ImportOrder, watch: Watch): Promise<ImportReport> => {
  const files = sourceFiles(order.folder);
  const reading = await read(files, order, watch);
  const { book, agreements, rejects } = reading;
  const pass = {
    admin,
    source: order.source,
    operator: order.operator,
    correlationId: `import-${order.source}`,
    book,
    rejects,
    signal: watch.signal,
  };
  const planning = watch.stage('核验 judging', book.size);
  const plan = await planAll({ ...pass, onDone: planning.advance });
  await planAgreements(pass, agreements.list());
  planning.finish();
  book.rejectWhole();
  if (watch.signal.aborted) return reportOf(order, reading, { state: 'stopped', folder: null });
  const folder = rejects.list.length > 0 ? order.rejectsFolder : null;
  if (folder !== null) await rejects.write(folder, order.encoding);
  const ready = { order, reading, plan, folder };
  if (order.planOnly) return reportOf(order, reading, { state: folder === null ? 'planned' : 'rejected', folder, plan });
  if (!mayWrite(ready)) return reportOf(order, reading, { state: 'rejected', folder, plan });
  return write(pass, ready, watch);
};

const read = async (files: readonly SourceFile[], { encoding }: ImportOrder, watch: Watch): Promise<Reading> => {
  const progress = watch.stage(
    '读取 reading',
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const reading = await readFiles({ files, encoding, onBytes: progress.advance });
  progress.finish();
  return reading;
};

type Ready = Readonly<{ order: ImportOrder; reading: Reading; plan: Planned; folder: string | null }>;

/** Any reject stops before the first write; asked to, the rest goes on, unless totals or lines of nobody say that the rest is not known. */
const mayWrite = ({ order, reading: { rejects, control } }: Ready): boolean => {
  if (!control.ok) return false;
  const list = path.join(order.rejectsFolder, 'rejects.csv');
  if (rejects.list.length === 0) return true;
  if (order.skipRejects && rejects.ownerless > 0)
    throw new Failure({
      zh: `有 ${rejects.ownerless} 行看不出属于谁：不能确定其余账户是完整的，未导入任何内容。清单：${list}`,
      en: `Of ${rejects.ownerless} lines nobody can tell whose they are: no account is known to be whole, nothing was imported. List: ${list}`,
    });
  return order.skipRejects;
};

type PassParts = Omit<Parameters<typeof planAll>[0], 'onDone'>;

const write = async (pass: PassParts, { order, reading, plan, folder }: Ready, watch: Watch): Promise<ImportReport> => {
  const { book, agreements, rejects } = reading;
  const { admin, source } = pass;
  const before = await logTotals(admin, source, watch, '核对此前 adding up what was there');
  const already = book.sums((n) => plan.replayed.has(n));
  const judged = rejects.list.length;
  const writing = watch.stage('写入 writing', book.sums().accounts - already.accounts);
  const signed = await signAgreements(pass, agreements.list());
  const { written, meanwhile } = await takeOverAll({ ...pass, onDone: writing.advance }, plan);
  writing.finish();
  if (watch.signal.aborted) return reportOf(order, reading, { state: 'stopped', folder, plan, written, signed });
  if (rejects.list.length > judged) {
    book.rejectWhole();
    await rejects.write(order.rejectsFolder, order.encoding); // Somebody took a person or a card between judging and writing.
  }
  const after = await logTotals(admin, source, watch, '核对 adding up');
  const listed = agreements.list();
  const totals = threeWay({
    file: { ...book.sums(), agreements: listed.length },
    already: { ...already, agreements: signed.replayed },
    byHand: signed.byHand,
    before: before.imported,
    after,
    onRecord: await agreementsOnRecord(admin, listed),
  });
  const complete = rejects.list.length === judged;
  const state = totals.ok && complete ? 'done' : 'differs';
  const late = complete ? folder : order.rejectsFolder;
  return { ...reportOf(order, reading, { state, folder: late, plan, written, signed, meanwhile }), totals };
};

type Ending = Readonly<{
  state: ImportReport['state'];
  folder: string | null;
  plan?: Planned;
  written?: number;
  meanwhile?: number;
  signed?: Readonly<{ signed: number; replayed: number; byHand: number }>;
}>;

const reportOf = (order: ImportOrder, { book, agreements, rejects, control }: Reading, ending: Ending): ImportReport => {
  const { state, folder, plan, written = 0, meanwhile = 0, signed } = ending;
  return {
    state,
    source: order.source,
    file: { ...book.sums(), agreements: agreements.list().length },
    control,
    accounts: { alreadyThere: (plan?.replayed.size ?? 0) + meanwhile, written },
    agreements: { alreadyThere: (signed?.replayed ?? 0) + (signed?.byHand ?? 0), signed: signed?.signed ?? 0 },
    rejected: {
      lines: rejects.lineCount,
      reasons: rejects.list.length,
      folder,
      first: rejects.list.slice(0, SHOWN_MAX).map((reject) => ({ ...reject, place: rejects.place(reject) })),
    },
    totals: null,
  };
};
