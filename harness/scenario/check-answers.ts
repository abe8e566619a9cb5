import type { Contract } from '../contract/types.ts';
import type { Hold } from './model-latches.ts';
import { didYouMean } from './nearest.ts';
import { checkForms } from './typed-values.ts';
import type { AnswerRule, Scenario } from './types.ts';
import type { Report } from './yaml-source.ts';

const kinds = ['reply', 'error', 'throws', 'none', 'default'] as const;

/** Checks the answers to server requests, and the messages that `await-wire` waits for: each names a method of the engine, each rule says one thing. */
export function checkAnswers({ answers = [], engine, steps }: Scenario, { methods }: Contract, report: Report): void {
  const asked = Object.keys(methods.serverRequests);
  const said = [...asked, ...Object.keys(methods.serverNotifications)];
  // A script may ask for what no contract has.
  const made = new Set((engine ?? []).flatMap((step) => ('request' in step ? [String(step.request)] : [])));
  for (const [i, rule] of answers.entries()) {
    if (!asked.includes(rule.to) && !made.has(rule.to))
      report(['answers', i, 'to'], `saw "${rule.to}", wanted a request of the engine${didYouMean(rule.to, asked)}`);
    const [kind, second] = kinds.filter((key) => rule[key] !== undefined);
    if (kind === undefined) report(['answers', i], `saw a rule that says nothing, wanted one of ${kinds.join(', ')}`);
    if (second !== undefined)
      report(['answers', i, second], `saw "${second}" beside "${kind}", wanted one of the two`, 'key');
    if (rule.reply !== undefined) checkForms(rule.reply, ['answers', i, 'reply'], report, ['$path']);
  }
  for (const [i, step] of steps.entries()) {
    if ('await-wire' in step && !said.includes(step['await-wire']) && engine === undefined) {
      const name = step['await-wire'];
      report(['steps', i, 'await-wire'], `saw "${name}", wanted a message of the engine${didYouMean(name, said)}`);
    }
  }
}

/** Every latch that an answer waits for. */
export function answerLatches(answers: readonly AnswerRule[] = []): Hold[] {
  return answers.flatMap(({ hold }, i): Hold[] =>
    hold === undefined ? [] : [{ latch: hold, path: ['answers', i, 'hold'] }],
  );
}
