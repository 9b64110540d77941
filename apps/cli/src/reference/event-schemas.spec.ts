import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeAccessKeyEvent } from '#libs/access';
import { decodeApplicationEvent, decodePaperEvent, decodeVoucherEvent } from '#libs/card-service';
import { decodeInstitutionEvent } from '#libs/institution';
import { ACCOUNT_EVENT_TYPES, decodeAccountEvent, decodeAttemptEvent, decodeVoidEvent, leftOutOf } from '#libs/medical-account';
import { decodePolicyPackEvent } from '#libs/policy';
import { eventSchemas } from './event-schemas';
import type { Form } from './stored-shapes';

const T0 = '2026-03-01T01:00:00.000Z';
const LIBS = path.resolve(__dirname, '../../../../libs');
const { $defs, events } = eventSchemas(LIBS);

const READERS: Readonly<Record<string, (type: string, data: unknown, decidedAt: string) => unknown>> = {
  medicalAccount: decodeAccountEvent,
  settlementVoid: decodeVoidEvent,
  attempts: decodeAttemptEvent,
  institution: decodeInstitutionEvent,
  policyPack: decodePolicyPackEvent,
  accessKey: decodeAccessKeyEvent,
  cardApplication: decodeApplicationEvent,
  vouchers: decodeVoucherEvent,
  voucher: decodePaperEvent,
  oneTimeNotice: decodePaperEvent,
};
const CARD_SERVICE = Object.fromEntries(
  ['cardApplication', 'vouchers', 'voucher', 'oneTimeNotice'].map((stream) => [stream, 'card-service']),
);
const ROOMS: Readonly<Record<string, string>> = { institution: 'institution', policyPack: 'policy', accessKey: 'access', ...CARD_SERVICE };
const goldenOf = (type: string, stream: string): unknown => {
  const file = path.join(LIBS, ROOMS[stream] ?? 'medical-account', 'src/golden', `${type}.json`);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as { data?: unknown };
  return golden.data ?? golden;
};

type Place = Readonly<{ at: readonly (string | number)[]; form: Form; value: unknown }>;
const resolved = (form: Form): Form => $defs[form.$ref?.split('/').at(-1) ?? ''] ?? form;
const isNullable = ({ anyOf }: Form): boolean => anyOf?.some(({ type }) => type === 'null') === true;

/** The variant that a value is of. */
const variantFor = (form: Form, value: unknown): Form => {
  const kind = (value as { kind?: string } | null)?.kind;
  const variant = form.anyOf?.find(({ type, properties }) => type !== 'null' && [undefined, kind].includes(properties?.kind?.const));
  return resolved(variant ?? form);
};

/** Every place of an example with the form that the page gives it. */
const placesOf = (form: Form, value: unknown, at: Place['at'] = []): Place[] => {
  const own = variantFor(resolved(form), value);
  const children: Place[] = [];
  if (Array.isArray(value))
    for (const [i, item] of value.entries()) children.push(...placesOf(own.prefixItems?.[i] ?? (own.items as Form), item, [...at, i]));
  else if (value !== null && own.properties)
    for (const [name, member] of Object.entries(own.properties).filter(([name]) => Object.hasOwn(value as object, name)))
      children.push(...placesOf(member, (value as Record<string, unknown>)[name], [...at, name]));
  return [{ at, form: resolved(form), value }, ...children];
};

const withValue = (data: unknown, at: Place['at'], value: unknown): unknown => {
  const copy = structuredClone({ data });
  let inside = copy as unknown as Record<string | number, unknown>;
  const steps = ['data', ...at];
  for (const step of steps.slice(0, -1)) inside = inside[step] as Record<string | number, unknown>;
  inside[steps.at(-1) ?? 'data'] = value;
  return copy.data;
};

const allowsText = ({ type, enum: listed, pattern }: Form, value: string): boolean =>
  type === 'string' && (listed?.includes(value) ?? (pattern === undefined || new RegExp(pattern).test(value)));
const isAny = (form: Form): boolean => Object.keys(form).every((word) => word === 'description');

/** Whether the page allows a value of another kind at this place. */
const allows = (form: Form, value: string | number | boolean | null): boolean => {
  if (isAny(form)) return true;
  if (value === null) return isNullable(form);
  const own = form.anyOf ? variantFor(form, value) : form;
  if (typeof value === 'number') return own.type === 'integer' && value >= (own.minimum ?? 0);
  return typeof value === 'string' ? allowsText(own, value) : own.type === 'boolean';
};
/** Every word of a closed set that the account's codec knows, so that none is missing on the page. */
const WORDS = ['data-forms', 'card-forms', 'freeze-forms'].flatMap((forms) =>
  [...readFileSync(path.join(LIBS, `medical-account/src/${forms}.ts`), 'utf8').matchAll(/(\w+): true/g)].flatMap(([, word]) => word ?? []),
);
const PROBES = [
  null,
  -1,
  7,
  true,
  'such a word',
  '2026-03-01',
  '2026-03-01T01:00:00.000Z',
  'subAccount:K1:priorYear',
  'payable:H1',
  ...WORDS,
];

describe('the schemas of stored events', () => {
  const read = Object.entries(events).filter(([, { stream }]) => READERS[stream] !== undefined);

  it('hold every type of an account, and those of which no example is kept', () => {
    const plain = ['DirectoryEntryAdded.v1', 'ManualClockSet.v1', 'ReceiptPrinted.v1', 'SettlementKeyVoided.v1', 'AttemptRepeated.v1'];
    expect(Object.keys(events)).toEqual(expect.arrayContaining([...ACCOUNT_EVENT_TYPES, ...plain]));
    expect(new Set(Object.values(events).map(({ stream }) => stream))).toEqual(
      new Set([...Object.keys(READERS), 'directory', 'receiptPrint', 'relationTransferIn', 'simulation']),
    );
  });

  it.each(read)('%s: a value that the page allows is read, and one that it does not allow is refused', (type, { stream, data }) => {
    const golden = goldenOf(type, stream);
    const isRead = (stored: unknown): boolean => {
      try {
        READERS[stream]?.(type, stored, T0);
        return true;
      } catch {
        return false;
      }
    };
    const places = placesOf(data, golden).filter(({ form }) => form.const === undefined);
    const wrong = places.flatMap(({ at, form }) => {
      const variants = [...PROBES, ...(variantFor(form, null).enum ?? [])];
      return variants
        .filter((value) => isRead(withValue(golden, at, value)) !== allows(form, value))
        .map((value) => `${at.join('.')}: ${JSON.stringify(value)} is ${allows(form, value) ? 'not ' : ''}read`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(read)('%s: its members are these, none over and none left out', (type, { stream, data }) => {
    const golden = goldenOf(type, stream) as Record<string, unknown>;
    const leftOut = Object.entries(data.properties ?? {}).filter(([, form]) => Object.hasOwn(form, 'default'));
    if (stream === 'medicalAccount')
      expect(Object.fromEntries(leftOut.map(([name, form]) => [name, form.default]))).toEqual(leftOutOf(type));
    expect([...new Set([...Object.keys(golden), ...leftOut.map(([name]) => name)])].sort()).toEqual(
      Object.keys(data.properties ?? {}).sort(),
    );
    expect(data.required).toEqual(Object.keys(data.properties ?? {}).filter((name) => !leftOut.some(([left]) => left === name)));
    expect(() => READERS[stream]?.(type, { ...golden, another: 1 }, T0)).toThrow();
  });

  const folderWith = (name: string, golden: object): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'yika-golden-'));
    mkdirSync(path.join(folder, 'access', 'golden'), { recursive: true });
    writeFileSync(path.join(folder, 'access', 'golden', name), JSON.stringify(golden));
    return folder;
  };

  it('are not guessed where an example tells nothing', () => {
    for (const member of [null, []]) expect(() => eventSchemas(folderWith('KeyLent.v1.json', { to: member }))).toThrow('KeyLent.to');
  });

  it('leave out what is no stored event', () => {
    const types = Object.keys(eventSchemas(folderWith('rows.json', { rows: [] })).events);
    expect(types).toEqual(['DirectoryEntryAdded.v1', 'ManualClockSet.v1', 'ReceiptPrinted.v1']);
  });
});
