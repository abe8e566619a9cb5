import { withPathDirs } from '../client/engine-env.ts';
import type { CodexOptions } from './options.ts';

const originator = 'CODEX_INTERNAL_ORIGINATOR_OVERRIDE';

/**
 * The engine's whole environment: `env` alone where it is given, else that of this process; in either case with the key and the
 * folders that belong on the engine's PATH. To the model's API it names the family's client, as the official SDK does,
 * so that a program is treated the same after its import has changed; `env` may name another.
 */
export function execEnv({ env, apiKey }: CodexOptions, pathDirs: readonly string[]): NodeJS.ProcessEnv {
  const full: NodeJS.ProcessEnv = { ...(env ?? process.env) };
  full[originator] ||= 'codex_sdk_ts';
  if (apiKey) full['CODEX_API_KEY'] = apiKey;
  return withPathDirs(full, pathDirs);
}
