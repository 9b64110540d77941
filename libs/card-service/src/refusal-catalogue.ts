import type { RefusalRow } from '#libs/kernel';
import type { CardServiceRefusalCode } from './refusals';

type Words = readonly [zh: string, en: string];
const row = (family: RefusalRow['family'], message: Words, remedy: Words): RefusalRow => ({
  family,
  messageZh: message[0],
  messageEn: message[1],
  remedyZh: remedy[0],
  remedyEn: remedy[1],
});
const AT_THE_HALL: Words = [
  '本人持有效身份证件原件到办事大厅更正后再申领',
  'Correct it in person at the service hall with the original document, then apply again',
];

/** The order of the rows is the order of precedence. A code without a row does not compile. Source: X1, J5, J8, I7. */
export const CARD_SERVICE_REFUSALS = {
  'card-application-unknown': row(
    'absent',
    ['没有这个申请编号，或不是本单位受理的', 'There is no application of this number, or it is not one of yours'],
    ['核对业务凭证上的申请编号', 'Check the application number on the voucher'],
  ),
  'voucher-unknown': row(
    'absent',
    ['没有这个业务凭证号，或不是本网点的', 'There is no voucher of this number, or it is not one of yours'],
    ['核对网点、年度和序号', 'Check outlet, year and number'],
  ),
  'voucher-about-nothing': row(
    'absent',
    ['没有这笔已办成的卡业务，或不是本网点办的', 'There is no such card business, or another counter did it'],
    ['按办理时的答复核对业务所在的流和版本', 'Check stream and revision in the answer to the act'],
  ),
  'notice-unknown': row(
    'absent',
    ['没有这份一次性告知单，或不是本网点的', 'There is no such one-time notice, or it is not one of yours'],
    ['核对告知单编号', 'Check the number of the notice'],
  ),
  'card-service-key-used-with-other-content': row(
    'key',
    ['该业务号已用于其他内容', 'This reference was used for other content before'],
    ['核对 differs 所列各项；新业务请换用新的业务号', 'Look at what `differs`; give a new act a reference of its own'],
  ),
  'application-reason-does-not-fit': row(
    'form',
    ['办理原因与业务种类不符', 'The reason does not fit the kind of application'],
    ['从 reasons 所列原因中选填', 'Give one of the reasons listed; none where the list is empty'],
  ),
  'unit-without-its-application': row(
    'form',
    ['填了单位编号，但不是单位申领', 'A unit is named, and it is not a unit that applies'],
    [
      '单位申领的 applicant 填 employer、school 或 committee；个人申领的不填 unitCode',
      'Let `applicant` be employer, school or committee; leave `unitCode` out where the holder applies',
    ],
  ),
  'failure-without-reason': row(
    'form',
    ['未填不能制发的原因', 'A failure gives no reason'],
    ['填写全部适用的原因', 'Name every reason that applies'],
  ),
  'notice-without-reason': row('form', ['告知单未列原因', 'A notice gives no reason'], ['填写全部原因', 'Name every reason']),
  'notice-reason-without-words': row(
    'form',
    ['原因代码不在目录中', 'A reason is not in the catalogue'],
    ['使用 /problems 所列的原因代码', 'Use a code that /problems lists'],
  ),
  'identity-document-wrong-or-missing': row('barred', ['身份证件有误或缺失', 'The identity document is wrong or missing'], AT_THE_HALL),
  'identity-number-used-twice': row(
    'barred',
    ['身份证号重号且信息不一致', 'The identity number is in use twice with different data'],
    AT_THE_HALL,
  ),
  'holder-not-insured-here': row(
    'barred',
    ['参保库中没有此人', 'Nobody of this identity is insured here'],
    ['核对证件；确未参保的先办理参保登记', 'Check the document; who is not insured registers first'],
  ),
  'data-differ-from-insurance-system': row(
    'barred',
    ['申领信息与参保系统不一致', 'The data differ from those of the insurance system'],
    AT_THE_HALL,
  ),
  'photo-missing': row(
    'barred',
    ['没有照片', 'There is no photo'],
    ['按标准拍摄并报送照片', 'Have a photo to standard taken and send it in'],
  ),
  'out-of-province-papers-missing': row(
    'barred',
    ['外省户籍人员缺少补充材料', 'Papers are missing that holders registered in another province bring'],
    ['按告知单补齐材料后重新申领', 'Bring what the notice lists, then apply again'],
  ),
  'bank-account-not-opened': row(
    'barred',
    ['银行未能开立账户（身份核查或信息有误）', 'The bank could not open the account (identity check or data)'],
    ['持身份证件到发卡银行核实更正', 'Have it checked and corrected at the issuing bank, with the identity document'],
  ),
  'card-issued-in-another-city': row(
    'barred',
    ['已在省内其他城市发卡', 'A card was issued in another city of the province'],
    ['先在原发卡地注销，或继续使用原卡', 'Cancel it where it was issued, or go on using it'],
  ),
  'working-card-exists': row(
    'barred',
    ['已有可正常使用的社会保障卡', 'There is a social security card that works'],
    ['将该卡关联到本账户使用，不再制发新卡', 'Link that card to this account; no new one is made'],
  ),
  'issued-card-not-enabled': row(
    'barred',
    ['已有已发放、尚未启用的卡', 'A card was handed over already and waits to be enabled'],
    ['启用该卡；已遗失或损坏的由经办机构先注销', 'Enable that card; where it is lost or damaged, have the agency cancel it first'],
  ),
  'left-employer': row(
    'barred',
    ['已从申领单位离职', 'The holder has left the employer that applied'],
    ['由现单位或本人重新申领', 'The present employer or the holder applies anew'],
  ),
  'photo-below-standard': row(
    'barred',
    ['照片不符合标准', 'The photo is not to standard'],
    ['按标准重新拍摄并报送照片', 'Have a photo to standard taken and send it in'],
  ),
  'number-or-name-changed': row(
    'barred',
    ['身份证号或姓名已变更', 'The identity number or the name has changed'],
    ['先变更参保信息，再重新申领', 'Have the insurance record changed first, then apply anew'],
  ),
  'application-of-another-kind': row(
    'barred',
    ['该卡须按另一业务种类办理', 'For this card another kind of application is made'],
    ['按 wanted 所示种类申领：挂失的先正式挂失再补领', 'Apply for what `wanted` says; a lost card is formally reported first'],
  ),
  'application-without-card-to-replace': row(
    'barred',
    ['未填需补换的卡', 'The card to be replaced is not named'],
    ['填写需补领或换领的卡', 'Name the card that is lost or exchanged'],
  ),
  'card-to-replace-unknown': row(
    'barred',
    ['该账户没有这张卡', 'The account has no such card'],
    ['核对卡；无卡的办理首次申领', 'Check the card; who has none applies for a first one'],
  ),
  'old-card-not-reissued': row(
    'barred',
    ['旧卡不再补发', 'An old card is not issued again'],
    ['办理首次申领，领取新社会保障卡', 'Apply for a first issue of the new card'],
  ),
  'loss-not-reported': row(
    'barred',
    ['该卡仍可使用，未挂失', 'The card still works; its loss has not been reported'],
    ['先办理挂失，再补领', 'Report the loss first'],
  ),
  'linked-card-of-another-kind': row(
    'barred',
    ['该卡不是所申领的卡种', 'The card is not of the kind applied for'],
    ['关联 wanted 所示卡种的卡，或重新申领', 'Link a card of the kind that `wanted` says, or apply anew'],
  ),
  'linked-card-not-in-use': row(
    'barred',
    ['该卡未在使用，不能关联', 'The card is not in use: it cannot be linked'],
    ['先启用或解除挂失，或继续制发新卡', 'Enable it or lift its loss first, or go on with the new card'],
  ),
  'linked-card-to-be-replaced': row(
    'barred',
    ['该卡就是要补换的卡，不能关联', 'It is the very card that is to be replaced'],
    ['关联另一张在用的卡，或继续制发新卡', 'Link another card that is in use, or go on with the new one'],
  ),
  'application-under-way': row(
    'barred',
    ['已有在办的申请', 'Another application is under way'],
    [
      '按 applicationId 查询进度，到期领卡；未列编号的是在别处申领的，由持卡人查询',
      'Ask for its progress by `applicationId`, and wait for it; without a number it was applied for elsewhere: the holder asks',
    ],
  ),
  'application-not-at-this-step': row(
    'barred',
    ['申请尚未到或已过这一步', 'The application is not at this step'],
    ['按 stage 所示进度依次办理', 'Take the steps in order from `stage`'],
  ),
  'application-closed': row('barred', ['申请已办结', 'The application is closed'], ['需要时重新申领', 'Apply anew where it is needed']),
  'card-already-with-holder': row(
    'barred',
    ['卡已由本人或代办人领取', 'The card was fetched by the holder or who acts for him'],
    ['无需再转发', 'Nothing is left to hand out'],
  ),
  'receiver-not-the-applicant': row(
    'barred',
    ['该申请不是由领卡的单位提出的', 'The unit that takes the card has not applied for it'],
    [
      '发给持卡人、其代办人或监护人；单位只领取本单位申领的卡',
      'Give it to the holder, a proxy or guardian; a unit takes what it has applied for',
    ],
  ),
  'receiver-not-the-signer': row(
    'barred',
    ['领卡人与签字人不一致', 'Who takes the card is not who signs for it'],
    [
      'receivedBy 与 signedBy 填同一人；单位领卡由其经办人签字，relation 填该单位类别',
      'Let `receivedBy` and `signedBy` be the same; for a unit its clerk signs, with the unit as `relation`',
    ],
  ),
  'holder-too-young-to-sign': row(
    'barred',
    ['持卡人未到可自行签字的年龄', 'The holder is not of the age to sign alone'],
    ['由父母或其他监护人持双方证件签字', 'A parent or other guardian signs, with both identity documents'],
  ),
  'representative-is-holder': row(
    'barred',
    ['代办人与持卡人是同一人', 'Who signs for the holder is the holder'],
    ['本人办理的按本人签字；代办的填代办人本人的证件', 'Let the holder sign as such, or give the document of who acts for him'],
  ),
  'representative-not-of-age': row(
    'barred',
    ['代办人或监护人未满十八周岁', 'Who signs for the holder is not yet eighteen'],
    ['由成年的代办人或监护人签字', 'Somebody of full age signs'],
  ),
  'voucher-of-another-year': row(
    'barred',
    ['凭证年度与办理日期不符', 'The voucher is of another year than the business'],
    ['按办理当日的年度重新取号', 'Take a number of the year of the day'],
  ),
  'voucher-issued-already': row(
    'barred',
    ['这笔业务已有凭证', 'This business has its voucher'],
    ['按 voucherNo 打印；为空的随即自动补出', 'Print the one under `voucherNo`; where it is empty, the engine issues it by itself soon'],
  ),
  'signed-copy-already-filed': row(
    'barred',
    ['签字凭证已归档', 'The signed copy has been filed already'],
    ['无需再次归档', 'Nothing to do'],
  ),
} as const satisfies Record<CardServiceRefusalCode, RefusalRow>;
