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
