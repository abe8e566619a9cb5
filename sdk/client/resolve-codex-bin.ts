import { EngineError } from '../../native/engine-error.mjs';
import { type FindOps, findEngine } from '../../native/find-engine.mjs';
import { LaunchError } from '../errors/connection-errors.ts';
import { protocolVersion } from '../protocol/index.ts';

/** An engine to start, and the folders that belong on its PATH. */
export interface ResolvedCodex {
  bin: string;
  pathDirs: string[];
  /** As its package says; undefined if nothing says it. */
  version?: string | undefined;
}

/**
 * Finds the engine (native/find-engine.mjs), in the words of this SDK.
 * @param codexBin the engine that the program names
 * @param option the setting that it is named by
 * @throws LaunchError if there is none
 */
export function resolveCodexBin(
  codexBin: string | null | undefined,
  option: string,
  ops?: FindOps,
): Required<ResolvedCodex> {
  try {
    const found = findEngine({ path: codexBin, option, preferred: protocolVersion, ...(ops && { ops }) });
    return { bin: found.path, pathDirs: found.pathDirs, version: found.version };
  } catch (error) {
    throw asLaunchError(error);
  }
}

/**
 * Checks the engine's hash, where the program asks for it.
 * @throws LaunchError if it is none that is known
 */
export async function checkStrictly(bin: string): Promise<void> {
  const { checkEngine } = await import('../../native/check-engine.mjs');
  try {
    await checkEngine(bin);
  } catch (error) {
    throw asLaunchError(error);
  }
}

function asLaunchError(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const { message, cause } = error;
  return new LaunchError(message, cause === undefined ? {} : { cause });
}
