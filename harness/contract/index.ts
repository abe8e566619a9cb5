export { WireChecker, type WireFinding, type WireLine } from './check-wire.ts';
export { ContractValidator, type PendingRequests, type RequestId } from './contract-validator.ts';
export type { Blame, Finding } from './finding.ts';
export { contractFolder, loadContract } from './load-contract.ts';
export { tagOf, unionTag, type VariantTag } from './tagged-union.ts';
export { type TypeProblem, TypeValidator } from './type-validator.ts';
export type {
  Contract,
  ContractCounts,
  ContractIndex,
  ContractMethods,
  ContractSchema,
  JsonSchema,
  NotificationEntry,
  RequestEntry,
  SchemaObject,
  Stability,
} from './types.ts';
