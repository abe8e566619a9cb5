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
