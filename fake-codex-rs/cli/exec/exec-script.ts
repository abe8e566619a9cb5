import { FakeError } from '../../fake-error.ts';
import { places, readSteps, type StartScript, type Step } from '../../script/steps.ts';

const mute = new Set(['answer', 'error', 'request', 'expect-reply']);

/**
 * A start's part of a script, as one of `exec`: its run is expected by itself where no step does.
 * @throws FakeError when it has steps that only a server can play
 */
export function asExec({ steps: given, auto }: StartScript): Step[] {
  const steps = given.filter(({ at }) => at !== 'handshake');
  if (auto.size > 0) throw wrong('auto', 'a run of exec has no requests to answer');
  for (const { verb, at } of flat(steps)) if (mute.has(verb)) throw wrong(at, `${verb} is no step of exec`);
  const expected = places(steps);
  for (const place of expected) {
    if (place.verb !== 'expect' || place.method !== 'exec')
      throw wrong(place.at, 'of exec a script can expect exec alone');
  }
  if (expected.length > 1) throw wrong(expected[1]?.at ?? '', 'exec is expected a second time in one start');
  return expected.length === 1 || steps.length === 0 || readsLater(steps)
    ? steps
    : [...readSteps([{ expect: 'exec' }], 'exec'), ...steps];
}

/** `reading: paused` as the first step: the input is read from `reading: resumed` on, or never. */
export const readsLater = ([first]: readonly Step[]): boolean => first?.verb === 'reading' && first.paused;

const flat = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => (step.verb === 'any-order' ? step.sequences.flatMap(flat) : [step]));

const wrong = (at: string, what: string) =>
  new FakeError(`fake-codex-rs: step ${at} of the script: ${what}; see docs/script-format.md`);
