import { didYouMean } from '../../testing/nearest.ts';
import type { Contract } from '../contract/types.ts';
import type { Report } from '../data/yaml-source.ts';
import { execEvents } from './exec-names.ts';
import type { Hold } from './model-latches.ts';
import { checkForms } from './typed-values.ts';
import type { AnswerRule, WrittenScenario } from './types.ts';

/** Events that no engine sends: the entries of a paged list, and those of a device login. */
const own = { 'app-server': ['entry'], exec: ['output', 'ended'] } as const;

const kinds = ['reply', 'error', 'throws', 'none', 'default'] as const;

/**
 * Checks the answers to server requests, and what `await` and `await-wire` wait for: each names a method of the
 * engine, which else would be waited for until the deadline, and each rule has one answer.
 */
export function checkAnswers(
  { family, answers = [], script, steps }: WrittenScenario,
  { methods }: Contract,
  report: Report,
): void {
  const asked = Object.keys(methods.serverRequests);
  const said = [...asked, ...Object.keys(methods.serverNotifications)];
  // A script may send requests that no contract has.
  const made = new Set((script ?? []).flatMap((step) => ('request' in step ? [String(step.request)] : [])));
  for (const [i, rule] of answers.entries()) {
    if (!asked.includes(rule.to) && !made.has(rule.to))
      report(['answers', i, 'to'], `expected a request of the engine, got "${rule.to}"${didYouMean(rule.to, asked)}`);
    const [kind, second] = kinds.filter((key) => rule[key] !== undefined);
    if (kind === undefined) report(['answers', i], `expected one of ${kinds.join(', ')}, got a rule that says nothing`);
    if (second !== undefined)
      report(['answers', i, second], `expected one of "${kind}" and "${second}", got both`, 'key');
    if (rule.reply !== undefined) checkForms(rule.reply, ['answers', i, 'reply'], report, ['$path']);
  }
  const events = [...(family === 'exec' ? execEvents : Object.keys(methods.serverNotifications)), ...own[family]];
  for (const [i, step] of steps.entries()) {
    const event = 'await' in step ? step.match.method : undefined;
    if (event !== undefined && script === undefined && !events.includes(String(event)))
      report(['steps', i, 'match', 'method'], `expected an event, got "${event}"${didYouMean(String(event), events)}`);
    if ('await-wire' in step && !said.includes(step['await-wire']) && script === undefined) {
      const name = step['await-wire'];
      report(['steps', i, 'await-wire'], `expected a message of the engine, got "${name}"${didYouMean(name, said)}`);
    }
  }
}

/** Every latch that an answer waits for. */
export function answerLatches(answers: readonly AnswerRule[] = []): Hold[] {
  return answers.flatMap(({ hold }, i): Hold[] =>
    hold === undefined ? [] : [{ latch: hold, path: ['answers', i, 'hold'] }],
  );
}
