export { matchesId } from './id-glob.ts';
export { type Library, loadLibrary, loadScenarios } from './load-scenarios.ts';
export { onPin, scenarioOn } from './on-version.ts';
export { type EngineFacts, engineReason, selectClients } from './select-clients.ts';
export { compareVersions } from './versions.ts';
