import { quoted } from '../errors/python-text.ts';

/** The first engine that has the options which are checked before they are sent. */
const minimum = [0, 151, 0];

/** PEP 440 as Python's `packaging` reads it: epoch, release, pre-release, post-release, development release, local part. */
const pattern = new RegExp(
  [
    String.raw`^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)`,
    String.raw`(?<pre>[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?`,
    String.raw`(?<post>-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?`,
    String.raw`(?<dev>[-_.]?dev[-_.]?\d*)?`,
    String.raw`(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*$`,
  ].join(''),
  'i',
);

/**
 * The version of an engine, as the checks read it: the first word of what it says of itself, since the real engine goes on with its
 * operating system.
 */
export function runtimeVersion(reported: string | undefined): string | undefined {
  return reported?.trim().split(/\s/)[0] || undefined;
}

/** Whether a version is at least 0.151.0. Not semver: `0.152.0-dev` is, while a pre-release of 0.151.0 itself is not. */
export function isSupportedRuntime(version: string | undefined): boolean {
  // A hotfix of an alpha is a post-release in PEP 440's spelling.
  const spelled = (version ?? '').replace(/-alpha\.(\d+)\.(\d+)$/, 'a$1.post$2');
  const parts = pattern.exec(spelled)?.groups;
  if (!parts?.release) return false;
  if (Number(parts.epoch ?? 0) > 0) return true;
  const release = parts.release.split('.').map(Number);
  for (let at = 0; at < Math.max(release.length, minimum.length); at += 1) {
    const difference = (release[at] ?? 0) - (minimum[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return !parts.pre && (!parts.dev || parts.post !== undefined);
}

/** Why a version is refused, in Python's words. */
export function unsupportedRuntime(version: string | undefined): string {
  return `Codex CLI ${minimum.join('.')} or newer is required; reported version is ${quoted(version || 'unknown')}`;
}
