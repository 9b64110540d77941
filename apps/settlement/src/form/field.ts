import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import type { Rule } from './rules';
import { isAbsent, isSound, judging } from './sound-form';

type Class = new () => object;
/** What a fault of this constraint is told as; class-validator hands it back with the error. */
export type Expectation = Readonly<{ zh: string; en: string }>;
export type FieldOptions = Readonly<{ description?: string; default?: string | number; example?: string }>;

/** Name of the constraint that keeps identity numbers out of what enters the log. */
export const NAMES_A_PERSON = 'namesAPerson';
const NOBODY: Expectation = { zh: '不含身份证号', en: 'without an identity number in it' };

/** A field that must be there and keep its rule. */
export const Field = (rule: Rule, options: FieldOptions = {}): PropertyDecorator => field(rule, true, options);

/** A field that may be absent (or null, which says the same). */
export const OptionalField = (rule: Rule, options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    ValidateIf((_form: object, value: unknown) => !isAbsent(value)),
    field(rule, false, options),
  );

/** A field that is a form of its own. */
export const NestedField = (type: () => Class, options: FieldOptions & { optional?: boolean } = {}): PropertyDecorator => {
  const expectation: Expectation = { zh: 'JSON 对象', en: 'a JSON object' };
  return applyDecorators(
    ...(options.optional ? [ValidateIf((_form: object, value: unknown) => !isAbsent(value))] : []),
    judging((value) => (options.optional === true && isAbsent(value)) || isSound(type(), value)),
    IsObject({ context: expectation }),
    ValidateNested({ context: expectation }),
    Type(type),
    ApiProperty({ type: () => type(), required: !options.optional, description: options.description }),
  );
};

/** A list of forms. */
export const NestedList = (type: () => Class, itemsMax: number, options: FieldOptions = {}): PropertyDecorator => {
  const expectation: Expectation = { zh: `最多 ${itemsMax} 项的列表`, en: `a list of at most ${itemsMax} items` };
  const areSound = (value: unknown) => Array.isArray(value) && value.length <= itemsMax && value.every((item) => isSound(type(), item));
  return applyDecorators(
    ValidateIf((_form: object, value: unknown) => !isAbsent(value)),
    judging((value) => isAbsent(value) || areSound(value)),
    IsArray({ context: expectation }),
    ValidateBy({ name: 'flat', validator: { validate: isFlat, defaultMessage: () => expectation.en } }, { context: expectation }),
    ArrayMaxSize(itemsMax, { context: expectation }),
    ValidateNested({ each: true, context: { zh: 'JSON 对象', en: 'a JSON object' } satisfies Expectation }),
    Type(type),
    ApiProperty({ type: () => [type()], required: false, maxItems: itemsMax, description: options.description }),
  );
};

/** What validates lists would look at the forms of a list inside a list, and never at that list itself. */
const isFlat = (value: unknown): boolean => Array.isArray(value) && !value.some(Array.isArray);

const field = (rule: Rule, required: boolean, options: FieldOptions): PropertyDecorator => {
  const { test, namesAPerson, zh, en } = rule;
  const nobody = namesAPerson && {
    name: NAMES_A_PERSON,
    validator: { validate: (value: unknown) => !namesAPerson(value), defaultMessage: () => NOBODY.en },
  };
  const isRight = (value: unknown) => test(value) && namesAPerson?.(value) !== true;
  return applyDecorators(
    judging((value) => (!required && isAbsent(value)) || isRight(value)),
    ValidateBy({ name: 'rule', validator: { validate: test, defaultMessage: () => en } }, { context: { zh, en } satisfies Expectation }),
    ...(nobody ? [ValidateBy(nobody, { context: NOBODY })] : []),
    ApiProperty({ ...rule.schema, ...options, required }),
  );
};
