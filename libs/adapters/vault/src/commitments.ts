import { hash } from 'node:crypto';
import { randomFew } from './random-few';

/** Field values with one random salt each; both live encrypted in the vault only. */
export type SaltedFields = Readonly<Record<string, Readonly<{ value: string; salt: string }>>>;

const SALT_BYTES = 16;

/** Salts each field that is there; a field that kept its value keeps its salt, and with it its commitment. */
export const salted = (fields: Readonly<Record<string, string | undefined>>, earlier: SaltedFields = {}): SaltedFields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const kept = earlier[name];
      return [[name, kept?.value === value ? kept : { value, salt: randomFew(SALT_BYTES).toString('hex') }]];
    }),
  );

/** SHA-256(salt ‖ field name ‖ value), hex: what an event holds instead of the field. No field name begins with another. */
export const commitmentsOf = (fields: SaltedFields): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { value, salt }]) => [
      name,
      hash('sha256', Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(name + value)]), 'hex'),
    ]),
  );

export const plainOf = (fields: SaltedFields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));

export const sameFields = (fields: SaltedFields, plain: Readonly<Record<string, string | undefined>>): boolean => {
  const present = Object.entries(plain).filter(([, value]) => value !== undefined);
  return present.length === Object.keys(fields).length && present.every(([name, value]) => fields[name]?.value === value);
};
