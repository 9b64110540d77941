import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountPolicy, type MedicalAccountEvent, medicalAccount } from '#libs/medical-account';
import { begun, credited, facts, institution, oldCard, opened, registered, swipe, T0 } from '../../../test/support/account-fixture';
import { recordedFrom } from '../../../test/support/decider-spec';
import { accountPolicyOf, type PolicyPackEvent, parsePack, policyPack, proposalOf, publishedPolicies } from './index';

const PACKS = join(__dirname, '../packs');
const read = (city: string) => {
  const parsed = parsePack(readFileSync(join(PACKS, `${city}.yaml`), 'utf8'), `${city}.yaml`);
  if (parsed.kind === 'faults') throw new Error(JSON.stringify(parsed.faults));
  return parsed;
};
const CITIES = readdirSync(PACKS).map((file) => file.replace('.yaml', ''));
const policyOf = (city: string): AccountPolicy => {
  const { pack, hash } = read(city);
  return accountPolicyOf(pack, hash);
};

/** What a command leads to in a city, in the words of the log. */
const decide = (city: string, history: readonly MedicalAccountEvent[], command: Parameters<typeof medicalAccount.decide>[0]) => {
  const state = recordedFrom(0, 'medicalAccount-A1')(history).reduce(medicalAccount.evolve, medicalAccount.initialState());
  const decision = medicalAccount.decide(
    command,
    state,
    facts({ policies: [policyOf(city)], institution: institution({ poolingArea: '370200' }) }),
  );
  return decision.kind === 'accepted'
    ? decision.events.map(({ type }) => type)
    : decision.kind === 'refused'
      ? decision.refusals.map(({ code }) => code)
      : [];
};
const enable = (channel: 'bankOutlet' | 'hotline' | 'centre' | 'batch') =>
  ({
    type: 'EnableCard',
    data: { key: 'k', commandHash: 'h', cardId: 'K2', channel, financialAreaActivated: false, proxy: null },
  }) as const;
const fresh = registered('K2', { state: 'registered' });
const old = [opened, oldCard('K1', { kind: 'medicalInsurance' }), credited('K1', 3000, 2000), fresh];
const REPLACED = ['CardEnabled.v1', 'CardCancelled.v1', 'BalanceTransferred.v1'];

describe('the packs of the cities', () => {
  it('are these', () => expect(CITIES.sort()).toEqual(['jinan', 'nanyang', 'ningbo', 'qingdao', 'shanghai', 'shanxi', 'xuzhou']));
  it.each(CITIES)('%s: proposed by one and approved by another, it decides', (city) => {
    const { pack, hash } = read(city);
    const proposal = proposalOf(pack, hash, 'ann').data;
    const { document: _document, ...version } = proposal;
    const events: PolicyPackEvent[] = [
      { type: 'PackProposed.v1', decidedAt: T0, data: JSON.parse(JSON.stringify(proposal)) as typeof proposal },
      { type: 'PackPublished.v1', decidedAt: T0, data: { ...version, approvedBy: 'ben' } },
    ];
    const state = recordedFrom(0)<PolicyPackEvent>(events).reduce(policyPack.evolve, policyPack.initialState());
    const [policy] = publishedPolicies(state);
    expect(policy).toEqual(policyOf(city));
    expect(policy?.pin).toEqual({ wrongMax: 6, counting: 'consecutive' });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy); // Facts are recorded as JSON.
  });
  it('each is another pooling area', () => {
    expect(CITIES.map((city) => policyOf(city).poolingArea)).toEqual([
      '370100',
      '411300',
      '330200',
      '370200',
      '310000',
      '141100',
      '320300',
    ]);
  });
});

describe('the main rule of each city', () => {
  it('Shanghai S3, S4: opened by telephone, centre or bank, and the old card is void at once; never by an employer', () => {
    for (const channel of ['hotline', 'centre', 'bankOutlet'] as const) expect(decide('shanghai', old, enable(channel))).toEqual(REPLACED);
    expect(decide('shanghai', old, enable('batch'))).toEqual(['channel-not-allowed']);
  });
  it('Shanghai S4, Qingdao Q5: the financial function opens the social security function with it; in Jinan (J2) it does not', () => {
    const report = { type: 'ReportFinancialArea', data: { key: 'k', commandHash: 'h', cardId: 'K2', active: true } } as const;
    expect(decide('shanghai', old, report)).toEqual(['FinancialAreaReported.v1', ...REPLACED]);
    expect(decide('jinan', old, report)).toEqual(['FinancialAreaReported.v1']);
    expect(decide('nanyang', old, report)).toEqual(['financial-area-not-kept']);
    expect(policyOf('qingdao').financialArea).toEqual({ opensSocialSecurityArea: true });
  });
  it('Shanghai S6: a reader of old cards refuses a new one and tells which card to bring', () => {
    const { cardKinds } = policyOf('shanghai');
    expect(cardKinds.medicalInsurance?.media.some((medium) => cardKinds.socialSecurity3?.media.includes(medium))).toBe(false);
  });
  it('Shanghai: the year rolls over on 1 July', () => expect(policyOf('shanghai').rollover).toEqual({ month: 7, day: 1 }));
  it('Ningbo N1: this year’s money is spent before that of earlier years', () => {
    expect(policyOf('ningbo').drawOrder).toEqual(['currentYear', 'priorYear']);
    expect(decide('ningbo', old, enable('bankOutlet'))).toEqual(REPLACED);
  });
  it('Nanyang NY1: the old medical card works on beside the new one, both on one balance', () => {
    const both = ['CardEnabled.v1', 'BalanceTransferred.v1', 'SubAccountShared.v1'];
    expect(decide('nanyang', old, enable('bankOutlet'))).toEqual(both);
  });
  it('Nanyang NY3: village clinics settle visits', () => {
    expect(policyOf('nanyang').medicalCategories.outpatient.institutionKinds).toContain('villageClinic');
  });
  it('Xuzhou X1, Shanxi SX1: terms of an application', () => {
    expect(read('xuzhou').pack.cardService?.firstIssue).toEqual({ days: 30, unit: 'workingDays' });
    expect(read('shanxi').pack.cardService).toMatchObject({ firstIssue: { days: 30, unit: 'workingDays' }, source: { rule: 'SX1' } });
    expect(decide('xuzhou', old, enable('bankOutlet'))).toEqual(REPLACED);
  });
  it('Lüliang LL1: cash points of a village are no place to enable; employers enable in batches', () => {
    expect(policyOf('shanxi').enablement.channels).toEqual(['bankOutlet', 'batch']);
    expect(decide('shanxi', old, enable('batch'))).toEqual(REPLACED);
  });
  it('Jinan J1: the first swipe enables; everywhere else the card has to be enabled before', () => {
    const shown = [...begun, fresh];
    for (const city of CITIES)
      expect(decide(city, shown, swipe({ cardId: 'K2', terminalCode: 'T1' }))[0]).toBe(
        city === 'jinan' ? 'CardEnabled.v1' : 'card-not-enabled',
      );
  });
  it('Qingdao Q7: long-term for a rare or long name, else until the formal card; some days nowhere', () => {
    expect(policyOf('qingdao').temporaryCards).toEqual({ rareOrLongName: null, urgent: null, dataMismatch: null });
  });
});
