import { CodexError } from '../errors/codex-error.ts';
import { quoted } from '../errors/python-text.ts';
import { isObject } from '../rpc/is-object.ts';
import type { EngineSchema } from './engine-schema.ts';
import { compareVersion, unversioned } from './engine-version.ts';

/** The first engine version with the options that are checked before they are sent. */
const minimum = '0.151.0';

/** Whether a version is at least 0.151.0; see `compareVersion`. */
export function isSupportedRuntime(version: string | undefined): boolean {
  return (compareVersion(version, minimum) ?? -1) >= 0;
}

/** Why a version is refused, in Python's words. */
export function unsupportedRuntime(version: string | undefined): string {
  return `Codex CLI ${minimum} or newer is required; reported version is ${quoted(version || 'unknown')}`;
}

/** Options that an older engine would silently ignore, in the order in which errors name them. */
const checked: Readonly<Record<string, { type: string; fields: readonly string[] }>> = {
  'turn/start': { type: 'TurnStartParams', fields: ['toolOutput', 'turnTrigger', 'serviceTierForTurn'] },
  'thread/resume': { type: 'ThreadResumeParams', fields: ['excludeTurns'] },
  'thread/fork': { type: 'ThreadForkParams', fields: ['excludeTurns'] },
};
const types = Object.values(checked).map(({ type }) => type);

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
