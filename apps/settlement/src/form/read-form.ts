import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { Expectation } from './field';

/** One field that is not as it must be: `field` is its path ("lines[2].price"); an empty path is the body itself. */
export type FormFault = Readonly<{
  code: 'field-missing' | 'field-unknown' | 'field-malformed';
  field: string;
  expectedZh: string;
  expectedEn: string;
}>;
/** A form whose fields depend on each other says so itself; it is asked even when single fields are wrong, so it must look before it reads. */
export type FormClass<F> = (new () => F) & { alsoWrong?(form: F): readonly FormFault[] };
export type FormResult<F> = Readonly<{ ok: true; form: F }> | Readonly<{ ok: false; faults: readonly FormFault[] }>;

export const faultAt = (
  field: string,
  code: FormFault['code'],
  [expectedZh, expectedEn]: readonly [zh: string, en: string],
): FormFault => ({
  code,
  field,
  expectedZh,
  expectedEn,
});

const FAULTS_MAX = 100; // A body of a thousand broken lines does not make an answer of a thousand reasons.

/** Reads plain JSON as a form: every field of it judged, nothing converted, nothing unknown let through. */
export const readForm = <F extends object>(type: FormClass<F>, plain: unknown): FormResult<F> => {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { ok: false, faults: [{ code: 'field-malformed', field: '', expectedZh: 'JSON 对象', expectedEn: 'a JSON object' }] };
  }
  const form = plainToInstance(type, plain, { enableImplicitConversion: false });
  const errors = validateSync(form, { whitelist: true, forbidNonWhitelisted: true, validationError: { target: false } });
  const own = errors.flatMap((error) => faultsOf(error, ''));
  const known = new Set(own.map(({ field }) => field));
  const faults = [...own, ...(type.alsoWrong?.(form) ?? []).filter(({ field }) => !known.has(field))];
  return faults.length === 0 ? { ok: true, form } : { ok: false, faults: faults.slice(0, FAULTS_MAX) };
};

const faultsOf = (error: ValidationError, parent: string): FormFault[] => {
  const path = pathOf(parent, error.property);
  if (error.constraints) return [ownFault(error, path)];
  return (error.children ?? []).flatMap((child) => faultsOf(child, path));
};

const pathOf = (parent: string, property: string): string => {
  if (parent === '') return safeName(property);
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${safeName(property)}`;
};

/** Names of unknown fields come from outside and go into the answer: kept short and plain. */
const safeName = (name: string): string => name.replace(/[^\w\u4e00-\u9fff-]/g, '?').slice(0, 40);

const ownFault = ({ constraints, contexts, value }: ValidationError, field: string): FormFault => {
  if (constraints && 'whitelistValidation' in constraints) {
    return { code: 'field-unknown', field, expectedZh: '无此字段', expectedEn: 'no such field' };
  }
  const expectation = Object.values(contexts ?? {})[0] as Expectation | undefined;
  return {
    code: value === undefined || value === null ? 'field-missing' : 'field-malformed',
    field,
    expectedZh: expectation?.zh ?? '符合接口文档',
    expectedEn: expectation?.en ?? 'as the documents say',
  };
};
