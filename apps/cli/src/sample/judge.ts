import type { Reply } from '../engine/client';
import type { Expectation } from './step';
import { yuan } from './teller';

type Body = Readonly<Record<string, unknown>>;
export const bodyOf = ({ body }: Reply): Body => (typeof body === 'object' && body !== null ? (body as Body) : {});
/** The reason for the till: the first one, which gives the answer its code. */
export const codeOf = (reply: Reply): string => {
  const { code } = bodyOf(reply);
  return typeof code === 'string' ? code : `status ${reply.status}`;
};
export const isReplay = (reply: Reply): boolean => reply.status === 200 && bodyOf(reply).replayed === true;

const without = (body: Body): string => JSON.stringify({ ...body, replayed: undefined });
const got = (reply: Reply): string => (reply.status < 300 ? `${reply.status}` : `${reply.status} ${codeOf(reply)}`);
const differs = (body: Body, wanted: Readonly<Record<string, unknown>>): string | null => {
  const wrong = Object.entries(wanted).filter(([name, value]) => body[name] !== value);
  return wrong.length === 0 ? null : wrong.map(([name, value]) => `${name} ${String(body[name])}, expected ${String(value)}`).join('; ');
};

const settled = (expect: Extract<Expectation, { kind: 'settled' }>, reply: Reply): string | null => {
  if (reply.status !== 201 && !isReplay(reply)) return `expected settled, got ${got(reply)}`;
  const body = bodyOf(reply);
  const paid = body.accountPaid;
  const total = typeof paid === 'object' && paid !== null && 'total' in paid ? paid.total : '0.00'; // "none": no personal account.
  return differs(
    { ...body, accountPaid: total },
    { accountPaid: yuan(expect.accountPaidFen), cashPayment: yuan(expect.cashPaymentFen), balanceAfter: yuan(expect.balanceAfterFen) },
  );
};

const undone = (expect: Extract<Expectation, { kind: 'undone' }>, reply: Reply): string | null => {
  if (reply.status !== 201 && !isReplay(reply)) return `expected ${expect.as}, got ${got(reply)}`;
  const wanted = { kind: expect.as, amount: yuan(expect.amountFen), accountReturned: yuan(expect.accountReturnedFen) };
  return differs(bodyOf(reply), wanted);
};

const again = (first: Reply | undefined, reply: Reply): string | null => {
  if (!isReplay(reply)) return `expected the same answer again, got ${got(reply)}`;
  return first !== undefined && without(bodyOf(first)) === without(bodyOf(reply)) ? null : 'repeated with another answer';
};

/**
 * What is wrong with an answer, or null. `earlier`: the answers to the holder's steps before this one, in order.
 * An answer that is marked as a repeat although it is the first of this run is right as long as it says the same: an interrupted sample is
 * played again.
 */
export const judge = (expect: Expectation, reply: Reply, earlier: readonly (Reply | undefined)[]): string | null => {
  switch (expect.kind) {
    case 'done':
      return reply.status === 201 || reply.status === 200 ? null : `expected done, got ${got(reply)}`;
    case 'settled':
      return settled(expect, reply);
    case 'undone':
      return undone(expect, reply);
    case 'replayed':
      return again(earlier[expect.of], reply);
    case 'refused':
      return reply.status >= 400 && codeOf(reply) === expect.code ? null : `expected ${expect.code}, got ${got(reply)}`;
  }
};
