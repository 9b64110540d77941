import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type Expectation, NAMES_A_PERSON } from './field';
import { isSound } from './sound-form';

/** One field that is not as it must be: `field` is its path ("lines[2].price"); an empty path is the body itself. */
export type FormFault = Readonly<{
  code: 'field-missing' | 'field-unknown' | 'field-malformed' | 'field-names-person';
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

export const NO_SUCH_FIELD = ['无此字段', 'no such field'] as const;
const FAULTS_MAX = 100; // A body of a thousand broken lines does not make an answer of a thousand reasons.

/** Reads plain JSON as a form: every field of it judged, nothing converted, nothing unknown let through. */
export const readForm = <F extends object>(type: FormClass<F>, plain: unknown): FormResult<F> => {
  if (isSound(type, plain)) {
    const faults = type.alsoWrong?.(plain as F) ?? [];
    return faults.length === 0 ? { ok: true, form: plain as F } : { ok: false, faults: faults.slice(0, FAULTS_MAX) };
  }
  return readClosely(type, plain);
};

/** The same by class-validator, which names every fault. */
export const readClosely = <F extends object>(type: FormClass<F>, plain: unknown): FormResult<F> => {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { ok: false, faults: [{ code: 'field-malformed', field: '', expectedZh: 'JSON 对象', expectedEn: 'a JSON object' }] };
  }
  const foreign = namesOfAnyObject(plain, '');
  const form = plainToInstance(type, foreign.length === 0 ? plain : withoutThem(plain), { enableImplicitConversion: false });
  const errors = validateSync(form, { whitelist: true, forbidNonWhitelisted: true, validationError: { target: false } });
  const own = [
    ...foreign.map((field) => faultAt(field, 'field-unknown', NO_SUCH_FIELD)),
    ...errors.flatMap((error) => faultsOf(error, '')),
  ];
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

/**
 * Names that every JavaScript object has without being given them: no form has such a field, and what reads forms would take each for known
 * or call it.
 */
const namesOfAnyObject = (value: unknown, parent: string): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const path = pathOf(parent, name);
    return isNameOfAnyObject(value, name) ? [path] : namesOfAnyObject(inner, path);
  });
};
const withoutThem = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutThem);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([name]) => !isNameOfAnyObject(value, name));
  return Object.fromEntries(own.map(([name, inner]: [string, unknown]) => [name, withoutThem(inner)]));
};
const isNameOfAnyObject = (owner: object, name: string): boolean => !Array.isArray(owner) && name in Object.prototype;

/** Names of unknown fields come from outside and go into the answer: kept short and plain. */
const safeName = (name: string): string => name.replace(/[^\w\u4e00-\u9fff-]/g, '?').slice(0, 40);

const ownFault = ({ constraints, contexts, value }: ValidationError, field: string): FormFault => {
  if (constraints && 'whitelistValidation' in constraints) {
    return faultAt(field, 'field-unknown', NO_SUCH_FIELD);
  }
  const { [NAMES_A_PERSON]: nobody, ...forms } = (contexts ?? {}) as Readonly<Record<string, Expectation>>;
  const expectation = Object.values(forms)[0];
  if (nobody && !expectation) return faultAt(field, 'field-names-person', [nobody.zh, nobody.en]);
  const code = value === undefined || value === null ? 'field-missing' : 'field-malformed';
  return faultAt(field, code, [expectation?.zh ?? '符合接口文档', expectation?.en ?? 'as the documents say']);
};
