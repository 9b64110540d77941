import type { MedicalAccountCommand, Posting, PostSwipe } from '#libs/medical-account';
import type { EventReader } from '../event-store.port';
import type { WantedClaim } from '../streams/request';
import { findPosting } from './postings';

/** The live settlement that stands in the way, if any; else the key to claim. */
type Natural = Readonly<{ holder: Posting | null; claims: readonly WantedClaim[] }>;

const basesOf = ({ institutionCode, visitNo, chargeBatchNo, invoiceNo }: PostSwipe['data']): string[] => {
  const bases: string[] = [];
  if (visitNo !== null && chargeBatchNo !== null) bases.push(`visit-${institutionCode}-${visitNo}-${chargeBatchNo}`);
  if (invoiceNo !== null) bases.push(`invoice-${institutionCode}-${invoiceNo}`);
  return bases;
};

/** Counts up from the first number to the live holder, or to the first free number. */
const lookUnder = async (reader: EventReader, base: string, { commandHash, replacesKey, key }: PostSwipe['data']): Promise<Natural> => {
  for (let n = 0; ; n++) {
    const posting = await findPosting(reader, `${base}#${n}`);
    if (posting?.original.type !== 'SwipeSettled.v1') return { holder: null, claims: [{ key: `${base}#${n}`, commandHash }] };
    const { original, undone } = posting;
    const isLive = undone.amountFen < original.data.totalFeeFen;
    if (isLive && original.data.key !== replacesKey && original.data.key !== key) return { holder: posting, claims: [] };
  }
};

/** The claims of natural keys under which nothing has stood yet. */
export const newNaturalKeys = ({ type, data }: MedicalAccountCommand): Natural => ({
  holder: null,
  claims: type === 'PostSwipe' ? basesOf(data).map((base) => ({ key: `${base}#0`, commandHash: data.commandHash })) : [],
});

/**
 * A second natural key (visit and charge batch; invoice) is claimed once more after its settlement was wholly undone, under the next
 * number: claims are never released. The holder is the live settlement that stands in the way. Throws: on outage.
 */
export const naturalKeys = async (reader: EventReader, command: MedicalAccountCommand): Promise<Natural> => {
  if (command.type !== 'PostSwipe') return { holder: null, claims: [] };
  const found: Natural[] = [];
  for (const base of basesOf(command.data)) found.push(await lookUnder(reader, base, command.data));
  const holder = found.find((one) => one.holder !== null)?.holder ?? null;
  return { holder, claims: found.flatMap(({ claims }) => claims) };
};
