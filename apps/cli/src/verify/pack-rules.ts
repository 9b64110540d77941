import type { PackRules } from '#libs/audit';
import type { Json } from '#libs/kernel';
import { accountPolicyOf, decodePolicyPackEvent, packOfDocument, policyPack } from '#libs/policy';

/** The rules of packs for the audit, which knows none of its own. */
export const PACK_RULES: PackRules = {
  decider: policyPack as unknown as PackRules['decider'],
  decode: decodePolicyPackEvent,
  policyOf: (document, hash) => accountPolicyOf(packOfDocument(document as Json), hash),
};
