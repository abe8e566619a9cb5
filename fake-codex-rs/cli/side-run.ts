import { isObject, type JsonObject, type JsonValue } from '../exact-json.ts';
import type { Closing } from '../replay/closing.ts';
import type { WireLog } from '../wire/wire-log.ts';
import type { ReplayOptions } from './options.ts';

/** A run of a command other than the server. */
export interface SideRun {
  options: ReplayOptions;
  /**
   * How many such runs there were before. For `exec`, which a script has a part for, starts of the server count too.
   */
  start: number;
  log: WireLog;
  closing: Closing;
}

/** A run of `exec`. */
export interface ExecRun extends SideRun {
  /** The words after `exec`. */
  argv: readonly string[];
  /** Values of `--config` before it. */
  overrides: readonly string[];
}

/**
 * A script's answer for a run that is neither a server nor `exec`: its nth such step is for the nth such run, the last
 * one for all that follow.
 * @param n the run, from 0
 * @returns the step; undefined if the script has none for such runs
 */
export function sideAnswer(
  script: readonly JsonValue[] | undefined,
  isOne: (step: JsonObject) => boolean,
  n: number,
): JsonObject | undefined {
  const steps = (script ?? []).filter((step): step is JsonObject => isObject(step) && isOne(step));
  return steps[Math.min(n, steps.length - 1)];
}
