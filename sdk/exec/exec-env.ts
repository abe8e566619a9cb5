import { withPathDirs } from '../client/launch.ts';
import type { CodexOptions } from './options.ts';

const originator = 'CODEX_INTERNAL_ORIGINATOR_OVERRIDE';

/**
 * The engine's whole environment: `env` and nothing else if it is given, otherwise that of this process. Either way,
 * the key and the folders that belong on the engine's PATH are added. It names the official client to the model's API,
 * as the official SDK does, so that a program is treated the same after you change its import; `env` may name another.
 */
export function execEnv({ env, apiKey }: CodexOptions, pathDirs: readonly string[]): NodeJS.ProcessEnv {
  const full: NodeJS.ProcessEnv = { ...(env ?? process.env) };
  full[originator] ||= 'codex_sdk_ts';
  if (apiKey) full['CODEX_API_KEY'] = apiKey;
  return withPathDirs(full, pathDirs);
}
