import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Codex } from '../../sdk/client/codex.ts';
import { GoalHandle } from '../../sdk/client/goal-handle.ts';
import { Thread } from '../../sdk/client/thread.ts';
import { TurnHandle } from '../../sdk/client/turn-handle.ts';
import type { JsonObject } from '../../testing/json/json.ts';
import { notPaired, operations } from './operations.ts';
import { groupsByScenario, isTold, pairScenarios } from './pair-scenarios.ts';

/** The methods of a class, those that it inherits among them. */
function methodsOf(of: { name: string; prototype: object }): string[] {
  const found = new Set<string>();
  for (let one = of.prototype; one !== Object.prototype; one = Object.getPrototypeOf(one))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one)))
      if (typeof value === 'function' && name !== 'constructor') found.add(`${of.name}.${name}`);
  return [...found];
}

test('every public method of a thread has pairs, or a reason not to', () => {
  const methods = [Codex, Thread, TurnHandle, GoalHandle].flatMap((one) => methodsOf(one as never));
  const paired = Object.values(operations).flatMap((operation) => operation.methods);
  expect([...paired, ...Object.keys(notPaired)].sort()).toEqual(methods.sort());
});

test('every ordered pair of operations that one thread can have is in one scenario', () => {
  const names = Object.keys(operations);
  const all = names.flatMap((first) => names.map((second) => [first, second] as const));
  const expected = all.filter(([first, second]) => isTold(first, second)).map(String);
  const made = [...groupsByScenario().values()]
    .flat()
    .flatMap(({ first, seconds }) => seconds.map((one) => `${first},${one}`));
  expect(made.sort()).toEqual(expected.sort());
  expect(made.length).toBeGreaterThan(all.length / 2);
});

test('in each scenario the others begin before the first is awaited', () => {
  let seen = 0;
  for (const text of Object.values(pairScenarios())) {
    const { steps } = parse(text) as { steps: JsonObject[] };
    const at = (key: string, is: (name: string) => boolean) => steps.findIndex((step) => is(String(step[key])));
    for (const [index, { as }] of steps.entries()) {
      const number = /^b(\d+)/.exec(String(as))?.[1];
      if (number === undefined) continue;
      seen += 1;
      const awaited = at('join', (name) => name === `a${number}`);
      expect(index).toBeGreaterThan(at('as', (name) => name === `a${number}`));
      if (awaited >= 0) expect(index).toBeLessThan(awaited);
    }
  }
  expect(seen).toBeGreaterThan(300);
});
