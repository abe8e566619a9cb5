import { afterEach, expect, test, vi } from 'vitest';
import type { Rule } from '../../harness/judging/rules.ts';
import { rules } from '../../harness/judging/rules.ts';
import { countCases } from './test-fixtures/count-cases.ts';
import { runCases } from './test-fixtures/run-cases.ts';
import type { Side, Sides } from './test-fixtures/sides.ts';
import { testCases } from './test-fixtures/test-cases.ts';
import { verdictCases } from './test-fixtures/verdict-cases.ts';

/** The branch that is taken the other way, and those that were asked. */
const branch = vi.hoisted(() => ({ turned: undefined as string | undefined, asked: new Set<string>() }));
vi.mock('../../harness/judging/holds.ts', () => ({
  holds: (rule: string, isSo: boolean) => {
    branch.asked.add(`${rule} ${isSo}`);
    return rule === branch.turned ? !isSo : isSo;
  },
}));
afterEach(() => {
  branch.turned = undefined;
  branch.asked.clear();
});

// A rule without a case does not compile, nor does a case of no rule.
const cases: Record<Rule, Sides> = { ...verdictCases, ...runCases, ...countCases, ...testCases };

async function outcome([show]: Side): Promise<unknown> {
  try {
    return await show();
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** The text of a refusal may be a part of what was said. */
function isGiven(given: unknown, [, gives]: Side): boolean {
  const [said, expected] = [given, gives].map((one) => (one as { refused?: string } | undefined)?.refused);
  if (expected !== undefined) return said?.includes(expected) === true;
  return JSON.stringify(given) === JSON.stringify(gives);
}

test('each rule has a case on each side, and nothing else has', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(rules).sort());
});

const sides = Object.entries(cases).flatMap(([rule, { yes, no }]) => [
  [rule, true, yes] as const,
  [rule, false, no] as const,
]);

test.each(sides)(
  '%s, %s: what it gives is given, and not when the branch is taken the other way',
  async (rule, isSo, side) => {
    const given = await outcome(side);
    expect(isGiven(given, side), `got ${JSON.stringify(given)}`).toBe(true);
    expect([...branch.asked]).toContain(`${rule} ${isSo}`);
    branch.turned = rule;
    const turned = await outcome(side);
    expect(isGiven(turned, side), `turned, got ${JSON.stringify(turned)}`).toBe(false);
  },
);
