import { BUCKETS, type Bucket, type LedgerAccount, type MedicalLeg, medicalFen } from '../vocabulary';

/** Money between two accounts keeps its card and bucket in the name of the ledger account on which it is in transit. */
export type Part = Readonly<{ cardId: string; bucket: Bucket; amountFen: number }>;

export const inTransitOf = (handOverId: string, cardId: string, bucket: Bucket): LedgerAccount =>
  `inTransit:${handOverId}:${cardId}:${bucket}`;
/** A debt in transit: negative where it comes from. */
export const owedInTransit = (handOverId: string): LedgerAccount => `inTransit:${handOverId}:owed`;

/** Of two accounts: one sends, the other receives, and only both together come to zero. */
export const isHandOver = (account: string): boolean =>
  account.startsWith('inTransit:') && (account.endsWith(':owed') || BUCKETS.some((bucket) => account.endsWith(`:${bucket}`)));

const partIn = ({ account, amountFen }: MedicalLeg): Part[] => {
  if (!isHandOver(account) || account.endsWith(':owed')) return [];
  const [bucket, cardId = ''] = account.split(':').reverse();
  return [{ cardId, bucket: bucket === 'priorYear' ? 'priorYear' : 'currentYear', amountFen }];
};
export const handOverParts = (legs: readonly MedicalLeg[]): Part[] => legs.flatMap(partIn);

/** What the absorbed holder owed. Units: fen, zero or less. */
export const owedIn = (legs: readonly MedicalLeg[]) =>
  medicalFen(legs.reduce((sum, { account, amountFen }) => (account.endsWith(':owed') ? sum + amountFen : sum), 0));

/** Legs by account, each account once, none that moves nothing. */
export const summed = (legs: readonly MedicalLeg[]): MedicalLeg[] => {
  const sums = new Map<LedgerAccount, number>();
  for (const { account, amountFen } of legs) sums.set(account, (sums.get(account) ?? 0) + amountFen);
  return [...sums].flatMap(([account, amountFen]) => (amountFen === 0 ? [] : [{ account, amountFen: medicalFen(amountFen) }]));
};
