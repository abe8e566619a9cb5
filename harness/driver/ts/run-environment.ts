import Module from 'node:module';
import path from 'node:path';
import type { RunMessage } from '../protocol.ts';

/** A variable that only this process has: an engine that shows it has inherited its parent's environment. */
const parentOnly = { TWINPROOF_PARENT: 'parent' };

/** The driver's own environment, before any run. */
const own = { ...process.env };

/**
 * Makes this process what a user's program would be: in the run's workspace, with the run's environment. The exec
 * clients pass both on to their engine, and write their schema files to the temp folder, where the harness looks for
 * leftovers.
 */
export function useRunEnvironment({ env, workspace }: Pick<RunMessage, 'env' | 'workspace'>): void {
  process.chdir(workspace);
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, own, env, parentOnly);
  findPackagesOf(workspace);
}

/**
 * The SDK can find packages in the workspace, as in a user's program. Node reads the search path only when it starts.
 */
function findPackagesOf(workspace: string | undefined): void {
  if (workspace !== undefined) process.env.NODE_PATH = path.join(workspace, 'node_modules');
  (Module as unknown as { _initPaths(): void })._initPaths();
  delete process.env.NODE_PATH;
}

/**
 * For a scenario that says itself which engine the client is told to start: what else is found is the run's own, the packages of its workspace and
 * the cache of its home.
 * @returns undoes it
 */
export function useRunInstallation({ scenario, env, workspace }: RunMessage): (() => void) | undefined {
  if (!Object.hasOwn(scenario.client ?? {}, 'codex_bin')) return undefined;
  const before = process.env.HOME;
  process.env.HOME = env.HOME;
  findPackagesOf(workspace);
  return () => {
    if (before === undefined) delete process.env.HOME;
    else process.env.HOME = before;
    findPackagesOf(undefined);
  };
}
