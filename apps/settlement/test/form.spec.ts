import 'reflect-metadata';
import * as accounts from '../src/accounts/account.dto';
import * as admin from '../src/admin/admin.dto';
import { type FormClass, readForm } from '../src/form/read-form';
import { utcInstant } from '../src/form/rules';
import * as institutions from '../src/institutions/institution.dto';
import * as swipes from '../src/settlements/swipe.dto';
import * as undoing from '../src/settlements/undo.dto';
import { bearer, recorded, scriptedDoor, swipeForm } from './scripted-engine';

const PERSON = '11010519491231002X'; // The example of GB 11643 itself.
const TO_THE_VAULT = new Set([
  'CredentialDto.number',
  'PersonDto.identityNumber',
  'PersonDto.name',
  'PersonDto.telephone',
  'RegisterCardDto.cardNumber',
]);

const post = async (form: object) => {
  const { orders, post: settle } = recorded();
  const { app } = await scriptedDoor({ settlements: { post: settle } });
  try {
    const response = await app.inject({ method: 'POST', url: '/v1/settlements', payload: form, headers: bearer('p1') });
    const { reasons = [] } = response.json<{ reasons?: { code: string; field: string; messageZh: string; messageEn: string }[] }>();
    return {
      status: response.statusCode,
      reasons,
      told: reasons.map(({ code, field }) => `${code} ${field}`).sort(),
      text: response.body,
      orders,
    };
  } finally {
    await app.close();
  }
};
const line = (lineNo: number, amount: string, over: object = {}) => ({
  lineNo,
  code: 'X1',
  name: '药',
  quantity: '1',
  price: '1',
  amount,
  ...over,
});

describe('a form: numbers of persons', () => {
  const forms = [accounts, admin, institutions, swipes, undoing].flatMap((file) =>
    Object.values(file).filter((exported): exported is FormClass<object> => typeof exported === 'function'),
  );
  const fieldsOf = (form: FormClass<object>) =>
    (Reflect.getMetadata('swagger/apiModelPropertiesArray', form.prototype as object) as string[]).map((name) => name.slice(1));
  const cases = forms.flatMap((form) => fieldsOf(form).map((field) => [`${form.name}.${field}`, form, field] as const));

  it('every field of every form is looked at', () => {
    expect(cases.length).toBeGreaterThan(90);
  });
  it.each(cases.filter(([name]) => !TO_THE_VAULT.has(name)))('%s takes no identity number', (_name, form, field) => {
    for (const value of [PERSON, PERSON.toLowerCase(), `V${PERSON}`, `${PERSON}-1`, [PERSON]]) {
      const result = readForm(form, { [field]: value });
      expect(result.ok ? [] : result.faults.map((fault) => fault.field.replace(/\[0\]$/, ''))).toContain(field);
    }
  });
  it.each([...TO_THE_VAULT].filter((name) => name !== 'PersonDto.name' && name !== 'PersonDto.telephone'))(
    '%s takes one: it goes to the vault',
    (name) => {
      const found = cases.find(([of]) => of === name);
      if (!found) throw new Error('no such field');
      const result = readForm(found[1], { [found[2]]: PERSON });
      expect(result.ok ? [] : result.faults.map(({ field }) => field)).not.toContain(found[2]);
    },
  );

  it('is refused in each field that enters the log, with a reason of its own that does not repeat it', async () => {
    const form = swipeForm({
      serial: PERSON,
      visitNo: PERSON,
      chargeBatchNo: `B-${PERSON}`,
      invoiceNo: PERSON,
      operatorCode: PERSON,
      terminalCode: PERSON,
      replaces: PERSON,
      credential: { kind: 'identityCard', number: PERSON },
      holderCheck: { method: 'signature', reference: PERSON },
      lines: [line(1, '58.60', { code: PERSON, traceCodes: ['81234567890123456789', PERSON] })],
    });
    const { status, told, text } = await post(form);
    const fields = ['serial', 'visitNo', 'chargeBatchNo', 'invoiceNo', 'operatorCode', 'terminalCode', 'replaces', 'holderCheck.reference'];
    expect([status, told]).toEqual([
      400,
      [...fields, 'lines[0].code', 'lines[0].traceCodes'].map((field) => `field-names-person ${field}`).sort(),
    ]);
    expect(text).not.toContain('1949');
  });

  it('is none where the check character is wrong, or the digits are part of a longer number', async () => {
    const numbers = { serial: '110105194912310021', visitNo: '1101051949123100211', invoiceNo: '370200202611220001' };
    expect((await post(swipeForm({ ...numbers, lines: [line(1, '58.60', { traceCodes: ['81000019491231002190'] })] }))).status).toBe(201);
  });

  it('does not reach the log by a header either', async () => {
    const { orders, post: settle } = recorded();
    const { app } = await scriptedDoor({ settlements: { post: settle } });
    const headers = { ...bearer('p1'), 'x-correlation-id': PERSON };
    const response = await app.inject({ method: 'POST', url: '/v1/settlements', payload: swipeForm(), headers });
    await app.close();
    expect([response.statusCode, JSON.stringify([orders, response.headers]).includes(PERSON)]).toEqual([201, false]);
  });
});

describe('a form: instants', () => {
  it.each(['56', '56.1', '56.12', '56.123', '56.1234', '56.123999', '56.1239999', '56.123999999'])(
    'takes seconds %s, as the libraries of this world write them',
    async (seconds) => {
      const { status, orders } = await post(swipeForm({ occurredAt: `2026-03-01T09:00:${seconds}+08:00` }));
      const milliseconds = (seconds.split('.')[1] ?? '').padEnd(3, '0').slice(0, 3);
      expect([status, orders[0]?.order.occurredAt]).toEqual([201, `2026-03-01T01:00:56.${milliseconds}Z`]);
    },
  );
  it('cuts to milliseconds: the last moment of a day stays in it', () => {
    expect(utcInstant('2026-12-31T23:59:59.999999999Z')).toBe('2026-12-31T23:59:59.999Z');
  });
  it('says what more digits than nine are', async () => {
    const { reasons } = await post(swipeForm({ occurredAt: '2026-03-01T09:00:56.1234567890Z' }));
    expect(reasons.map(({ field, messageEn }) => [field, messageEn.includes('at most nine decimals')])).toEqual([['occurredAt', true]]);
  });
});

describe('a form: unknown fields', () => {
  const NAMES = ['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', '__defineGetter__', 'toLocaleString', 'propertyIsEnumerable'];
  it.each(NAMES)('%s is one, though every object has it, at every depth', async (name) => {
    const { status, told } = await post(
      swipeForm({
        [name]: 'x',
        credential: { kind: 'socialSecurityCard', number: 'QD0000001', [name]: { deep: 1 } },
        lines: [line(1, '58.60', { [name]: null })],
      }),
    );
    expect([status, told]).toEqual([
      400,
      [`field-unknown ${name}`, `field-unknown credential.${name}`, `field-unknown lines[0].${name}`].sort(),
    ]);
  });
  it('constructor is told before the form is looked at', async () => {
    expect((await post(swipeForm({ credential: { constructor: 'x' } }))).told).toEqual(['json-forbidden-name undefined']);
  });
  it('in an address it is one, too', async () => {
    const { app } = await scriptedDoor();
    const response = await app.inject({ url: '/v1/freezes?toString=1', headers: bearer('agency') });
    await app.close();
    expect(response.json()).toMatchObject({ status: 400, reasons: [{ code: 'field-unknown', field: 'toString' }] });
  });
});

describe('a form: bill lines', () => {
  it('are taken when each has a number of its own and their amounts add up', async () => {
    expect((await post(swipeForm({ lines: [line(2, '0.6'), line(1, '58')] }))).status).toBe(201);
    expect((await post(swipeForm({ lines: [] }))).status).toBe(201);
  });
  it('that do not add up to the total are refused with both sums, in both languages', async () => {
    const { status, reasons } = await post(swipeForm({ lines: [line(1, '29.30'), line(2, '29.29')] }));
    expect([status, reasons]).toEqual([400, [expect.objectContaining({ code: 'field-malformed', field: 'lines' })]]);
    const said = reasons[0] as unknown as Record<'messageEn' | 'remedyZh', string>;
    for (const text of [said.messageEn, said.remedyZh]) expect([text.includes('58.59'), text.includes('58.60')]).toEqual([true, true]);
  });
  it('of one number are refused', async () => {
    const { reasons } = await post(swipeForm({ lines: [line(7, '29.30'), line(7, '29.30')] }));
    expect(reasons.map(({ field, messageEn }) => [field, /\b7\b/.test(messageEn)])).toEqual([['lines', true]]);
  });
  it('with faults of their own are told by those alone', async () => {
    expect((await post(swipeForm({ lines: [[line(1, '58.60')]] }))).told).toEqual(['field-malformed lines']);
    expect((await post(swipeForm({ lines: [line(1, 'x')] }))).told).toEqual(['field-malformed lines[0].amount']);
    expect((await post(swipeForm({ totalFee: '0', lines: [line(1, '1')] }))).told).toEqual([
      'field-malformed lines',
      'field-malformed totalFee',
    ]);
  });
});
