import { done, refused, settled } from '../support/scenario';
import { type Card, City, type Holder } from '../support/scenario-city';
import { type Fields, must, type Told } from '../support/scenario-engine';

const MONEY = { currentYear: '20.00', priorYear: '5.50' };

describe('what moved from old cards to the new one, of every person', () => {
  let city: City;
  let bank: string;
  const keyOf = async (right: string): Promise<string> => {
    const body = { organisation: `outlet-${right}`, rights: [right], institutionCodes: [], outletCodes: ['B0101'], note: '-' };
    return String(must(await city.log.local({ method: 'POST', path: '/admin/v1/keys', body })).key);
  };
  /** Once the read models have what the log holds. */
  const rowsOf = async ({ accountId }: Holder): Promise<readonly Fields[]> => {
    const last = (await city.log.log()).length - 1;
    for (;;) {
      const page = must(await city.as('agency', 'GET', `/v1/card-transfers?accountId=${accountId}`));
      if (Number(page.asOfLogIndex) >= last) return page.rows as readonly Fields[];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const act = (told: Told, type: string) => {
    const { stream, events } = told.body as { stream: string; events: { type: string; revision: number }[] };
    return { stream, revision: events.find((event) => event.type === type)?.revision ?? -1 };
  };
  const twoOldCards = async (): Promise<readonly [Holder, Card, Card]> => {
    const holder = await city.holder();
    const one = await city.card(holder, 'labourSecurity', { swiped: '2017-02-01', ...MONEY });
    const other = await city.card(holder, 'labourSecurity', { swiped: '2014-02-01', currentYear: '1.00' });
    return [holder, one, other];
  };

  beforeAll(async () => {
    city = await City.opened({ poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-04-02 09:00' });
    bank = await keyOf('bankOutlet');
  });
  afterAll(async () => {
    await city.close();
  });

  it('each old card is a row: which cards, what of each bucket, when, by which act, and the vouchers of that act', async () => {
    const [holder, one, other] = await twoOldCards();
    const formal = await city.card(holder, 'socialSecurity2');
    const enabled = await city.enables(formal, 'bankOutlet', { reference: 'COUNTER-7' });
    done(enabled);
    const about = act(enabled, 'CardEnabled.v1');
    const body = { reference: 'V1', outletCode: 'B0101', about, signedBy: { signer: 'holder' } };
    refused(await city.log.send({ method: 'POST', path: '/v1/vouchers', body, key: bank }), 'voucher-issued-already');
    const both = { accountId: holder.accountId, toCardId: formal.cardId, toKind: 'socialSecurity2', fromKind: 'labourSecurity' };
    const vouchers = [enabled.body.voucherNo]; // The counter's own, and no second one.
    const how = { cause: 'enablement', channel: 'bankOutlet', actKey: 'business-bankOutlet-COUNTER-7', vouchers };
    const rows = await rowsOf(holder);
    expect(rows).toHaveLength(2);
    expect(rows).toEqual([
      expect.objectContaining({
        ...both,
        ...how,
        fromCardId: one.cardId,
        wasSealed: false,
        currentYear: '20.00',
        priorYear: '5.50',
        amount: '25.50',
      }),
      expect.objectContaining({
        ...both,
        ...how,
        fromCardId: other.cardId,
        wasSealed: true,
        currentYear: '1.00',
        priorYear: '0.00',
        amount: '1.00',
      }),
    ]);
    expect(rows.map(({ decidedAt }) => decidedAt)).toEqual([enabled.body.decidedAt, enabled.body.decidedAt]);
  });

  it('an order of the agency is told by its own key, and has no voucher but its own', async () => {
    const [holder, one, other] = await twoOldCards();
    settled(await city.swipes(one, await city.institution(), '1.00'));
    const order = { reference: 'ORDER-1', fromCardId: other.cardId, toCardId: one.cardId };
    done(await city.as('agency', 'POST', `/v1/accounts/${holder.accountId}/transfers`, order));
    expect(await rowsOf(holder)).toEqual([
      expect.objectContaining({
        cause: 'agency',
        channel: null,
        actKey: 'business-agency-ORDER-1',
        vouchers: [],
        wasSealed: true,
        amount: '1.00',
      }),
    ]);
  });
});
