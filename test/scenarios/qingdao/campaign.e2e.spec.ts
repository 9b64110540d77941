import { done, refused, scenarios, settled } from '../../support/scenario';
import type { Card } from '../../support/scenario-city';

const OLD_MONEY = { currentYear: '20.00', priorYear: '30.00' };
let idle: readonly Card[] = [];
type Planned = Readonly<{ phases: readonly Readonly<{ all: Readonly<{ cards: number; sealed: string }> }>[] }>;
type Status = Readonly<{ stopped: number; sealed: { cards: number; amount: string }; moved: { cards: number; amount: string } }>;

scenarios(
  { city: 'qingdao', poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2017-03-15 09:00' },
  __filename,
  (scenario) => {
    scenario(
      'Q2 Q4',
      '停用前先出清单：4月1日要停三张，封存150元；清单只看不动',
      'the plan before the stop: three cards on 1 April, 150 yuan to be sealed; it only looks',
      async (city) => {
        const pharmacy = await city.institution();
        idle = await Promise.all(
          ['2015-04-01', '2014-01-01', 'never'].map(async (swiped) =>
            city.card(await city.holder(), 'labourSecurity', { swiped, ...OLD_MONEY }),
          ),
        );
        const busy = await city.card(await city.holder(), 'labourSecurity', { swiped: '2017-03-01', ...OLD_MONEY });
        const { plan } = (await city.campaign('qingdao-2017', 'plan?asOf=2017-04-01')) as { plan: Planned };
        expect(plan.phases[0]?.all).toMatchObject({ cards: 3, sealed: '150.00' });
        settled(await city.swipes(busy, pharmacy, '1.00'));
        settled(await city.swipes(await city.card(await city.holder(), 'labourSecurity', { swiped: '2015-03-01' }), pharmacy, '1.00'));
      },
    );

    scenario(
      'Q2 Q3 I4',
      '到日即停，刷卡不等任务；任务跑两遍只停一次，停用与封存同时记下',
      'a swipe is refused from that day on, whether the run has come to the card or not; the run stops each card once, and seals with it',
      async (city) => {
        const pharmacy = await city.institution();
        await city.itIs('2017-04-01 00:00');
        refused(await city.swipes(idle[0] as Card, pharmacy, '1.00'), 'card-stopped');
        expect(await city.campaign('qingdao-2017', 'run?dryRun=true')).toMatchObject({ state: 'done', stopped: 3 });
        expect(await city.campaign('qingdao-2017', 'run')).toMatchObject({ state: 'done', stopped: 3, sealed: 3 });
        expect(await city.campaign('qingdao-2017', 'run')).toMatchObject({ state: 'done', stopped: 0 });
        for (const card of idle) expect(await city.state(card)).toMatchObject({ state: 'stopped', sealed: true });
      },
    );

    scenario(
      'Q5 I4',
      '封存的钱随新卡转走：进度里一张已转、两张仍封存；谁、何时、多少，转账清单里都有',
      'sealed money moves with the new card: the status shows one moved and two still sealed; the list of transfers tells who, when and how much',
      async (city) => {
        const [card] = idle as readonly [Card];
        const fresh = await city.card(card.holder, 'socialSecurity2');
        done(await city.enables(fresh));
        const { status } = (await city.campaign('qingdao-2017', 'status')) as { status: readonly Status[] };
        expect(status[0]).toMatchObject({ stopped: 3, sealed: { amount: '100.00' }, moved: { amount: '50.00' } });
        const listed = await city.as('agency', 'GET', `/v1/card-transfers?accountId=${card.holder.accountId}`);
        expect(listed.text).toContain('50.00');
        expect(listed.text).toContain(fresh.cardId);
      },
    );
  },
);
