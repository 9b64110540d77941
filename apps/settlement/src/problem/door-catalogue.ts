/** A fault that the door itself finds, before or beside the engine. `{name}` in a text stands for the fact of that name. */
export type DoorRow = Readonly<{ status: number; messageZh: string; messageEn: string; remedyZh: string; remedyEn: string }>;

const row = (status: number, message: readonly [zh: string, en: string], remedy: readonly [zh: string, en: string]): DoorRow => ({
  status,
  messageZh: message[0],
  messageEn: message[1],
  remedyZh: remedy[0],
  remedyEn: remedy[1],
});
const SAME_AGAIN: readonly [string, string] = [
  '原流水号原内容重发；切勿换号',
  'Send the same again under the same serial; never under a new one.',
];

/** Every fault of the door, in the order of precedence. Source of docs/reference/refusals.md beside the engine's own catalogue. */
export const DOOR_CATALOGUE = {
  // 400: form
  'json-malformed': row(
    400,
    ['报文不是有效的 UTF-8 JSON', 'The body is not valid JSON in UTF-8.'],
    ['请检查报文格式后重发', 'Correct the body and send it again.'],
  ),
  'json-duplicate-name': row(
    400,
    ['报文中有重复的字段名', 'A name stands twice in one JSON object.'],
    ['每个字段只写一次', 'Write each name once.'],
  ),
  'json-forbidden-name': row(
    400,
    ['报文中有不允许的字段名', 'A name in the body is not allowed in any JSON object.'],
    ['请按接口文档填写字段', 'Use the fields that the documents name.'],
  ),
  'json-too-deep': row(
    400,
    ['报文嵌套层数过多', 'The body is nested more deeply than any form.'],
    ['请按接口文档填写字段', 'Use the fields that the documents name.'],
  ),
  'body-missing': row(400, ['请求没有报文', 'The request has no body.'], ['请附上 JSON 报文', 'Send a JSON body.']),
  'field-missing': row(
    400,
    ['缺少字段：{field}', 'The field {field} is missing; it must be {expectedEn}.'],
    ['请填写后重发', 'Fill it in and send again.'],
  ),
  'field-malformed': row(
    400,
    ['字段格式不对：{field}', 'The field {field} must be {expectedEn}.'],
    ['应为{expectedZh}', 'It must be {expectedEn}.'],
  ),
  'field-names-person': row(
    400,
    ['字段中有身份证号：{field}', 'The field {field} holds an identity number; what enters the log names nobody.'],
    ['请改用不含身份证号的编号或文字', 'Use a number or words that name no person.'],
  ),
  'field-unknown': row(
    400,
    ['没有这个字段：{field}', 'There is no field {field} in this form.'],
    ['请删去该字段或改正字段名', 'Leave it out, or correct its name.'],
  ),
  'url-malformed': row(
    400,
    ['请求地址格式不对', 'The address of the request is malformed.'],
    ['请检查地址中的编码', 'Check its percent-encoding.'],
  ),
  'request-malformed': row(
    400,
    ['请求不符合 HTTP 规范', 'The request is not well-formed HTTP.'],
    ['请检查客户端程序', 'Check the client program.'],
  ),
  'request-cut-short': row(
    400,
    ['请求未发完就断了，未办理', 'The request ended before it was complete; nothing was done.'],
    ['请用原流水号原内容重发', 'Send the same again.'],
  ),
  'host-missing': row(400, ['请求没有 Host 头', 'The request has no Host header.'], ['请检查客户端程序', 'Check the client program.']),
  'header-twice': row(400, ['请求头重复：{field}', 'The header {field} stands twice.'], ['该请求头只写一次', 'Send it once.']),
  'cursor-form': row(
    400,
    ['游标不是此列表给出的', 'The cursor is not one that this list gave.'],
    ['请用上一页的 next', 'Use the `next` of the page before.'],
  ),
  'operator-name-missing': row(
    400,
    ['请写明操作员（x-yika-operator）', 'This act asks for the name of who is at the keyboard (x-yika-operator).'],
    ['带上操作员后重发', 'Send the header and try again.'],
  ),
  // 401, 403
  'key-missing': row(
    401,
    ['请求没有访问密钥', 'The request carries no access key.'],
    ['请带 Authorization: Bearer yk_…', 'Send "Authorization: Bearer yk_…".'],
  ),
  'key-invalid': row(
    401,
    ['访问密钥无效或已吊销', 'The access key is unknown, wrong or revoked.'],
    ['请向经办机构核对或申领密钥', 'Ask the agency for a key that is in force.'],
  ),
  'right-missing': row(
    403,
    ['该密钥无权办理此业务', 'This access key has no right to do this.'],
    ['请使用有相应权限的密钥', 'Use a key with one of the rights that the documents name.'],
  ),
  'institution-not-own': row(
    403,
    ['该密钥不能办理此机构的业务', 'This access key may not act for this institution.'],
    ['请核对机构编码与密钥', 'Check the institution code, or use its own key.'],
  ),
  'outlet-not-own': row(
    403,
    ['该密钥不能以此网点（单位）的名义办理', 'This access key may not act in the name of this outlet.'],
    ['请核对网点编码与密钥', 'Check the outlet code, or use a key that names it.'],
  ),
  'applicant-not-own': row(
    403,
    ['用人单位、学校、村居只能为本单位人员批量申领', 'An employer, a school or a committee applies as such, for its own people only.'],
    ['applicant 填本单位的类别，unitCode 填本单位编码', 'Say in `applicant` what it is, and its own code as `unitCode`.'],
  ),
  'at-once-by-office-only': row(
    403,
    [
      '即时制卡和临时卡只在网点和窗口当面办理',
      'A card made at once, and a temporary one, is for an outlet or window that hands it over there.',
    ],
    ['去掉 onTheSpot，或到网点办理', 'Leave `onTheSpot` out, or apply at an outlet.'],
  ),
  'unit-of-another-kind': row(
    403,
    ['unitCode 所示单位不是 applicant 所填类别', 'The unit of `unitCode` is not what `applicant` says.'],
    ['核对单位编码；applicant 填 known 所列类别', 'Check the code of the unit; `applicant` is one of `known`.'],
  ),
  'take-over-by-agency-only': row(
    403,
    ['旧系统带入的内容只能由经办机构登记：{fields}', 'Only the agency tells what is taken over from a legacy system: {fields}.'],
    ['去掉这些内容，按新制卡登记；余额请由经办机构带入', 'Leave it out and register the card as new, or have the agency register it.'],
  ),
  'approval-by-agency-only': row(
    403,
    ['补记账批准号只能由经办机构填写', 'Only the agency fills in the approval of a late entry.'],
    ['请联系经办机构办理', 'Ask the agency to post this late entry.'],
  ),
  'agency-posts-approved-late-entries-only': row(
    403,
    ['经办机构只办理已批准的补记账', 'The agency posts approved late entries only.'],
    ['其他结算由定点机构提交', 'Other swipes are posted by the institution itself.'],
  ),
  // 404, 405
  'settlement-not-found': row(
    404,
    ['目前尚未结算；仍可能迟到；只有冲正才能排除', 'Not settled up to now; a late arrival is possible; only a reversal excludes it.'],
    ['可稍后再查，或对该流水号冲正', 'Ask again later, or reverse this serial.'],
  ),
  'account-not-found': row(404, ['没有这个账户', 'There is no such account.'], ['请核对账户编号', 'Check the account id.']),
  'institution-not-found': row(404, ['没有这个机构', 'There is no such institution.'], ['请核对机构编码', 'Check the institution code.']),
  'receipt-not-available': row(
    404,
    ['该流水号不是结算，没有小票', 'This serial stands for no settlement, so it has no receipt.'],
    ['请用原结算的流水号', 'Ask with the serial of the settlement itself.'],
  ),
  'code-not-found': row(
    404,
    ['没有这个原因代码', 'There is no such reason code.'],
    ['完整目录见 /problems', 'The whole list is at /problems.'],
  ),
  'projection-not-found': row(404, ['没有这个读模型', 'There is no projection of this name.'], ['请核对名称', 'Check the name.']),
  'clock-not-manual': row(
    404,
    ['这是真实数据目录，时钟不能拨动', "This data folder is a real one: its clock is the system's."],
    ['只有模拟目录的时钟可拨动', 'Only the clock of a simulation can be moved.'],
  ),
  'route-not-found': row(404, ['没有这个接口', 'There is nothing at this address.'], ['接口文档见 /docs', 'The documents are at /docs.']),
  'method-not-allowed': row(
    405,
    ['该接口不支持此方法', 'This address does not know this method.'],
    ['请改用 Allow 所列方法', 'Use a method of the Allow header.'],
  ),
  // 408, 413, 415, 417, 429, 431
  'head-too-slow': row(
    408,
    ['请求头未在限时内到齐', 'The head of the request did not arrive in time.'],
    ['请检查网络与客户端程序', 'Check the network and the client program.'],
  ),
  'body-too-slow': row(
    408,
    ['报文未在限时内到齐，未办理', 'The body did not arrive in time; nothing was done.'],
    ['请用原流水号原内容重发', 'Send the same again.'],
  ),
  'body-too-large': row(
    413,
    ['报文过大', 'The body is larger than the door takes; one JSON body is 1 MiB unless it is set otherwise.'],
    ['请缩短报文；一单一报', 'Make it shorter: one act a body.'],
  ),
  'line-too-long': row(
    413,
    ['本行超过 1 MiB，未办理；其余各行照办', 'This line is longer than 1 MiB; nothing of it was done, the other lines go on.'],
    ['请减少明细或追溯码后重发本行', 'Send the line again with fewer bill lines or trace codes.'],
  ),
  'content-type-unsupported': row(
    415,
    ['不支持此内容类型', 'The content type is not supported here.'],
    ['用 application/json；批量用 x-ndjson', 'Send application/json; a batch is application/x-ndjson.'],
  ),
  'content-encoding-unsupported': row(
    415,
    ['报文不得压缩', 'A body with a content encoding, such as gzip, is not read here.'],
    ['请不压缩重发，去掉 Content-Encoding', 'Send it plain, without Content-Encoding.'],
  ),
  'charset-unsupported': row(
    415,
    ['报文字符集须为 UTF-8', 'The body must be in UTF-8.'],
    ['请转为 UTF-8 后重发', 'Send it in UTF-8, and say no other charset.'],
  ),
  'expectation-unknown': row(
    417,
    ['不支持此 Expect 头', 'The Expect header asks for something that is not known here.'],
    ['请去掉 Expect 头', 'Leave it out, or send 100-continue.'],
  ),
  'rate-exceeded': row(
    429,
    ['请求过于频繁', 'Requests of this access key or address come faster than they may.'],
    ['请按 Retry-After 稍后重试', 'Wait as Retry-After says, then go on.'],
  ),
  'unknown-keys-too-many': row(
    429,
    ['此地址近来无效密钥过多', 'Too many wrong access keys came from this address.'],
    ['请核对密钥，按 Retry-After 稍后重试', 'Check the key, wait as Retry-After says, then try again.'],
  ),
  'streams-too-many': row(
    429,
    ['该密钥同时进行的批量或跟读过多', 'This access key has too many batches or followed logs open at once.'],
    ['请先结束其中一个', 'Let one of them end first.'],
  ),
  'pipelined-too-many': row(
    429,
    ['同一连接未等答复的请求过多，未办理', 'This connection has sent too many requests without waiting; nothing of this one was done.'],
    ['请等答复后再发', 'Wait for answers before sending more.'],
  ),
  'bodies-too-many': row(
    429,
    ['该密钥同时发送的大报文过多，未办理', 'This access key is sending too much at once; nothing of this was done.'],
    ['请等前面的发完再发', 'Let what is under way end first.'],
  ),
  'attempt-repeated-too-often': row(
    429,
    ['同一被拒业务重复提交过多', 'The same refused attempt came too often; it was counted, not decided again.'],
    ['请先按上次的原因处理，再重试', 'Do first what the earlier refusal asks for.'],
  ),
  'head-too-large': row(
    431,
    ['请求头过大', 'The head of the request is larger than 16 KiB.'],
    ['请去掉多余的请求头', 'Leave out headers that are not needed.'],
  ),
  // 500, 503
  'internal-fault': row(500, ['系统内部错误，结果不明', 'An internal fault; the outcome is not known.'], SAME_AGAIN),
  'outcome-unknown': row(503, ['结果暂时不明，不代表未结算', 'The outcome is not known yet; this is not "not settled".'], SAME_AGAIN),
  contended: row(
    503,
    ['该账户业务繁忙，本次未办理', 'Others kept changing this account; nothing of this was done.'],
    ['请稍后用原流水号重发', 'Send the same again a little later.'],
  ),
  'store-full': row(
    503,
    ['系统存储已满，暂停办理，可查询', 'The store is full: writes are refused, reads go on.'],
    ['请稍后用原流水号重发', 'Send the same again later.'],
  ),
  closing: row(
    503,
    ['系统正在停机，未办理', 'The engine is shutting down; nothing was done.'],
    ['请稍后用原流水号重发', 'Send the same again later.'],
  ),
  'read-only': row(
    503,
    ['系统只读，暂停办理，可查询', 'The engine is read-only: writes are refused, reads go on.'],
    ['请稍后用原流水号重发', 'Send the same again later.'],
  ),
  busy: row(
    503,
    ['系统繁忙，未办理', 'The engine is busy; nothing was done.'],
    ['请稍后用原流水号重发', 'Send the same again a little later.'],
  ),
  'facts-stale': row(
    503,
    ['暂时收不到其他引擎的变更，未办理', 'What other engines have written is not heard here at the moment; nothing was done.'],
    ['请稍后用原流水号重发', 'Send the same again a little later; another engine may answer at once.'],
  ),
  'not-yet-projected': row(
    503,
    ['清单尚未更新到所要求的日志序号', 'The lists have not come to the log index that was asked for.'],
    ['请按 Retry-After 稍后重试，或去掉 minLogIndex', 'Ask again as Retry-After says, or leave minLogIndex out.'],
  ),
  outage: row(
    503,
    ['系统故障，未办理，正在恢复', 'The store is out of order; nothing was done.'],
    ['请稍后用原流水号重发', 'Send the same again later.'],
  ),
  'log-damaged': row(
    503,
    ['事件日志有损坏，涉及的账户无法办理', 'The event log is damaged where this is read; the outcome is not known.'],
    ['请立即联系运维；恢复后原流水号重发', 'Call the operator; send the same again, under the same serial, once the log is restored.'],
  ),
  'not-ready': row(503, ['系统尚未就绪', 'The engine is not ready.'], ['请稍后重试', 'Try again later.']),
} as const satisfies Readonly<Record<string, DoorRow>>;

export type DoorCode = keyof typeof DOOR_CATALOGUE;
