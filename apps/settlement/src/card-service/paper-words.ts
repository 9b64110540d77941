import type { Relation, Signer } from '#libs/card-service';

export type Lang = 'zh' | 'en';
export type Words = Readonly<Record<Lang, string>>;
export const words = (zh: string, en: string): Words => ({ zh, en });

/** What a voucher is about, by the event that it cites. */
const BUSINESS: Readonly<Record<string, Words>> = {
  'CardApplicationAccepted.v1': words('社会保障卡申领受理', 'Application for a card accepted'),
  'CardIssued.v1': words('社会保障卡发放', 'Card handed over'),
  'CardHandedOut.v1': words('社会保障卡转发本人', 'Card handed out by the unit'),
  'CardLinked.v1': words('社会保障卡关联', 'Working card linked'),
  'AccountOpened.v1': words('个人账户建立', 'Account opened'),
  'CardRegistered.v1': words('社会保障卡登记', 'Card registered'),
  'CardEnabled.v1': words('社会保障卡启用', 'Card enabled'),
  'CardStopped.v1': words('社会保障卡停用', 'Card stopped'),
  'CardCancelled.v1': words('社会保障卡注销', 'Card cancelled'),
  'TemporaryLossReported.v1': words('临时挂失', 'Temporary loss reported'),
  'FormalLossReported.v1': words('正式挂失', 'Formal loss reported'),
  'FormalLossLifted.v1': words('撤销正式挂失', 'Formal loss withdrawn'),
  'CardReturned.v1': words('领回被吞的卡', 'Retained card handed back'),
  'CardCollected.v1': words('旧卡回收', 'Card taken back'),
  'PinUnlocked.v1': words('社会保障密码解锁或重置', 'Social security PIN unlocked or reset'),
  'FinancialAreaReported.v1': words('金融账户状态登记', 'State of the financial area recorded'),
  'TransferDeferred.v1': words('余额待转', 'Balance to move later'),
  'TemporaryLossLifted.v1': words('解除挂失', 'Loss lifted'),
  'FinancialAreaLossReported.v1': words('金融区临时挂失', 'Temporary loss of the financial area reported'),
  'FinancialAreaLossLifted.v1': words('解除金融区挂失', 'Loss of the financial area lifted'),
  'BalanceTransferred.v1': words('余额划转', 'Balance transferred'),
};
export const businessOf = (type: string): Words => BUSINESS[type] ?? words('社会保障卡及个人账户业务', 'Card and account business');

const NOTICE_BUSINESS: Readonly<Record<string, Words>> = {
  cardApplication: words('社会保障卡申领', 'Application for a card'),
  lossReport: words('社会保障卡挂失', 'Report of a loss'),
  enablement: words('社会保障卡启用', 'Enablement of a card'),
  replacement: words('社会保障卡补领、换领', 'Replacement of a card'),
  cardPickUp: words('领卡', 'Fetching a card'),
  cardLink: words('社会保障卡关联', 'Linking a working card'),
  cardHandOut: words('单位转发社会保障卡', 'Handing out a card by the unit'),
  registration: words('社会保障卡登记', 'Registration of a card'),
  lossLifting: words('解除挂失', 'Lifting of a loss'),
  formalLoss: words('正式挂失', 'Formal loss'),
  formalLossLifting: words('撤销正式挂失', 'Withdrawal of a formal loss'),
  cardReturn: words('领回被吞的卡', 'Handing back a retained card'),
  pinUnlocking: words('社会保障密码解锁', 'Unlocking of the PIN'),
  pinReset: words('社会保障密码重置', 'Reset of the PIN'),
  collection: words('旧卡回收', 'Taking back a card'),
  cancellation: words('社会保障卡注销', 'Cancellation of a card'),
  transfer: words('余额划转', 'Transfer of the balance'),
  retention: words('吞卡登记', 'Retention of a card'),
  destruction: words('卡销毁', 'Destruction of a card'),
  stop: words('社会保障卡停用', 'Stop of a card'),
  seal: words('余额封存', 'Seal of the balance'),
  unseal: words('余额解封', 'Unsealing of the balance'),
  financialArea: words('金融账户激活', 'Activation of the financial area'),
};
export const noticeBusinessOf = (business: string): Words => NOTICE_BUSINESS[business] ?? words(business, business);

export const SIGNER_WORDS: Readonly<Record<Signer, Words>> = {
  holder: words('持卡人本人', 'the holder'),
  proxy: words('代办人', 'a proxy'),
  guardian: words('监护人', 'the guardian'),
};
export const RELATION_WORDS: Readonly<Record<Relation, Words>> = {
  spouse: words('配偶', 'spouse'),
  parent: words('父母', 'parent'),
  child: words('子女', 'child'),
  guardian: words('监护人', 'guardian'),
  otherRelative: words('其他亲属', 'other relative'),
  employer: words('用人单位', 'employer'),
  school: words('学校', 'school'),
  committee: words('村居', 'village or residents’ committee'),
};

/** `print`: 1 is the original; null: looked at by an auditor, no print. */
export const printMark = (print: number | null): Words => {
  if (print === null) return words('稽核查阅件，不作凭证', 'Copy for audit, no voucher');
  return print <= 1 ? words('正本', 'Original') : words(`重打第${print - 1}次`, `Reprint no. ${print - 1}`);
};

export const termWords = (term: Readonly<{ days: number; unit: 'workingDays' | 'calendarDays' }> | null): Words => {
  if (term === null) return words('以受理时告知的时限为准', 'As told when it is accepted');
  const { days, unit } = term;
  if (days === 0) return words('材料齐备后当场办结', 'At once, when everything is there');
  return unit === 'workingDays'
    ? words(`材料齐备并受理之日起${days}个工作日内`, `Within ${days} working days of acceptance, when everything is there`)
    : words(`材料齐备并受理之日起${days}日内`, `Within ${days} days of acceptance, when everything is there`);
};
