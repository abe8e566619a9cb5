import type { ValueRule } from '../types.ts';

/** In the paths of an installed engine, and in what is said of it. */
export const engineTarget: ValueRule = {
  name: 'engine-target',
  reason: 'each platform has an engine of its own, by the name of its target and of its package',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value
      .replace(/\b(x86_64|aarch64)-(unknown-linux-musl|apple-darwin)\b/g, '<target>')
      .replace(/\bcodex-(linux|darwin)-(x64|arm64)\b/g, 'codex-<platform>');
    return out === value ? undefined : out;
  },
};
