import type { Signing } from '../engine';

/** What a voucher says of who signs; personal data and what follows from them are no part of it. */
export const saysOf = ({ signer, relation, proxyCheck, holderCheck, checkWay }: Signing): Signing => ({
  signer,
  relation,
  proxyCheck,
  holderCheck,
  ...(checkWay === undefined ? {} : { checkWay }),
});
