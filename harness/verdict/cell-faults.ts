import { isPlayedStart } from '../../testing/engine/wire-log.ts';
import { moreThan } from '../../testing/held/remembered.ts';
import { isObject } from '../../testing/json/json.ts';
import type { Difference } from '../compare/compare.ts';
import type { Finding } from '../contract/finding.ts';
import { holds } from '../judging/holds.ts';
import { idKey } from '../normalise/wire-facts.ts';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { notExercised } from './covers.ts';

/** The key of this fault: a run did not exercise what its scenario is for. */
const notCovered = 'covers not exercised';

/** The lane of what is wrong with a run by itself; no line of an observation is in it. */
export const faultLane = 'cell';

/**
 * What is wrong with a run whatever its golden says: something left behind, a message outside the contract, a model
 * request beyond the script, a scenario that did not exercise what it is for. Returned as differences, so that the
 * ledger can name them.
 */
export function cellFaults(
  scenario: Scenario,
  lines: readonly ObservationLine[],
  findings: readonly Finding[],
  showsFault: (kind: string) => boolean | undefined,
): Difference[] {
  const faults: Difference[] = [];
  const say = (key: string, actual: Difference['actual'], expected: Difference['expected'] = null) =>
    faults.push({
      kind: 'extra',
      lane: faultLane,
      ch: 'mark',
      key,
      path: `mark:${key}`,
      expected,
      actual: actual ?? null,
    });
  for (const line of lines) {
    if (line.ch !== 'rest' && line.ch !== 'mark') continue;
    if (line.ch === 'rest' && 'held' in line) {
      const { rest = {} } = line.when === 'open' ? scenario : {};
      const more = moreThan(line.held, rest);
      if (holds('held-by-a-client', more.length > 0))
        say(`held ${line.when === 'open' ? 'at the end' : 'by a closed client'}`, Object.fromEntries(more), rest);
      continue;
    }
    const left = line.ch === 'rest' ? { processes: line.processes, files: line.files } : undefined;
    if (holds('left-behind', left !== undefined)) say('left behind', left);
    if (line.ch !== 'mark') continue;
    const { mark, detail = mark } = line;
    if (holds('model-asked-too-much', mark.startsWith('unscripted model request')))
      say('unscripted model request', detail);
    if (holds('script-missed', mark === 'script miss' || mark === 'fake engine failed')) say(mark, detail);
    if (holds('model-asked-too-little', mark.startsWith('unconsumed model answer')))
      say('unconsumed model answer', detail);
  }
  const script = scenario.script ?? [];
  const isLogin = script.length > 0 && script.every((step) => 'login' in step);
  const starts = isLogin ? 0 : 1 + script.filter((step) => 'start' in step).length;
  const started = lines.filter((line) => line.ch === 'argv' && isPlayedStart(line.argv)).length;
  if (holds('engine-started-too-rarely', scenario.script !== undefined && started < starts))
    say('script miss', `the client starts the engine ${started} times; the script does so ${starts} times`);
  const again = idsUsedAgain(lines);
  if (holds('request-id-used-again', again.length > 0)) say('request id used again', again);
  const missing = notExercised(scenario.covers, lines, showsFault);
  if (holds('covers-not-exercised', missing.length > 0)) say(notCovered, missing);
  for (const finding of findings)
    say(`contract, blame ${finding.blame}`, `${finding.method ?? '-'} ${finding.path}: ${finding.message}`);
  return faults;
}

/** The methods of requests whose id was used before in the same engine process: nobody can tell their answers apart. */
function idsUsedAgain(lines: readonly ObservationLine[]): string[] {
  const again: string[] = [];
  let seen = new Set<string>();
  for (const line of lines) {
    if (line.ch === 'argv') seen = new Set();
    if (
      line.ch !== 'wire.out' ||
      !isObject(line.msg) ||
      typeof line.msg.method !== 'string' ||
      line.msg.id === undefined
    )
      continue;
    const id = idKey(line.msg.id);
    if (seen.has(id)) again.push(line.msg.method);
    seen.add(id);
  }
  return again;
}
