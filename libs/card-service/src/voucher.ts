import { businessDateOf, type Decider, type Decision, type Recorded } from '#libs/kernel';
import { type IssueVoucher, type VoucherFacts, voucherNumber } from './commands';
import type { VoucherIssued } from './events';
import type { CardServiceRefusal } from './refusals';
import { refuse } from './refuse';

export type VoucherRegisterState = { last: number };
type Outcome = Decision<VoucherIssued, CardServiceRefusal>;

/** Idempotency: by key, found by its claim: a year's register is not kept in mind. */
const answerAgain = (original: Recorded<VoucherIssued>, { data }: IssueVoucher): Outcome => {
  if (original.data.commandHash === data.commandHash) return { kind: 'replayed', original };
  const { outletCode, accountId, about, signer, relation, proxyCheck, holderCheck, checkWay } = original.data;
  const first = { outletCode, accountId, about, signer, relation, proxyCheck, holderCheck, checkWay };
  const differs = Object.entries(first).flatMap(([name, value]) =>
    JSON.stringify(value) === JSON.stringify(data[name as keyof typeof first]) ? [] : [name],
  );
  return refuse([{ code: 'card-service-key-used-with-other-content', firstAt: original.decidedAt, differs }]);
};

/**
 * The register of an outlet's vouchers of one year: the next number is the one after the last, so that none is left out and none given twice.
 * Source: I7 (业务凭证由办理人签字后留存备查).
 */
export const vouchers: Decider<IssueVoucher, VoucherIssued, VoucherRegisterState, CardServiceRefusal, VoucherFacts> = {
  decide: (command, { last }, { decidedAt, earlier, ofEvent }) => {
    if (earlier) return answerAgain(earlier, command);
    if (ofEvent) return refuse([{ code: 'voucher-issued-already', voucherNo: voucherNumber(ofEvent.data) }]);
    const { key, commandHash, outletCode, year, accountId, about, ...signed } = command.data;
    if (businessDateOf(decidedAt).slice(0, 4) !== String(year)) return refuse([{ code: 'voucher-of-another-year', year }]);
    const data = { key, commandHash, outletCode, year, number: last + 1, accountId, about, ...signed };
    return { kind: 'accepted', events: [{ type: 'VoucherIssued.v1', decidedAt, data }] };
  },
  due: () => [],
  evolve: (state, { data, revision }) => {
    if (data.number !== revision + 1)
      throw new Error(`voucher ${data.number} at revision ${revision}: a number is missing or stands twice`);
    state.last = data.number;
    return state;
  },
  initialState: () => ({ last: 0 }),
  isClosing: () => true, // Each carries the whole count.
};
