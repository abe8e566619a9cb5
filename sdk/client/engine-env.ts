/**
 * This program's environment with the given one over it. On Windows `PATH` and `Path` are one variable: the given spelling
 * takes the place of the other, as it does in Python.
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
 * An environment with folders put first on its PATH: each once, empty entries dropped. On Windows, where names differ in
 * case only, one variable is left. The given environment stays as it is.
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
