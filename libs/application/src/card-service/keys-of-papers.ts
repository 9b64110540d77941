/** What the voucher and the notice of an act are known by: the act's own number, so that there is one of each however often it is asked for. */
export const voucherKeyOf = (key: string): string => `voucher-${key}`;
export const noticeKeyOf = (key: string): string => `notice-${key}`;
