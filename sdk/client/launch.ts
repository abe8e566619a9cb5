import { LaunchError } from '../errors/connection-errors.ts';
import { configWords } from '../transport/argv.ts';
import type { Launch } from '../transport/launch.ts';
import type { CodexConfig } from './config.ts';
import { checkStrictly, resolveCodexBin } from './resolve-codex-bin.ts';

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
  const { bin, pathDirs } = resolveCodexBin(config.codexBin, 'CodexConfig.codexBin');
  const overrides = (config.configOverrides ?? []).flatMap((one, at) => configWords(`configOverrides[${at}]`, one));
  return {
    command: bin,
    args: [...overrides, 'app-server', '--listen', 'stdio://'],
    cwd,
    env: withPathDirs(env, pathDirs),
    detached,
    ...(config.engineCheck === 'strict' && { check: () => checkStrictly(bin) }),
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

/**
 * This program's environment, overridden by the given one. On Windows, `PATH` and `Path` are one variable: the given
 * spelling replaces the other, as in Python.
 */
export function mergeEnv(
  outer: NodeJS.ProcessEnv,
  given: NodeJS.ProcessEnv = {},
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (platform !== 'win32') return { ...outer, ...given };
  const replaced = new Set(Object.keys(given).map((name) => name.toUpperCase()));
  const kept = Object.entries(outer).filter(([name]) => !replaced.has(name.toUpperCase()));
  return { ...Object.fromEntries(kept), ...given };
}

/**
 * Returns a copy of an environment with folders first on its PATH: each once, without empty entries. On Windows, where
 * names may differ only in case, one variable remains.
 */
export function withPathDirs(
  env: NodeJS.ProcessEnv,
  dirs: readonly string[],
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (dirs.length === 0) return env;
  const windows = platform === 'win32';
  const key = windows ? windowsPathKey(env) : 'PATH';
  const separator = windows ? ';' : ':';
  const rest = (env[key] ?? '').split(separator).filter((entry) => entry !== '' && !dirs.includes(entry));
  const others = Object.entries(env).filter(([name]) => name !== key && !(windows && name.toUpperCase() === 'PATH'));
  return { ...Object.fromEntries(others), [key]: [...dirs, ...rest].join(separator) };
}

function windowsPathKey(env: NodeJS.ProcessEnv): string {
  const keys = Object.keys(env).filter((name) => name.toUpperCase() === 'PATH');
  return keys.includes('Path') ? 'Path' : (keys.at(-1) ?? 'PATH');
}
