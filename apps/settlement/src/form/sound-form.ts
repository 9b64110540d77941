import { getMetadataStorage } from 'class-validator';

type Judge = (value: unknown) => boolean;
type Class = new () => object;
type Sound = (plain: object) => boolean;

const judges = new WeakMap<object, Map<string, Judge>>();
const compiled = new WeakMap<Class, Sound | null>();

/** Told by the decorators: what a field of a form must be. */
export const judging =
  (judge: Judge): PropertyDecorator =>
  (prototype, name) => {
    const own = judges.get(prototype) ?? new Map<string, Judge>();
    judges.set(prototype, own.set(String(name), judge));
  };

const judgesOf = (type: Class): Map<string, Judge> => {
  const all = new Map<string, Judge>();
  for (
    let prototype: object | null = type.prototype as object;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  )
    for (const [name, judge] of judges.get(prototype) ?? []) if (!all.has(name)) all.set(name, judge);
  return all;
};

/** Null for a form with a field that class-validator knows and we do not: then only class-validator can say. */
const compile = (type: Class): Sound | null => {
  const all = judgesOf(type);
  const known = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  if (known.some(({ propertyName }) => !all.has(propertyName))) return null;
  const fields = [...all];
  return (plain) => {
    const form = plain as Readonly<Record<string, unknown>>;
    for (const name in form) if (!all.has(name)) return false;
    for (const [name, judge] of fields) if (!judge(form[name])) return false;
    return true;
  };
};

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether plain JSON is a sound form of a class: the same rules as class-validator's, from the same decorators, without what it takes to say
 * what is wrong; a sound body, nearly every one, costs a tenth. False says only that somebody must look closer.
 */
export const isSound = (type: Class, plain: unknown): boolean => {
  if (!isPlain(plain)) return false;
  let sound = compiled.get(type);
  if (sound === undefined) {
    sound = compile(type);
    compiled.set(type, sound);
  }
  return sound?.(plain) ?? false;
};

export const isAbsent = (value: unknown): boolean => value === undefined || value === null;
