import { didYouMean } from '../../testing/nearest.ts';
import { verbOf } from '../../testing/play/check-script.ts';
import { type ScriptStep, scriptVerbs } from '../../testing/play/script-types.ts';
import type { Contract } from '../contract/types.ts';
import type { Path, Report } from '../data/yaml-source.ts';
import { allSteps } from './script-latches.ts';
import type { WrittenScenario } from './types.ts';

/**
 * Checks the names in a script: methods of the contract, and messages that an earlier step binds. Also checks that
 * every step can be reached.
 */
export function checkScript(
  { script, engines, model, steps, family }: WrittenScenario,
  contract: Contract,
  report: Report,
): void {
  if (script === undefined) return;
  if (model !== undefined)
    report(['model'], 'expected no model beside a scripted engine, which asks none, got one', 'key');
  if (engines?.includes('real')) report(['engines'], 'expected the fake engine, which plays scripts, got the real one');
  checkModelRequests(script, steps, report);
  if (family === 'app-server') checkMethods(script, contract, report);
  else checkExec(script, report);
  checkNames(script, report);
  checkReached(script, report);
}

/** A step must not wait for a model request that never comes: a scripted engine makes only those in its script. */
function checkModelRequests(script: readonly ScriptStep[], steps: WrittenScenario['steps'], report: Report): void {
  const most = Math.max(
    0,
    ...allSteps(script).map(({ step }) => ('model-request' in step ? step['model-request'] : 0)),
  );
  for (const [i, step] of steps.entries()) {
    if (!('await-model' in step) || step['await-model'] <= most) continue;
    report(
      ['steps', i, 'await-model'],
      `expected one of the ${most} model requests of the script, got request ${step['await-model']}`,
    );
  }
}

/** The client of exec sends only its run, and answers nothing. */
function checkExec(script: readonly ScriptStep[], report: Report): void {
  for (const { step, path } of allSteps(script)) {
    if ('expect' in step && step.expect !== 'exec')
      report([...path, 'expect'], `expected exec in a scenario of the family exec, got "${step.expect}"`);
    const verb = verbOf(step);
    if (verb !== undefined && scriptVerbs[verb].server)
      report([...path, verb], `expected no step that a run of exec has no use for, got ${verb}`, 'key');
  }
}

function checkMethods(script: readonly ScriptStep[], { methods }: Contract, report: Report): void {
  const client = new Set([...Object.keys(methods.clientRequests), ...Object.keys(methods.clientNotifications)]);
  const known = (name: unknown, names: Iterable<string>, path: Path, what: string): void => {
    const all = [...names];
    if (typeof name === 'string' && all.includes(name)) return;
    report(
      path,
      `expected ${what}, got ${JSON.stringify(name)}${typeof name === 'string' ? didYouMean(name, all) : ''}`,
    );
  };
  for (const { step, path } of allSteps(script)) {
    if ('auto' in step) {
      for (const [i, name] of step.auto.entries())
        known(name, Object.keys(methods.clientRequests), [...path, 'auto', i], 'a request of the contract');
    } else if ('send' in step && !step.wrong) {
      known(
        step.send,
        Object.keys(methods.serverNotifications),
        [...path, 'send'],
        "an engine's notification, or wrong: true",
      );
    } else if ('request' in step && !step.wrong) {
      known(
        step.request,
        Object.keys(methods.serverRequests),
        [...path, 'request'],
        "an engine's request, or wrong: true",
      );
    } else if ('expect' in step && !client.has(step.expect) && !script.some((one) => 'wrong' in one)) {
      known(step.expect, client, [...path, 'expect'], "a client's method");
    }
  }
}

/** A name must be bound by `expect` or `request` before a step in any sequence uses it. */
function checkNames(script: readonly ScriptStep[], report: Report): void {
  const heard = new Set<string>();
  const asked = new Set<string>();
  const bound = (name: string, names: Set<string>, path: Path, by: string): void => {
    if (!names.has(name))
      report(path, `expected a name that an earlier ${by} binds, got "${name}"${didYouMean(name, names)}`);
  };
  const steps = allSteps(script);
  const byHand = steps.some(({ step }) => 'handshake' in step || ('expect' in step && step.expect === 'initialize'));
  if (!byHand) heard.add('initialize');
  for (const { step } of steps) {
    if ('expect' in step) heard.add(step.as ?? step.expect);
    if ('request' in step) asked.add(step.as ?? String(step.request));
  }
  for (const { step, path } of steps) {
    if ('answer' in step) bound(step.answer, heard, [...path, 'answer'], 'expect');
    else if ('error' in step && !('expect-reply' in step))
      bound(String(step.error), heard, [...path, 'error'], 'expect');
    else if ('expect-reply' in step) bound(step['expect-reply'], asked, [...path, 'expect-reply'], 'request');
  }
}

/** Nothing is played after the engine has exited or hangs, until its next start. */
function checkReached(script: readonly ScriptStep[], report: Report): void {
  let over: string | undefined;
  let starts = 1;
  for (const [i, step] of script.entries()) {
    if ('start' in step) {
      over = undefined;
      starts += 1;
      if (step.start !== starts) report(['script', i, 'start'], `expected start ${starts}, got start ${step.start}`);
    } else if (over !== undefined)
      report(['script', i], `expected no step after ${over}, where none is played any more, got one`);
    else if ('exit' in step) over = 'exit';
    else if ('hang' in step) over = 'hang';
  }
}
