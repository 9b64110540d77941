import fc from 'fast-check';
import { runs } from '../../../test/support/property-runs';
import * as accountForms from '../src/accounts/account.dto';
import { CreditLineDto } from '../src/accounts/credits-batch.dto';
import * as adminForms from '../src/admin/admin.dto';
import type { FormClass } from '../src/form/read-form';
import { readClosely, readForm } from '../src/form/read-form';
import { isSound } from '../src/form/sound-form';
import * as institutionForms from '../src/institutions/institution.dto';
import * as example from '../src/openapi/examples';
import * as projectionForms from '../src/projections/projection.dto';
import { SwipeDto } from '../src/settlements/swipe.dto';
import * as undoForms from '../src/settlements/undo.dto';

const modules = [accountForms, adminForms, institutionForms, projectionForms, undoForms, { SwipeDto, CreditLineDto }];
const FORMS = modules
  .flatMap((forms) => Object.entries(forms))
  .filter((entry): entry is [string, FormClass<object>] => /Dto$/.test(entry[0]) && typeof entry[1] === 'function');

const swipe = example.swipe as Readonly<Record<string, unknown>>;
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    ' ',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    [[]],
    [{}],
    '0',
    '-0.01',
    '1.234',
    '37020019800101001X',
    '\u0000',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.jsonValue({ maxDepth: 3 }),
);
/** A sound swipe with some members changed, left out or added, at the top or one level down. */
const spoiled = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(swipe), 'credential.number', 'holderCheck.method', 'constructor', 'more'), odd), {
    maxLength: 3,
  })
  .map((changes) => {
    const form = new Map<string, unknown>(Object.entries(structuredClone(swipe)));
    for (const [at, value] of changes) {
      const [name = '', inner] = at.split('.');
      form.set(name, inner === undefined ? value : { ...(form.get(name) as object), [inner]: value });
      if (value === undefined) form.delete(name);
    }
    return Object.fromEntries(form);
  });

describe('two readings of a form', () => {
  it('are both taken of real forms', () => expect(FORMS.length).toBeGreaterThan(30));

  it('of a swipe come to the same verdict, and to the same faults', () => {
    let sound = 0;
    fc.assert(
      fc.property(spoiled, (form) => {
        const closely = readClosely(SwipeDto, form);
        sound += isSound(SwipeDto, form) ? 1 : 0;
        expect({ form, ok: readForm(SwipeDto, form).ok }).toEqual({ form, ok: closely.ok });
        if (!closely.ok) expect(readForm(SwipeDto, form)).toEqual(closely);
      }),
      runs(1_500, 20),
    );
    expect(sound).toBeGreaterThan(50);
  });

  it.each(FORMS)('of %s come to the same verdict on anything', (_name, type) => {
    const names = fc.constantFrom('reference', 'reason', 'limit', 'cursor', 'serial', 'accountId', 'person', 'scope', 'from', 'amount');
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(names, odd), fc.jsonValue(), fc.constantFrom(null, undefined, [], 'x')), (form) => {
        expect({ form, ok: readForm(type, form).ok }).toEqual({ form, ok: readClosely(type, form).ok });
      }),
      runs(100, 5),
    );
  });

  it('of every example in the documents: it is sound, with class-validator never asked', () => {
    expect(isSound(SwipeDto, swipe)).toBe(true);
    expect(isSound(SwipeDto, { ...swipe, more: 1 })).toBe(false);
    expect(isSound(SwipeDto, { ...swipe, holderCheck: null })).toBe(false);
  });
});
