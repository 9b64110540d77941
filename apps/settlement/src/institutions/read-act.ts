import type { InstitutionOrder } from '#libs/application';
import { faultAt, readForm } from '../form/read-form';
import { oneOf } from '../form/rules';
import { formProblem } from '../problem/problem';
import { INSTITUTION_ACTS } from './institution.dto';

export type InstitutionAct = Readonly<{ reference: string; order: InstitutionOrder }>;
type AnyReading = (typeof INSTITUTION_ACTS)[keyof typeof INSTITUTION_ACTS];

/** Reads a body by the form of its `act`. Throws: Problem 400 with every fault of that form. */
export const readInstitutionAct = (body: unknown): InstitutionAct => {
  const word: unknown = typeof body === 'object' && body !== null && 'act' in body ? body.act : undefined;
  const acts = oneOf(Object.keys(INSTITUTION_ACTS));
  if (!acts.test(word)) throw formProblem([faultAt('act', word === undefined ? 'field-missing' : 'field-malformed', [acts.zh, acts.en])]);
  return readAs(INSTITUTION_ACTS[word as keyof typeof INSTITUTION_ACTS], body);
};

/** The form and the mapping of one row belong together; a union of rows cannot say so to the compiler. */
const readAs = (reading: AnyReading, body: unknown): InstitutionAct => {
  const { form, toOrder } = reading as unknown as { form: new () => { reference: string }; toOrder: (form: object) => InstitutionOrder };
  const result = readForm(form, body);
  if (!result.ok) throw formProblem(result.faults);
  return { reference: result.form.reference, order: toOrder(result.form) };
};
