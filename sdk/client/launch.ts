import { LaunchError } from '../errors/connection-errors.ts';
import { configWords } from '../transport/argv.ts';
import type { Launch } from '../transport/launch.ts';
import type { CodexConfig } from './config.ts';
import { mergeEnv, withPathDirs } from './engine-env.ts';
import { resolveCodexBin } from './resolve-codex-bin.ts';

/**
 * The command line and environment of the engine.
 * @throws LaunchError if there is no engine to start
 * @throws TypeError for a `configOverrides` entry that is not `key=value`
 */
export function buildLaunch(config: CodexConfig): Launch {
  const cwd = config.cwd ?? undefined;
  const env = mergeEnv(process.env, config.env ?? undefined);
  const detached = config.detached ?? false;
  if (config.launchArgsOverride != null) {
    const [command, ...args] = config.launchArgsOverride;
    if (!command)
      throw new LaunchError('CodexConfig.launchArgsOverride is empty: it must begin with the program to start');
    return { command, args, cwd, env, detached };
  }
  const { bin, pathDirs } = resolveCodexBin(config);
  const overrides = (config.configOverrides ?? []).flatMap((one, at) => configWords(`configOverrides[${at}]`, one));
  return {
    command: bin,
    args: [...overrides, 'app-server', '--listen', 'stdio://'],
    cwd,
    env: withPathDirs(env, pathDirs),
    detached,
  };
}

/**
 * The command that makes the same engine, with the same settings, write its schema. Undefined if the program starts the
 * engine in its own way.
 */
export function schemaLaunch(config: CodexConfig): Launch | undefined {
  if (config.transport || config.launchArgsOverride != null) return undefined;
  const launch = buildLaunch(config);
  return { ...launch, args: launch.args.slice(0, launch.args.lastIndexOf('app-server') + 1) };
}
