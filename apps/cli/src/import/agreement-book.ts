import type { Rejects } from './rejects';

type At = Readonly<{ file: number; line: number }>;
export type Agreement = At &
  Readonly<{
    institutionCode: string;
    name: string;
    kind: string;
    poolingArea: string;
    identityCheckEquipped: boolean;
    agreementNo: string;
    from: string;
    until: string;
    services: readonly string[];
  }>;

const overlap = (a: Agreement, b: Agreement): boolean => a.from <= b.until && b.from <= a.until;
const registration = ({ name, kind, poolingArea, identityCheckEquipped }: Agreement): string =>
  JSON.stringify([name, kind, poolingArea, identityCheckEquipped]);

/** The agreements of the files, by institution; each line tells the institution again. */
export class AgreementBook {
  private readonly byInstitution = new Map<string, Agreement[]>();

  constructor(private readonly rejects: Rejects) {}

  add(at: At, values: Readonly<Record<string, string>>): void {
    const { institutionCode = '', name = '', kind = '', poolingArea = '', agreementNo = '', from = '', until = '', services = '' } = values;
    const known = this.byInstitution.get(institutionCode) ?? [];
    this.byInstitution.set(institutionCode, known);
    const identityCheckEquipped = values.identityCheckEquipped === 'true';
    known.push({
      ...at,
      institutionCode,
      name,
      kind,
      poolingArea,
      identityCheckEquipped,
      agreementNo,
      from,
      until,
      services: services.split('|'),
    });
  }

  judgeAll(): void {
    for (const [first, ...others] of this.byInstitution.values()) {
      const before: Agreement[] = [];
      for (const one of [...(first ? [first] : []), ...others]) {
        this.judge(one, before);
        before.push(one);
      }
    }
  }

  /** Those that nothing is wrong with, an institution after the other. */
  list(): Agreement[] {
    return [...this.byInstitution.values()].flat().filter(({ file, line }) => !this.rejects.has(file, line));
  }

  private judge(one: Agreement, before: readonly Agreement[]): void {
    const { file, line } = one;
    if (one.until < one.from) this.rejects.add({ file, line }, 'until', 'period-reversed');
    const [first] = before;
    if (first && registration(first) !== registration(one))
      this.rejects.add({ file, line }, 'institutionCode', 'institution-differs', this.rejects.place(first));
    const same = before.find(({ agreementNo }) => agreementNo === one.agreementNo);
    const overlapping = before.find((other) => other !== same && overlap(other, one));
    if (same) this.rejects.add({ file, line }, 'agreementNo', 'agreement-twice', this.rejects.place(same));
    if (overlapping) this.rejects.add({ file, line }, 'from', 'agreement-overlaps', this.rejects.place(overlapping));
  }
}
