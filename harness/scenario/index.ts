export { matchesId } from './id-glob.ts';
export { loadScenarios } from './load-scenarios.ts';
export { selectClients } from './select-clients.ts';
export { compareVersions } from './versions.ts';
