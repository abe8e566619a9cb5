import { CodexError } from '../errors/codex-error.ts';
import { quoted } from '../errors/python-text.ts';
import { isObject } from '../rpc/is-object.ts';
import type { EngineSchema } from './engine-schema.ts';

/** The first engine version with the options that are checked before they are sent. */
const minimum = [0, 151, 0];

/**
 * PEP 440 as Python's `packaging` reads it: epoch, release, pre-release, post-release, development release, local part.
 */
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
 * The version of an engine as the checks read it: the first word of what the engine reports, because the real one
 * appends its operating system.
 */
export function runtimeVersion(reported: string | undefined): string | undefined {
  return /^\s*(\S{1,200})(?!\S)/.exec(reported ?? '')?.[1];
}

/** Whether a version is at least 0.151.0. Not semver: `0.152.0-dev` is, a pre-release of 0.151.0 itself is not. */
export function isSupportedRuntime(version: string | undefined): boolean {
  // PEP 440 spells a hotfix of an alpha as a post-release.
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

/** Options that an older engine would silently ignore, in the order in which errors name them. */
const checked: Readonly<Record<string, { type: string; fields: readonly string[] }>> = {
  'turn/start': { type: 'TurnStartParams', fields: ['toolOutput', 'turnTrigger', 'serviceTierForTurn'] },
  'thread/resume': { type: 'ThreadResumeParams', fields: ['excludeTurns'] },
  'thread/fork': { type: 'ThreadForkParams', fields: ['excludeTurns'] },
};
const types = Object.values(checked).map(({ type }) => type);

/** The version that an engine reports when it was built from a checkout. */
const unversioned = '0.0.0';

/**
 * Refuses a request with an option that this engine does not have, before it is sent, as Python does. False counts as
 * an option, null does not. Returns no promise if there is nothing to ask, so that the request is sent at once.
 * @throws CodexError, or rejects with it
 */
export function checkCapabilities(
  method: string,
  params: unknown,
  version: string | undefined,
  schema: EngineSchema,
): Promise<void> | undefined {
  const wanted = Object.hasOwn(checked, method) ? checked[method] : undefined;
  if (!wanted || !isObject(params)) return undefined;
  const given = wanted.fields.filter((field) => params[field] != null);
  if (given.length === 0 || (version !== unversioned && isSupportedRuntime(version))) return undefined;
  const refusal = (reason: string, cause?: unknown) =>
    new CodexError(
      `${method} with ${given.join(', ')}: ${reason}. Configure CodexConfig.codexBin with a supported CLI.`,
      { kind: 'unsupported', action: method, ...(cause === undefined ? {} : { cause }) },
    );
  if (version !== unversioned) throw refusal(unsupportedRuntime(version));
  if (!schema.canAsk) throw refusal('Cannot verify an unversioned CLI with a custom launch command');
  return schema.fields(types).then(
    (known) => {
      const missing = given.filter((field) => !known.has(`${wanted.type}.${field}`)).sort();
      if (missing.length > 0) throw refusal(`The checkout does not support ${missing.join(', ')}`);
    },
    (cause: unknown) => {
      throw refusal("Could not inspect the unversioned CLI's experimental schema", cause);
    },
  );
}
