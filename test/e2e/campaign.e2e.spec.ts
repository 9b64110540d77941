import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { envelopeOf } from '#libs/application';
import { identityNumberFor } from '#libs/kernel';
import { adminAddress, type Ended, engineClient, type PhaseStatus, type Plan, readLines } from '../../apps/cli/src/campaigns';
import { done, refused, settled } from '../support/scenario';
import { type Card, City, type Holder } from '../support/scenario-city';
import { expectSoundLog, must } from '../support/scenario-engine';

const YIKA = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
const TWENTY = { currentYear: '20.00' };

type Said = Readonly<{ code: number | null; out: string; err: string }>;
/** The command itself, beside the engine that this process runs. */
const yika = (city: City, ...words: string[]): Promise<Said> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [YIKA, '--data', city.log.folder, '--operator', 'li', ...words]);
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    child.once('close', (code) => resolve({ code, out, err }));
  });

/** What the command asks the engine; `cutAfter`: Ctrl-C once so many accounts are done. */
const asked = async (city: City, method: 'GET' | 'POST', more: string, cutAfter = Number.POSITIVE_INFINITY): Promise<Ended | undefined> => {
  const admin = engineClient(adminAddress(city.log.folder) ?? { origin: '' });
  const control = new AbortController();
  try {
    const onLine = (line: Readonly<{ state?: string; accounts?: number }>) => {
      if (line.state === 'running' && (line.accounts ?? 0) >= cutAfter) control.abort();
    };
    return await readLines(admin, { method, operator: 'li', path: `/admin/v1/campaigns/${more}` }, { signal: control.signal, onLine });
  } finally {
    await admin.close();
  }
};
const planOf = async (city: City, more = ''): Promise<Plan> => (await asked(city, 'GET', `qingdao-2017/plan${more}`))?.plan as Plan;
const statusOf = async (city: City): Promise<readonly PhaseStatus[]> => (await asked(city, 'GET', 'qingdao-2017/status'))?.status ?? [];
const runs = (city: City, more = '') => asked(city, 'POST', `qingdao-2017/run${more}`);
const inPhase = (phases: readonly PhaseStatus[], name: string) => {
  const { phase: _, ...found } = phases.find(({ phase }) => phase.phase === name) as PhaseStatus;
  return found;
};
/** Events of a holder's account with their place in the append that they came with. */
const appendsOf = async (city: City, { accountId }: Holder) =>
  (await city.log.log())
    .filter(({ stream }) => stream.endsWith(accountId))
    .map((event) => ({ type: event.type, ...envelopeOf(event).meta.append, revision: event.revision }));

describe('the campaign of Qingdao, 2017', () => {
  let city: City;
  const old = async (swiped: string, kind = 'labourSecurity', holder?: Holder): Promise<Card> =>
    city.card(holder ?? (await city.holder({ insurance: kind === 'residentMedical' ? 'resident' : 'employee' })), kind, {
      swiped,
      ...(kind === 'residentMedical' ? {} : TWENTY),
    });
  /** An account that the agency of a district has opened. */
  const holderOf = async (district: string): Promise<Holder> => {
    const identityNumber = identityNumberFor(district, '1985-05-05', '101');
    const person = { identityKind: '01', identityNumber, name: '李四' };
    const body = { reference: 'open-district', poolingArea: '370200', district, insuranceType: 'employee', person };
    const { id } = must(await city.as('agency', 'POST', '/v1/accounts', body));
    return { accountId: String(id), identityNumber, name: person.name, area: '370200', insurance: 'employee' };
  };
  let exactly: Card;
  let dayLater: Card;
  let never: Card;
  let second: Card;
  let resident: Card;
  const listed = path.join(mkdtempSync(path.join(tmpdir(), 'yika-list-')), 'list.csv');

  beforeAll(async () => {
    const packs = ['libs/policy/packs/qingdao.yaml'];
    city = await City.opened({ poolingArea: '370200', packs, begins: '2017-03-01 09:00' });
    const holder = await city.holder();
    exactly = await old('2015-04-01', 'labourSecurity', holder);
    second = await old('2014-12-31', 'labourSecurity', holder);
    dayLater = await old('2015-04-02');
    never = await old('never', 'labourSecurity', await holderOf('370203'));
    resident = await old('2012-06-01', 'residentMedical');
    await city.card(await city.holder(), 'socialSecurity2', { swiped: '2010-01-01' });
  });
  afterAll(async () => {
    await city.close();
    rmSync(path.dirname(listed), { recursive: true, force: true });
  });

  it('its plan says who stops by a day, and why; a day less than two years ago is not two years', async () => {
    const plan = await planOf(city, '?asOf=2017-04-01&list=true');
    expect(plan).toMatchObject({ asOf: '2017-04-01', accounts: 2, looked: 5, noKnownSwipe: 1 });
    expect(plan.phases.map(({ phase, all }) => [phase.phase, all])).toEqual([
      ['inactiveTwoYears', { cards: 3, seals: 3, sealed: '60.00', moves: 0, moved: '0.00', noKnownSwipe: 1 }],
    ]);
    expect(plan.phases[0]?.groups.map(({ district, kind, cards }) => [district, kind, cards])).toEqual([
      ['370203', 'labourSecurity', 1],
      [null, 'labourSecurity', 2],
    ]);
    expect((await planOf(city, '?asOf=2017-03-31')).phases).toEqual([]);
  });

  it('its list names every card once, with the reason, as a table', async () => {
    const { code, out } = await yika(city, 'campaign', 'plan', 'qingdao-2017', '--as-of', '2017-12-31', '--list', listed);
    expect(out).toContain('resident medical card');
    expect(code).toBe(0);
    const [head, ...rows] = readFileSync(listed, 'utf8').trimEnd().split('\n');
    expect(head).toBe('phase,on,accountId,cardId,district,kind,state,registeredOn,lastSwipedOn,reason,seals,moves,amount');
    const saidOf = ({ cardId }: Card) =>
      rows.filter((row) => row.includes(cardId)).map((row) => [row.split(',')[0], ...row.split(',').slice(-5)]);
    expect(rows).toHaveLength(5);
    expect(saidOf(exactly)).toEqual([['inactiveTwoYears', '2015-04-01', 'inactive', 'true', 'false', '20.00']]);
    expect(saidOf(never)).toEqual([['inactiveTwoYears', '', 'noKnownSwipe', 'true', 'false', '20.00']]);
    expect(saidOf(dayLater)).toEqual([['inactiveOneYear', '2015-04-02', 'inactive', 'true', 'false', '20.00']]);
    expect(saidOf(resident)).toEqual([['allOldCards', '2012-06-01', 'kindEnds', 'false', 'false', '0.00']]);
  });

  it('a run before the first phase begins finds nothing to do', async () => {
    expect(await runs(city)).toMatchObject({ state: 'done', accounts: 0, stopped: 0, left: 0 });
  });

  it('a swipe is decided by the pack from midnight on, though the run has not come to its card; a dry run writes nothing', async () => {
    const pharmacy = await city.institution();
    await city.itIs('2017-03-31 23:59:59');
    settled(await city.swipes(exactly, pharmacy, '1.00')); // Swiped again: two years begin anew.
    await city.itIs('2017-04-01 00:00');
    refused(await city.swipes(second, pharmacy, '1.00'), 'card-stopped');
    settled(await city.swipes(dayLater, pharmacy, '1.00'));
    const before = await city.log.log();
    expect(await runs(city, '?dryRun=true')).toMatchObject({ dryRun: true, accounts: 2, stopped: 2, sealed: 2, left: null });
    expect(await city.log.log()).toHaveLength(before.length);
    expect(inPhase(await statusOf(city), 'inactiveTwoYears')).toEqual({
      begun: true,
      stopped: 0,
      sealed: { cards: 0, amount: '0.00' },
      moved: { cards: 0, amount: '0.00' },
      toCome: { cards: 2, amount: '40.00' },
    });
  });

  it('a run stops and seals each card in one append; the other card of the holder goes on; a second run changes nothing', async () => {
    const { code, out } = await yika(city, '--json', 'campaign', 'run', 'qingdao-2017');
    expect(JSON.parse(out)).toMatchObject({ state: 'done', accounts: 2, stopped: 2, sealed: 2, nothingDue: 0, notDone: 0, left: 0 });
    expect(code).toBe(0);
    const stops = (await appendsOf(city, second.holder)).filter(({ type }) => ['CardStopped.v1', 'SubAccountSealed.v1'].includes(type));
    expect(stops).toEqual([
      expect.objectContaining({ type: 'CardStopped.v1', index: 0, count: 2 }),
      expect.objectContaining({ type: 'SubAccountSealed.v1', index: 1, count: 2 }),
    ]);
    expect(await city.state(second)).toMatchObject({ state: 'stopped', stateSince: '2017-03-31T16:00:00.000Z', sealed: true });
    expect(await city.state(exactly)).toMatchObject({ state: 'inUse', sealed: false });
    const events = (await city.log.log()).length;
    expect(await runs(city)).toMatchObject({ state: 'done', accounts: 0, stopped: 0, left: 0 });
    expect(await city.log.log()).toHaveLength(events);
  });

  it('what has moved to a new card since is told, and what is still to come, as cards stand now', async () => {
    const successor = await city.card(never.holder, 'socialSecurity2');
    done(await city.enables(successor));
    const phases = await statusOf(city);
    expect(inPhase(phases, 'inactiveTwoYears')).toEqual({
      begun: true,
      stopped: 2,
      sealed: { cards: 1, amount: '20.00' },
      moved: { cards: 1, amount: '20.00' },
      toCome: { cards: 0, amount: '0.00' },
    });
    expect(inPhase(phases, 'inactiveOneYear')).toMatchObject({ begun: false, stopped: 0, toCome: { cards: 0 } });
    expect(inPhase(phases, 'allOldCards')).toMatchObject({ begun: false, toCome: { cards: 3, amount: '38.00' } });
    const { code, out } = await yika(city, 'campaign', 'status', 'qingdao-2017');
    expect(out).toMatch(/inactiveTwoYears +2017-04-01 +2 +1 +20\.00 +1 +20\.00 +0 +0\.00/);
    expect(code).toBe(0);
  });

  it('a run that comes after two phases stops each card by its own, with the instant at which that began', async () => {
    const late = await old('2016-10-01'); // By now one year, to the day.
    const later = await old('2016-10-02');
    await city.itIs('2017-12-31 08:30');
    expect(await runs(city)).toMatchObject({
      stopped: 5,
      sealed: 4,
      left: 0,
      phases: { inactiveOneYear: { stopped: 1 }, allOldCards: { stopped: 4 } },
    });
    expect(await city.state(late)).toMatchObject({ stateSince: '2017-09-30T16:00:00.000Z', sealed: true });
    expect(await city.state(later)).toMatchObject({ stateSince: '2017-12-30T16:00:00.000Z', sealed: true });
    expect(await city.state(resident)).toMatchObject({ state: 'stopped', sealed: false });
  });

  it('a run that was cut off goes on when it is given again, and stops every card once', async () => {
    const many: Holder[] = [];
    for (let n = 0; n < 130; n++) {
      const holder = await city.holder();
      await old('2017-12-01', 'labourSecurity', holder);
      many.push(holder);
    }
    expect(await asked(city, 'POST', 'qingdao-2017/run', 1)).toBeUndefined();
    const again = await runs(city);
    expect(again).toMatchObject({ state: 'done', notDone: 0, left: 0 });
    const stops = (await city.log.log()).filter(
      ({ type, stream }) => type === 'CardStopped.v1' && many.some(({ accountId }) => stream.endsWith(accountId)),
    );
    expect(stops).toHaveLength(many.length);
    expect((await statusOf(city)).map(({ stopped, toCome }) => [stopped, toCome.cards])).toEqual([
      [2, 0],
      [1, 0],
      [4 + many.length, 0],
    ]);
  });

  it('a later notice moves what has not begun, under the name of its year', async () => {
    const yaml = readFileSync(path.resolve(__dirname, '../../libs/policy/packs/qingdao.yaml'), 'utf8')
      .replace('packId: qingdao@1', 'packId: qingdao@2')
      .replace('effectiveFrom: 2015-01-01', 'effectiveFrom: 2018-02-01')
      .replace('on: 2017-12-31', 'on: 2018-03-31');
    await city.publishes(yaml);
    const { out } = await yika(city, '--json', 'campaign', 'list');
    const names = (JSON.parse(out) as { campaigns: { campaignId: string; phases: { phase: string; packId: string }[] }[] }).campaigns;
    expect(names.map(({ campaignId, phases }) => [campaignId, phases.map(({ phase, packId }) => `${phase} ${packId}`)])).toEqual([
      ['qingdao-2017', ['inactiveTwoYears qingdao@1', 'inactiveOneYear qingdao@1', 'allOldCards qingdao@1']],
      ['qingdao-2018', ['allOldCards qingdao@2']],
    ]);
  });

  it('a name that no campaign has is refused with those that there are; a date that does not exist is given wrongly', async () => {
    const unknown = await yika(city, 'campaign', 'plan', 'qingdao-1999');
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('qingdao-2017');
    expect((await yika(city, 'campaign', 'plan', 'qingdao-2017', '--as-of', '2017-02-29')).code).toBe(2);
  });

  it('the log is sound, and every decision in it comes out the same again', async () => {
    await expectSoundLog(city.log);
  });
});

describe('a plan of cards whose interest is due and not booked', () => {
  let city: City;
  beforeAll(async () => {
    city = await City.opened({ poolingArea: '370200', packs: ['libs/policy/packs/qingdao.yaml'], begins: '2015-06-01 09:00' });
  });
  afterAll(() => city.close());

  it('says to the fen what GET says at that instant, and what the run then seals; the status says that it has the booked amount', async () => {
    const holder = await city.holder();
    const card = await city.card(holder, 'labourSecurity', { swiped: '2015-03-31', currentYear: '5000.00' });
    await city.itIs('2017-04-01 09:00'); // Two years have ended that nobody has recorded.
    const plan = await planOf(city);
    const sealed = (await city.money(card)).total;
    expect(sealed).not.toBe('5000.00');
    expect(plan.phases[0]?.all).toEqual({ cards: 1, seals: 1, sealed, moves: 0, moved: '0.00', noKnownSwipe: 0 });
    expect(inPhase(await statusOf(city), 'inactiveTwoYears').toCome).toEqual({ cards: 1, amount: '5000.00' });
    expect((await yika(city, 'campaign', 'status', 'qingdao-2017')).out).toContain('before interest due');
    expect((await planOf(city, '?asOf=2018-01-01')).phases[0]?.all.sealed).not.toBe(sealed); // A third year has ended by then.
    await runs(city);
    expect(inPhase(await statusOf(city), 'inactiveTwoYears').sealed).toEqual({ cards: 1, amount: sealed });
  });
});
