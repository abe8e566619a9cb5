import { loggedEnvKeys } from '../../testing/engine/launcher.ts';
import type { Scenario } from '../scenario/types.ts';

/** What the exec clients set, or hand on from their own process. The values are the scenario's own, not secrets. */
const execKeys = ['CODEX_API_KEY', 'OPENAI_BASE_URL', 'TWINPROOF_PARENT', 'TWINPROOF_GIVEN'];

/** The environment variables of the engine that a cell's observation contains. */
export const loggedKeys = ({ family }: Pick<Scenario, 'family'>): string[] => [
  ...loggedEnvKeys,
  ...(family === 'exec' ? execKeys : []),
];
