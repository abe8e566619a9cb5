import { type FakeError, unexpected } from '../../fake-error.ts';
import { serverSteps } from '../../script/given-steps.ts';
import { nameOfPlace } from '../../script/places.ts';
import { places, readSteps, type StartScript, type Step } from '../../script/steps.ts';

/**
 * A start's part of a script, for `exec`: if no step expects the run, an `expect: exec` is added.
 * @throws FakeError if it has steps that only a server can play
 */
export function asExec({ steps: given, auto }: StartScript): Step[] {
  const steps = given.filter(({ at }) => at !== 'handshake');
  if (auto.size > 0) throw wrong('auto', 'a step of exec', 'auto: a run of exec has no requests to answer');
  for (const { verb, at } of flat(steps)) if (serverSteps.has(verb)) throw wrong(at, 'a step of exec', verb);
  const expected = places(steps);
  for (const place of expected) {
    if (place.verb !== 'expect' || place.method !== 'exec') throw wrong(place.at, 'expect: exec', nameOfPlace(place));
  }
  if (expected.length > 1) throw wrong(expected[1]?.at ?? '', 'exec once in a start', 'a second expect: exec');
  return expected.length === 1 || steps.length === 0 || readsLater(steps)
    ? steps
    : [...readSteps([{ expect: 'exec' }], 'exec'), ...steps];
}

/** Whether the first step is `reading: paused`: the input is then read from `reading: resumed` on, or never. */
export const readsLater = ([first]: readonly Step[]): boolean => first?.verb === 'reading' && first.paused;

const flat = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => (step.verb === 'any-order' ? step.sequences.flatMap(flat) : [step]));

const wrong = (at: string, expected: string, got: string): FakeError =>
  unexpected(`reading step ${at} of the script`, expected, got, { advice: 'See docs/script-format.md' });
