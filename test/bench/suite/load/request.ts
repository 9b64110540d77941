import { randomUUID } from 'node:crypto';
import { nth } from '../nth';
import { cardNumberOf, serialOf } from '../orders';
import { OPERATOR_CODE, TERMINAL_CODE, type Till } from '../region';
import type { LoadPlan } from './plan';

/** The moving parts of a message, each of a length that never changes. */
type Field = 'serial' | 'card' | 'occurredAt' | 'fee' | 'visit' | 'invoice';
type Moving = Readonly<{ at: readonly number[]; length: number }>;
/** A message whose moving parts are overwritten in place: nothing is built while the clock runs. */
export type Message = Readonly<{ bytes: Buffer; moving: Readonly<Partial<Record<Field, Moving>>> }>;

const SAMPLE: Readonly<Record<Field, string>> = {
  serial: serialOf('@'.repeat(8), 0, 0),
  card: cardNumberOf(0),
  occurredAt: new Date(0).toISOString(),
  fee: '#.##',
  visit: `V${serialOf('%'.repeat(8), 0, 0)}`,
  invoice: `I${serialOf('&'.repeat(8), 0, 0)}`,
};

/** The body of a swipe as a till's software would write it. */
export const bodyOf = ({ institutionCode, kind }: Till, { serial, card, occurredAt, fee, visit, invoice } = SAMPLE): string =>
  JSON.stringify({
    institutionCode,
    serial,
    occurredAt,
    credential: { kind: 'socialSecurityCard', number: card },
    insuranceType: 'employee',
    medicalCategory: kind === 'pharmacy' ? 'pharmacyPurchase' : 'outpatient',
    ...(kind === 'hospital' && { visitNo: visit, chargeBatchNo: '1', invoiceNo: invoice }),
    totalFee: fee,
    fundPaid: '0.00',
    accountEligible: fee,
    holderCheck: { method: 'password' },
    operatorCode: OPERATOR_CODE,
    terminalCode: TERMINAL_CODE,
  });

const placesOf = (text: string, value: string): number[] => {
  const places: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) places.push(at);
  return places;
};

export const messageOf = (text: string): Message => {
  const found = Object.entries(SAMPLE).map(([field, value]) => [field, { at: placesOf(text, value), length: value.length }] as const);
  return { bytes: Buffer.from(text, 'latin1'), moving: Object.fromEntries(found.filter(([, { at }]) => at.length > 0)) };
};

/** One whole request to settle one swipe. */
export const requestOf = (till: Till, port: number, correlationId?: string): Message => {
  const body = bodyOf(till);
  const head = [
    'POST /v1/settlements HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${till.key}`,
    'Content-Type: application/json',
    'Accept: application/json',
    'User-Agent: HIS-Terminal/4.2',
    ...(correlationId === undefined ? [] : [`X-Correlation-Id: ${correlationId}`]),
    `Content-Length: ${body.length}`,
  ];
  return messageOf(`${head.join('\r\n')}\r\n\r\n${body}`);
};

/** One request a connection; tills of every kind take turns. */
export const requestsOf = ({ tills, port, connections, correlated }: LoadPlan): readonly Message[] =>
  Array.from({ length: connections }, (_, lane) =>
    requestOf(nth(tills, lane), port, correlated && lane % 2 === 0 ? randomUUID() : undefined),
  );

/** The head of a request of endless body; its lines follow as chunks. */
export const batchHeadOf = ({ key }: Till, port: number): Buffer =>
  Buffer.from(
    `${[
      'POST /v1/settlements/batch HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${key}`,
      'Content-Type: application/x-ndjson',
      'Accept: application/x-ndjson',
      'User-Agent: HIS-Terminal/4.2',
      'Transfer-Encoding: chunked',
    ].join('\r\n')}\r\n\r\n`,
  );

const put = ({ bytes, moving }: Message, field: Field, value: string): void => {
  for (const at of moving[field]?.at ?? []) bytes.write(value, at, 'latin1');
};

/** Gives messages their next values: a serial never used, a card drawn evenly, a fee from 1.00 to 9.99, the time of the second. */
export const filler = (prefix: string, accounts: number) => {
  let random = 0x9e3779b9;
  let nowText = new Date().toISOString();
  const clock = setInterval(() => {
    nowText = new Date().toISOString();
  }, 250);
  clock.unref();
  const below = (limit: number): number => {
    random ^= random << 13; // Xorshift: the same accounts in the same order every run, and next to no time.
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) % limit;
  };
  const counts = new Map<number, number>();
  return (message: Message, lane: number): void => {
    const n = counts.get(lane) ?? 0;
    counts.set(lane, n + 1);
    const serial = serialOf(prefix, lane, n);
    put(message, 'serial', serial);
    put(message, 'visit', `V${serial}`);
    put(message, 'invoice', `I${serial}`);
    put(message, 'card', cardNumberOf(below(accounts)));
    put(message, 'fee', `${1 + below(9)}.${String(below(100)).padStart(2, '0')}`);
    put(message, 'occurredAt', nowText);
  };
};
