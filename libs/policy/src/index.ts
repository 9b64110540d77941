export { accountPolicyOf } from './account-policy';
export { cardServiceTermsAt } from './card-service-terms';
export { type Pack, packJsonSchema } from './pack';
export * from './pack-events';
export { POLICY_PACK_REFUSALS, type PolicyPackRefusal } from './pack-refusals';
export { type PackFault, type ParsedPack, packHash, parsePack } from './parse-pack';
export { type PackVersion, type PolicyPackState, packVersions, policyPack, proposalOf, publishedPolicies } from './policy-pack';
