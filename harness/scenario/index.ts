export { coverageNames, type FaultKind, faultKinds } from './coverage-names.ts';
export { clientFamilies } from './families.ts';
export { matchesId } from './id-glob.ts';
export { type LoadOptions, loadScenarios, readScenario } from './load-scenarios.ts';
export { ScenarioError, type ScenarioProblem } from './scenario-error.ts';
export {
  type Applicability,
  type DriverFacts,
  type EngineFacts,
  neededCapabilities,
  selectClients,
} from './select-clients.ts';
export { compareVersions } from './versions.ts';
