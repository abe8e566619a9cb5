import { didYouMean } from '../../testing/nearest.ts';
import type { Path, Report } from '../data/yaml-source.ts';
import { answerLatches } from './check-answers.ts';
import { modelLatches } from './model-latches.ts';
import { scriptLatches } from './script-latches.ts';
import { referencedNames } from './typed-values.ts';
import type { Scenario, Step } from './types.ts';

/** How a name was bound: the client itself, by `call`, by `start`; or removed by `drop`. */
type Binding = 'client' | 'called' | 'started' | 'dropped';

/** Checks that every name is bound before a step uses it, and in the way that the verb needs. */
export function checkNames({ steps }: Scenario, report: Report): void {
  const names = new Map<string, Binding>([['codex', 'client']]);
  const used = (name: string, path: Path): Binding | undefined => {
    const binding = names.get(name);
    if (binding === undefined)
      report(path, `expected a name that an earlier step binds, got "${name}"${didYouMean(name, names.keys())}`);
    if (binding === 'dropped')
      report(path, `expected a name that is still bound, got "${name}", which an earlier step dropped`);
    return binding;
  };
  const inBackground = (name: string, path: Path): void => {
    const binding = used(name, path);
    if (binding === 'called' || binding === 'client')
      report(path, `expected the name of a start, got "${name}", which runs nowhere in the background`);
  };
  for (const [i, step] of steps.entries()) {
    const at = (key: string): Path => ['steps', i, key];
    if ('call' in step || 'start' in step) {
      const [verb, target] = 'call' in step ? (['call', step.call] as const) : (['start', step.start] as const);
      used(target.slice(0, target.indexOf('.')), at(verb));
      for (const { name, path } of referencedNames(step.with ?? {})) used(name, [...at('with'), ...path]);
      if (step.as !== undefined) bind(names, step.as, verb, at('as'), report);
    } else if ('next' in step) {
      if (used(step.next, at('next')) === 'started')
        report(at('next'), `expected a stream bound by call, got "${step.next}", which the background consumes`);
    } else if ('await' in step) inBackground(step.await, at('await'));
    else if ('join' in step) inBackground(step.join, at('join'));
    else if ('cancel' in step) inBackground(step.cancel, at('cancel'));
    else if ('close' in step) used(step.close, at('close'));
    else if ('drop' in step) {
      used(step.drop, at('drop'));
      names.set(step.drop, 'dropped');
    }
  }
}

function bind(names: Map<string, Binding>, name: string, verb: 'call' | 'start', path: Path, report: Report): void {
  if (name === 'codex' || name === 'main')
    report(
      path,
      `expected another name, got "${name}", which stands for ${name === 'codex' ? 'the client' : 'the lane of unnamed steps'}`,
    );
  else if (names.has(name))
    report(path, `expected another name, since names are lanes of the observation, got "${name}" again`);
  names.set(name, verb === 'call' ? 'called' : 'started');
}

/**
 * Checks that nothing uses a thread of `exec` whose first run was cancelled while only the engine had been waited for:
 * whether the client had read the id of its thread by then depends on how busy the machine is.
 */
export function checkCancelledRuns({ family, steps }: Scenario, report: Report): void {
  if (family !== 'exec') return;
  const started = new Map<string, string>();
  const withoutId = new Set<string>();
  const unsure = new Set<string>();
  for (const [i, step] of steps.entries()) {
    if ('cancel' in step) {
      const thread = started.get(step.cancel);
      if (thread !== undefined && withoutId.has(thread)) unsure.add(thread);
    }
    if ('await' in step || 'join' in step)
      withoutId.delete(started.get('await' in step ? step.await : step.join) ?? '');
    if (!('call' in step || 'start' in step)) continue;
    const verb = 'call' in step ? 'call' : 'start';
    const [owner = '', operation] = ('call' in step ? step.call : step.start).split('.');
    if (operation === 'start_thread' && step.as !== undefined) withoutId.add(step.as);
    if (unsure.has(owner))
      report(
        ['steps', i, verb],
        `expected a thread that has its id, got "${owner}", whose run was cancelled before an event of it was awaited; start run_streamed, and await the last event`,
      );
    if (verb === 'call') withoutId.delete(owner);
    else if (step.as !== undefined) started.set(step.as, owner);
  }
}

/** Checks that every latch that something waits for is released once, and that no latch is released in vain. */
export function checkLatches({ model, script, answers, steps }: Scenario, report: Report): void {
  const holds = [...modelLatches(model), ...answerLatches(answers), ...scriptLatches(script)];
  const released = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const latch = releasedBy(step);
    if (latch === undefined) continue;
    const path = ['steps', i, 'release'];
    if (released.has(latch)) report(path, `expected each latch to be released once, got "${latch}" again`);
    if (!holds.some((hold) => hold.latch === latch)) {
      report(
        path,
        `expected a latch that something holds, got "${latch}"${didYouMean(
          latch,
          holds.map((hold) => hold.latch),
        )}`,
      );
    }
    released.add(latch);
  }
  for (const { latch, path } of holds) {
    if (!released.has(latch))
      report(path, `expected a latch that a step releases, got "${latch}"${didYouMean(latch, released)}`);
  }
}

function releasedBy(step: Step): string | undefined {
  return 'release' in step ? step.release : undefined;
}
