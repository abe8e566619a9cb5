import Module from 'node:module';
import path from 'node:path';
import type { RunMessage } from '../protocol.ts';

/** A variable that only this process has: an engine that shows it was given the environment of its parent. */
const parentOnly = { TWINPROOF_PARENT: 'parent' };

/** The driver's own environment, before any run. */
const own = { ...process.env };

/**
 * Makes this process what a user's program would be: in the run's workspace, with the run's environment. The exec clients hand both on to their engine,
 * and write their schema files to the temp folder, where the harness looks for what was left behind.
 */
export function useRunEnvironment({ env, workspace }: Pick<RunMessage, 'env' | 'workspace'>): void {
  process.chdir(workspace);
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, own, env, parentOnly);
  findPackagesOf(workspace);
}

/** Packages of the workspace are there for the SDK, as those of a user's program; Node reads where to look at its own start alone. */
function findPackagesOf(workspace: string): void {
  process.env.NODE_PATH = path.join(workspace, 'node_modules');
  (Module as unknown as { _initPaths(): void })._initPaths();
  delete process.env.NODE_PATH;
}
