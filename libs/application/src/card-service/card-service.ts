import { cardServiceTermsAt, policyPackStream } from '#libs/policy';
import type { AccountRunner } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import type { Accounts, CardService, Catalogue } from '../engine';
import type { EventReader } from '../event-store.port';
import type { PackStreams, Policies } from '../registers/policy-packs';
import type { StreamParts } from '../streams/command-runner';
import { orUnavailable } from '../unavailable';
import type { Vault } from '../vault.port';
import { applicationRunner } from './application-runner';
import { applicationsOf } from './applications';
import { atCounterOf } from './at-counter';
import { Counter, type CounterParts } from './counter';
import { disposalOf } from './disposal';
import { inquiryOf } from './inquiry';
import { voucherKeyOf } from './keys-of-papers';
import { noticesOf } from './notices';
import { paperRunner } from './papers';
import { voucherRegister, vouchersOf } from './vouchers';

export type CardServiceParts = Readonly<{
  streams: StreamParts;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  accounts: AccountRunner;
  accountDoor: Pick<Accounts, 'view' | 'registerCard' | 'askForCard' | 'person' | 'handleCard'>;
  packs: PackStreams;
  catalogue: Catalogue;
  policiesOf: Policies['inForceBy'];
}>;

/** Card business that is not money, put together. */
export const cardServiceOf = ({ streams, packs, catalogue, accountDoor, policiesOf, ...shared }: CardServiceParts): CardService => {
  const { time } = streams;
  const secret = shared.vault.commandHashSecret();
  const papers = paperRunner(streams);
  const termsAt = async (area: string, at: string) =>
    area === '' ? null : cardServiceTermsAt((await packs.runner.load(policyPackStream(area))).state, at);
  const termsNow = (area: string) => termsAt(area, new Date(time.nowMs()).toISOString());
  const vouchers = vouchersOf({ register: voucherRegister(streams), papers, reader: shared.reader, secret, time });
  const notices = noticesOf({ papers, catalogue, secret, termsNow });
  const { give: _give, ...noticeDoor } = notices;
  const { issue: _issue, issueAsked, numberUnder: _numberUnder, ...voucherDoor } = vouchers;
  const { nowMs } = time;
  const proxiesAt = async (area: string, at: string) => (await policiesOf(area, at)).policies.at(-1)?.proxies?.relations ?? null;
  const purpose = 'who may sign for a card';
  const holderOf: CounterParts['holderOf'] = (accountId, { actor: { principal } }) => accountDoor.person(accountId, { principal, purpose });
  const counter = new Counter({ ...shared, holderOf, vouchers, notices, catalogue, secret, nowMs, termsAt, proxiesAt });
  const issueVoucher: CardService['issueVoucher'] = (order, tracing) => {
    const signed = ({ isFinancial, ...asked }: Parameters<Parameters<typeof issueAsked>[1]>[0]) =>
      counter.signing({ ...asked, errand: isFinancial ? 'financial' : 'nonFinancial', poolingArea: null }, tracing);
    return orUnavailable(issueAsked(order, signed, tracing));
  };
  const applicationStreams = applicationRunner(streams);
  const applications = applicationsOf({
    ...shared,
    applications: applicationStreams,
    views: accountDoor,
    registerCard: accountDoor.registerCard,
    askForCard: accountDoor.askForCard,
    termsAt,
    vouchers,
    counter,
    secret,
    nowMs,
  });
  const inquire = inquiryOf({ ...shared, accountDoor, application: applications.application });
  const dispose = disposalOf({ ...shared, accountDoor });
  const issueOwed: CardService['issueOwed'] = async ({ actKey, accountId, outletCode, about, signedBy }, tracing) => {
    const application = accountId === '' ? (await applicationStreams.load(about.stream)).state.accepted : null;
    const wanted = { key: voucherKeyOf(actKey), outletCode, accountId: application?.accountId ?? accountId, about, signedBy };
    return vouchers.issue(wanted, tracing);
  };
  return { ...applications, ...voucherDoor, ...noticeDoor, issueVoucher, atCounter: atCounterOf(counter), issueOwed, inquire, dispose };
};
