import type { Obstacle } from './words';

type Words = readonly [zh: string, en: string];
/** What to bring, and how to go about it. */
export type NoticeGuide = Readonly<{ materials: readonly Words[]; procedure: Words }>;

const IDENTITY: Words = ['居民身份证原件（未满16周岁可持户口簿）', 'the identity card itself (below 16 the household register)'];
const PHOTO: Words = ['符合制卡标准的证件照片', 'a photo to the standard for cards'];
const AT_THE_HALL: Words = [
  '本人持材料到办事大厅更正登记信息，更正后到任一受理网点重新申领',
  'Have the record corrected at the service hall in person, then apply again at any outlet',
];
const BY_PHOTO: Words = [
  '拍摄合格照片并报送受理网点或网上渠道，照片入库后重新申领',
  'Send a photo to standard to the outlet or online; apply again once it is on file',
];

const CARD: Words = ['社会保障卡', 'the card'];
const PROXYS: Words = ['代办人身份证原件及与持卡人关系证明', 'the identity card of who acts, and proof of the relation'];
const IN_PERSON: Words = ['持卡人本人持材料到网点或窗口办理', 'The holder comes to an outlet or window in person with these'];
const WITH_PROXY: Words = [
  '由直系亲属或监护人持双方证件和关系证明代办，或由本人办理；行动不便的可预约银行上门核验',
  'A direct relative or guardian comes with both identity cards and proof of the relation, or the holder; the bank comes home to who cannot',
];
const REPLACE: Words = [
  '在网点办理补领或换领，启用新卡后余额自动转入',
  'Apply for another card at an outlet; the balance moves when it is enabled',
];

/** Of reasons of the account for which something is to be brought, or that have a way of their own; of the others the remedy says all. */
const GUIDE_OF_CARDS: Readonly<Record<string, NoticeGuide>> = {
  'proxy-missing': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'proxy-not-accepted': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'guardian-of-an-adult': { materials: [IDENTITY, CARD], procedure: IN_PERSON },
  'proxy-for-financial-business': {
    materials: [IDENTITY, CARD],
    procedure: ['金融账户须由持卡人本人到发卡银行激活', 'The holder activates the financial account at the issuing bank in person'],
  },
  'holder-too-young-to-sign': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'representative-is-holder': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'representative-not-of-age': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'receiver-not-the-signer': { materials: [IDENTITY, PROXYS], procedure: WITH_PROXY },
  'pin-not-locked': { materials: [IDENTITY, CARD], procedure: IN_PERSON },
  'card-lost': { materials: [IDENTITY], procedure: REPLACE },
  'card-expired': { materials: [IDENTITY, CARD], procedure: REPLACE },
  'card-stopped': { materials: [IDENTITY, CARD], procedure: REPLACE },
  'card-retained': {
    materials: [IDENTITY],
    procedure: ['持身份证件到吞卡机具所属网点领回', 'Fetch the card with the identity document at the outlet of the machine'],
  },
  'channel-not-allowed': { materials: [IDENTITY, CARD], procedure: IN_PERSON },
};

/**
 * By reason. Source: X1: the first three are put right at the hall, the fourth by sending a photo; SX1 for holders
 * of other provinces; J8 for the others. A reason of another business has no row: its notice says the remedy of the catalogue.
 */
const GUIDE_OF_OBSTACLES: Readonly<Record<Obstacle, NoticeGuide>> = {
  'identity-document-wrong-or-missing': { materials: [IDENTITY], procedure: AT_THE_HALL },
  'identity-number-used-twice': {
    materials: [IDENTITY, ['公安机关出具的公民身份号码证明', 'a certificate of the identity number by the police']],
    procedure: AT_THE_HALL,
  },
  'data-differ-from-insurance-system': { materials: [IDENTITY], procedure: AT_THE_HALL },
  'out-of-province-papers-missing': {
    materials: [IDENTITY, ['居住证或参保所在地要求的证明', 'the residence permit, or the proof that the place of insurance asks for']],
    procedure: ['补齐材料后到原受理网点重新申领', 'Bring the papers to the outlet and apply again'],
  },
  'photo-missing': { materials: [PHOTO], procedure: BY_PHOTO },
  'photo-below-standard': { materials: [PHOTO], procedure: BY_PHOTO },
  'bank-account-not-opened': {
    materials: [IDENTITY],
    procedure: [
      '到发卡银行网点核实身份和开户信息，核实后重新申领',
      'Have identity and account details checked at the issuing bank, then apply again',
    ],
  },
  'card-issued-in-another-city': {
    materials: [IDENTITY, ['省内其他城市所发的社会保障卡', 'the card that another city of the province issued']],
    procedure: [
      '继续使用原卡；需在本市领卡的，先在原发卡地注销，再重新申领',
      'Go on using that card; who wants one here cancels it where it was issued, then applies again',
    ],
  },
  'working-card-exists': {
    materials: [IDENTITY, ['现有社会保障卡', 'the card that works']],
    procedure: ['持现有社会保障卡到受理网点办理关联，不再制发新卡', 'Have that card linked at an outlet; no new one is made'],
  },
  'issued-card-not-enabled': {
    materials: [IDENTITY, ['已领取的社会保障卡', 'the card that was handed over']],
    procedure: [
      '到网点、窗口或拨打服务热线启用该卡，不再制发新卡；已遗失或损坏的，由经办机构注销后重新申领',
      'Have that card enabled at an outlet, a window or by the hotline; where it is lost or damaged the agency cancels it, then apply again',
    ],
  },
  'left-employer': {
    materials: [IDENTITY],
    procedure: ['由现单位批量申领，或本人到受理网点申领', 'The present employer applies in a batch, or the holder at an outlet'],
  },
  'number-or-name-changed': {
    materials: [IDENTITY, ['户口簿或变更证明', 'the household register or a certificate of the change']],
    procedure: [
      '先到参保地办事大厅变更参保登记，再到受理网点重新申领',
      'Have the insurance record changed at the service hall first, then apply again at an outlet',
    ],
  },
};

export const NOTICE_GUIDE: Readonly<Record<string, NoticeGuide>> & Readonly<Record<Obstacle, NoticeGuide>> = {
  ...GUIDE_OF_CARDS,
  ...GUIDE_OF_OBSTACLES,
};
